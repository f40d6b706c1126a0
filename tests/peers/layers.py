"""What the peers' networks are made of, with maps (B, C, H, W)."""

import itertools
import math
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import nn

from aae_jax.networks.amm import Stage
from tests.peers.draws import Draws

Maps = tuple[int, int, int]  # (C, H, W)


class Part(nn.Module):
    """A network within a network, whose layers Flax numbers apart from the others.

    Attributes:
        flax_name: the name of its scope in Flax; empty for that of its class and a number.
    """

    flax_name = ""


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


class MLP(nn.Module):
    """Hidden ReLU layers and a linear output, from (B, first width) to (B, last width).

    Args:
        widths: of the input, of the hidden layers and of the output.
        slope: of the ReLU, leaky where it is above 0.
    """

    def __init__(self, *widths: int, slope: float = 0.0) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in itertools.pairwise(widths))
        self.slope = slope

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        *hidden, last = self.layers
        for layer in hidden:
            h = rectify(layer(h), self.slope)
        return last(h)


class HalvingStages(nn.Module):
    """4x4 convolutions of stride 2 with leaky ReLU, batch norm in all but the first.

    Args:
        channels: of the input.
        maps: output channels of each.
        slope: of the leaky ReLU.
    """

    def __init__(self, channels: int, maps: tuple[int, ...], slope: float) -> None:
        super().__init__()
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for index, features in enumerate(maps):
            self.convs.append(halving(channels, features, 4, bias=index == 0))
            self.norms.append(batch_norm(features) if index else nn.Identity())
            channels = features
        self.slope = slope

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = rectify(norm(conv(x)), self.slope)
        return x


def halving(channels: int, features: int, width: int, *, bias: bool) -> nn.Conv2d:
    """A convolution of stride 2 that halves even heights and widths; its own width is even."""
    return nn.Conv2d(channels, features, width, 2, width // 2 - 1, bias=bias)


def doubling(channels: int, features: int, width: int, *, bias: bool) -> nn.ConvTranspose2d:
    """A transposed convolution of stride 2 that doubles height and width; its width is even."""
    return nn.ConvTranspose2d(channels, features, width, 2, width // 2 - 1, bias=bias)


def read_maps(maps: Maps, features: int, *, bias: bool) -> nn.Linear:
    """An affine map of flattened maps."""
    return _with_maps(nn.Linear(math.prod(maps), features, bias), {1: maps})


def give_maps(features: int, maps: Maps) -> tuple[nn.Linear, nn.BatchNorm1d]:
    """A linear map to flattened maps, and the batch norm of every one of their entries."""
    size = math.prod(maps)
    linear, norm = nn.Linear(features, size, bias=False), batch_norm(size, nn.BatchNorm1d)
    return _with_maps(linear, {0: maps}), _with_maps(norm, {0: maps})


def _with_maps(layer: nn.Module, maps: Mapping[int, Maps]) -> nn.Module:
    layer.maps = maps  # what `tests.peers.weights` reads
    return layer


def drop(x: torch.Tensor, rate: float, draws: Draws) -> torch.Tensor:
    """Dropout, nothing at rate 0."""
    return draws.dropout(x, rate) if rate else x


def rectify(x: torch.Tensor, slope: float = 0.0) -> torch.Tensor:
    """ReLU, leaky where the slope is above 0, in place: no layer before it needs its output."""
    return F.leaky_relu(x, slope, inplace=True) if slope else F.relu(x, inplace=True)


def leaky_relu(x: torch.Tensor) -> torch.Tensor:
    """Leaky ReLU of slope 0.2."""
    return rectify(x, 0.2)


def batch_norm(channels: int, kind: type[nn.Module] = nn.BatchNorm2d) -> nn.Module:
    """Batch normalisation whose running averages keep 0.9 of what they were."""
    return kind(channels, momentum=0.1)


def initialise(network: nn.Module, stddev: float | None = None) -> None:
    """Draws all weights but those of batch normalisation from N(0, stddev^2); biases are zero.

    Without a deviation it is that of "Delving Deep into Rectifiers", which a layer's inputs give.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            if stddev is None:
                nn.init.kaiming_normal_(layer.weight)
            else:
                nn.init.normal_(layer.weight, std=stddev)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
