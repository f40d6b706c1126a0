"""Networks of "Adversarially Learned Mixture Model", Tables 3 to 10, with maps (B, C, H, W).

Their widths, strides and rates are read from `aae_jax.networks.amm_tables`. The layers of a
kind are made in the order in which Flax makes them, by which `tests.peers.weights` finds them.
"""

import itertools

import torch
from torch import nn

from aae_jax.networks import amm as tables
from tests.peers.draws import Draws
from tests.peers.layers import ConvStage, batch_norm, drop, leaky_relu


class CoupledEncoder(nn.Module):
    """G_y(x) and G_z(x), Tables 3 and 7: means and log-variances of y before its softmax, of z."""

    def __init__(self, table: tables.CoupledEncoder, channels: int) -> None:
        super().__init__()
        self.trunk, self.trunk_norms = nn.ModuleList(), nn.ModuleList()
        for row in table.trunk:
            self.trunk.append(ConvStage(row, channels, bias=False))
            self.trunk_norms.append(batch_norm(row.features))
            channels = row.features
        # Of each pair the leader's is the first, the follower's the second.
        self.pairs, self.norms = nn.ModuleList(), nn.ModuleList()
        for row in table.stages:
            self.pairs.append(nn.ModuleList(ConvStage(row, channels, bias=False) for _ in range(2)))
            self.norms.append(nn.ModuleList(batch_norm(row.features) for _ in range(2)))
            channels = row.features
        self.y_leads = table.leader == "y"
        self.y_mean = nn.Linear(channels, table.components)
        self.y_logvar = nn.Linear(channels, table.components)
        self.z_mean = nn.Linear(channels, table.code)
        self.z_logvar = nn.Linear(channels, table.code)

    def forward(self, x: torch.Tensor, draws: Draws) -> tuple[torch.Tensor, ...]:
        for stage, norm in zip(self.trunk, self.trunk_norms, strict=True):
            x = leaky_relu(norm(stage(x, draws)))
        leader = follower = x
        for (lead, follow), (lead_norm, follow_norm) in zip(self.pairs, self.norms, strict=True):
            leader = lead(leader, draws)
            follower = follow(follower, draws) + leader
            leader = leaky_relu(lead_norm(leader))
            follower = leaky_relu(follow_norm(follower))
        leader, follower = leader.flatten(1), follower.flatten(1)
        h_y, h_z = (leader, follower) if self.y_leads else (follower, leader)
        return self.y_mean(h_y), self.y_logvar(h_y), self.z_mean(h_z), self.z_logvar(h_z)


class MixturePrior(nn.Module):
    """G_z(y), Tables 4 and 8: mean and log-variance of p(z|y), None for a variance of one."""

    def __init__(self, table: tables.MixturePrior, components: int) -> None:
        super().__init__()
        widths = (components, *table.hidden)
        self.hidden = nn.ModuleList(
            nn.Linear(*pair, bias=False) for pair in itertools.pairwise(widths)
        )
        self.norms = nn.ModuleList(batch_norm(width, nn.BatchNorm1d) for width in table.hidden)
        self.mean = nn.Linear(widths[-1], table.code)
        self.logvar = nn.Linear(widths[-1], table.code) if table.learned_variance else None

    def forward(self, y: torch.Tensor, draws: Draws) -> tuple[torch.Tensor, torch.Tensor | None]:
        h = y
        for index, (layer, norm) in enumerate(zip(self.hidden, self.norms, strict=True)):
            h = leaky_relu(norm(layer(drop(h, 0.2 if index else 0.0, draws))))
        return self.mean(h), self.logvar(h) if self.logvar is not None else None


class CoupledDecoder(nn.Module):
    """G_x(y, z), Tables 5 and 9."""

    def __init__(self, table: tables.CoupledDecoder, components: int, code: int) -> None:
        super().__init__()
        channels = table.first
        self.first_z = nn.Linear(code, channels, bias=False)
        self.first_y = nn.Linear(components, channels, bias=False)
        self.norms, self.pairs = nn.ModuleList(), nn.ModuleList()
        for index, row in enumerate(table.stages):
            last = index == len(table.stages) - 1
            self.norms.append(nn.ModuleList(batch_norm(channels) for _ in range(2)))  # y, z
            self.pairs.append(  # z, y
                nn.ModuleList(ConvStage(row, channels, bias=last, up=True) for _ in range(2))
            )
            channels = row.features

    def forward(self, y: torch.Tensor, z: torch.Tensor, draws: Draws) -> torch.Tensor:
        h_z = self.first_z(z)[:, :, None, None]
        h_y = self.first_y(y)[:, :, None, None] + h_z
        for (norm_y, norm_z), (up_z, up_y) in zip(self.norms, self.pairs, strict=True):
            h_y, h_z = norm_y(h_y), leaky_relu(norm_z(h_z))
            h_z = up_z(h_z, draws)
            h_y = up_y(h_y, draws) + h_z
        return torch.sigmoid(h_y)


class JointDiscriminator(nn.Module):
    """The logit of D(x, y, z), Tables 6 and 10."""

    def __init__(
        self, table: tables.JointDiscriminator, channels: int, components: int, code: int
    ) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        for row in table.stages:
            self.stages.append(ConvStage(row, channels, bias=True))
            channels = row.features
        self.y_layers, self.z_layers = (
            nn.ModuleList((nn.Linear(width, table.hidden), nn.Linear(table.hidden, table.hidden)))
            for width in (components, code)
        )
        self.joint = nn.ModuleList(
            nn.Linear(width, table.joint) for width in (channels + 2 * table.hidden, table.joint)
        )
        self.logit = nn.Linear(table.joint, 1)
        self.dropout = table.dropout

    def forward(
        self, x: torch.Tensor, y: torch.Tensor, z: torch.Tensor, draws: Draws
    ) -> torch.Tensor:
        for stage in self.stages:
            x = leaky_relu(stage(x, draws))
        branches = [x.flatten(1)]
        for h, (first, second) in ((y, self.y_layers), (z, self.z_layers)):
            h = leaky_relu(first(h))
            branches.append(leaky_relu(second(drop(h, self.dropout, draws))))
        h = torch.cat(branches, dim=1)
        for layer in self.joint:
            h = leaky_relu(layer(drop(h, self.dropout, draws)))
        return self.logit(drop(h, self.dropout, draws)).squeeze(1)
