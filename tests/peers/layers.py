"""What the peers' networks are made of."""

import torch
import torch.nn.functional as F
from torch import nn

from aae_jax.networks.amm import Stage
from tests.peers.peer import Draws


class ConvStage(nn.Module):
    """A row of a table: dropout, convolution or transposed convolution, pooling.

    Args:
        row: the table's.
        channels: of the input, (B, C, H, W).
        bias: whether the convolution has one.
        up: whether it is transposed.
    """

    def __init__(self, row: Stage, channels: int, *, bias: bool, up: bool = False) -> None:
        super().__init__()
        window = (channels, row.features, row.width, row.stride)
        if up:
            assert row.padding == "VALID"
            self.conv = nn.ConvTranspose2d(*window, bias=bias)
        else:
            self.conv = nn.Conv2d(*window, row.padding.lower(), bias=bias)
        self.dropout = row.dropout
        self.pool = row.pool

    def forward(self, x: torch.Tensor, draws: Draws) -> torch.Tensor:
        x = self.conv(drop(x, self.dropout, draws))
        if self.pool == "max":
            return F.max_pool2d(x, 2)
        if self.pool == "mean":
            return x.mean(dim=(2, 3), keepdim=True)
        return x


def drop(x: torch.Tensor, rate: float, draws: Draws) -> torch.Tensor:
    """Dropout, nothing at rate 0."""
    return draws.dropout(x, rate) if rate else x


def leaky_relu(x: torch.Tensor) -> torch.Tensor:
    """Leaky ReLU of slope 0.2."""
    return F.leaky_relu(x, 0.2)


def batch_norm(channels: int, kind: type[nn.Module] = nn.BatchNorm2d) -> nn.Module:
    """Batch normalisation whose running averages keep 0.99 of what they were."""
    return kind(channels, momentum=0.01)


def initialise(network: nn.Module, stddev: float) -> None:
    """Draws all weights but those of batch normalisation from N(0, stddev^2); biases are zero."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(layer.weight, std=stddev)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
