"""Networks of "AIM: Adversarial Inference by Matching Priors and Conditionals", Tables 3 and 4.

Maps are (B, C, H, W); sizes are read from the Flax modules of `aae_jax.networks.aim`. The layers of
a kind are made in the order in which Flax makes them, by which `tests.peers.weights` finds them.
Table 3's generator is that of `tests.peers.implicit_networks`.
"""

import torch
from torch import nn

from aae_jax.networks import aim as tables
from tests.peers.layers import HalvingStages, Maps, Part, batch_norm, doubling, read_maps, rectify


class Features(HalvingStages, Part):
    """D_feature(x), whose layers are its own in Flax too."""

    flax_name = "features"


class Discriminator(nn.Module):
    """The logit of D(x), and the features that its head reads, which are `maps`."""

    def __init__(self, table: tables.Discriminator, channels: int, maps: Maps) -> None:
        super().__init__()
        self.features = Features(channels, table.features.maps, table.features.slope)
        self.slope = table.features.slope
        self.hidden = read_maps(maps, table.hidden, bias=False) if table.hidden else None
        if table.hidden:
            self.norm = batch_norm(table.hidden, nn.BatchNorm1d)
            self.head = nn.Sequential(
                nn.Linear(table.hidden, table.linear), nn.Linear(table.linear, 1)
            )
        else:
            self.head = read_maps(maps, 1, bias=True)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.features(x)
        h = features.flatten(1)
        if self.hidden is not None:
            h = rectify(self.norm(self.hidden(h)), self.slope)
        return self.head(h).squeeze(1), features


class Posterior(nn.Module):
    """E: mean and log-variance of q(z|x) from features, which are `maps`."""

    def __init__(self, table: tables.Posterior, maps: Maps) -> None:
        super().__init__()
        channels, height, width = maps
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for s in table.stages:
            window = (channels, s.features, s.width, s.stride, s.padding)
            self.convs.append(nn.Conv2d(*window, bias=not s.batch_norm))
            self.norms.append(batch_norm(s.features) if s.batch_norm else nn.Identity())
            channels = s.features
            height, width = ((n + 2 * s.padding - s.width) // s.stride + 1 for n in (height, width))
        self.branches = nn.ModuleList()
        for _ in range(2):  # mean, log-variance
            self.branches.append(
                nn.ModuleList(
                    (
                        read_maps((channels, height, width), table.hidden, bias=False),
                        batch_norm(table.hidden, nn.BatchNorm1d),
                        nn.Linear(table.hidden, table.code),
                    )
                )
            )
        self.slope = table.slope

    def forward(self, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            h = rectify(norm(conv(h)), self.slope)
        h = h.flatten(1)
        mean, logvar = (
            moment(rectify(norm(hidden(h)), self.slope)) for hidden, norm, moment in self.branches
        )
        return mean, logvar


class Generator64(nn.Module):
    """G(z) of Table 4: transposed convolutions from a 1x1 map to a 64x64 image in [-1, 1]."""

    def __init__(self, table: tables.Generator64, code: int) -> None:
        super().__init__()
        first, *others = table.maps
        self.ups = nn.ModuleList([nn.ConvTranspose2d(code, first, 4, bias=False)])
        self.norms = nn.ModuleList(batch_norm(features) for features in table.maps)
        channels = first
        for features in others:
            self.ups.append(doubling(channels, features, 4, bias=False))
            channels = features
        self.image = doubling(channels, table.channels, 4, bias=True)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        h = z[:, :, None, None]
        for up, norm in zip(self.ups, self.norms, strict=True):
            h = rectify(norm(up(h)))
        return torch.tanh(self.image(h))
