"""Networks of "Learning Priors for Adversarial Autoencoders", Tables 2 to 4, without a condition.

Maps are (B, C, H, W); sizes are read from the Flax modules of `aae_jax.networks.learned_prior`. The
layers of a kind are made in the order in which Flax makes them, by which `tests.peers.weights`
finds them.
"""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

from aae_jax.networks import learned_prior as tables
from tests.peers.layers import (
    HalvingStages,
    Part,
    batch_norm,
    doubling,
    leaky_relu,
    read_maps,
    rectify,
)


class Residual(Part):
    """A residual block of 3x3 convolutions; a 1x1 convolution skips it where sizes change."""

    def __init__(self, channels: int, features: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, features, 3, stride, 1)
        self.second = nn.Conv2d(features, features, 3, 1, 1)
        changes = stride > 1 or channels != features
        self.skip = nn.Conv2d(channels, features, 1, stride, bias=False) if changes else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = rectify(self.second(rectify(self.first(x))))
        return rectify(h + (x if self.skip is None else self.skip(x)))


class UpResidual(Part):
    """A residual block that doubles height and width."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.up = doubling(channels, features, 4, bias=True)
        self.second = nn.Conv2d(features, features, 3, 1, 1)
        self.skip = nn.Conv2d(channels, features, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = rectify(self.second(rectify(self.up(x))))
        return rectify(h + F.interpolate(self.skip(x), scale_factor=2.0))


class Encoder(nn.Module):
    """enc(x) of Table 2: (B, C, 32, 32) to codes (B, d)."""

    def __init__(self, table: tables.Encoder, channels: int) -> None:
        super().__init__()
        first = table.maps[0]
        self.first = nn.Conv2d(channels, first, 3, 2, 1)
        self.blocks = nn.Sequential(
            Residual(first, first),
            *(Residual(*pair, stride=2) for pair in itertools.pairwise(table.maps)),
        )
        self.hidden = nn.Linear(table.maps[-1], table.hidden, bias=False)
        self.norm = batch_norm(table.hidden, nn.BatchNorm1d)
        self.code = nn.Linear(table.hidden, math.prod(table.output))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.blocks(rectify(self.first(x))).mean(dim=(2, 3))
        return self.code(rectify(self.norm(self.hidden(h))))


class Decoder(nn.Module):
    """dec(z) of Table 2: codes (B, d) to images (B, C, 32, 32) in [-1, 1]."""

    def __init__(self, table: tables.Decoder, code: int) -> None:
        super().__init__()
        self.first = nn.ConvTranspose2d(code, table.maps[0], 4, bias=False)
        self.norm = batch_norm(table.maps[0])
        self.blocks = nn.Sequential(*(UpResidual(*pair) for pair in itertools.pairwise(table.maps)))
        self.image = nn.Conv2d(table.maps[-1], table.channels, 3, 1, 1)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        h = rectify(self.norm(self.first(z[:, :, None, None])))
        return torch.tanh(self.image(self.blocks(h)))


class CodeGenerator(nn.Module):
    """CG(z) of Table 3: noise to codes (B, d)."""

    def __init__(self, table: tables.CodeGenerator, noise: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(noise, table.hidden, bias=False)
        self.hidden_norm = batch_norm(table.hidden, nn.BatchNorm1d)
        self.code = nn.Linear(table.hidden, table.code, bias=False)
        self.norm = batch_norm(table.code, nn.BatchNorm1d)

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.norm(self.code(rectify(self.hidden_norm(self.hidden(noise)))))


class ImageDiscriminator(nn.Module):
    """D_I(x) of Table 4: logits (B,), or the features F(x) alone."""

    def __init__(self, table: tables.ImageDiscriminator, channels: int) -> None:
        super().__init__()
        assert not table.guesses
        self.stages = HalvingStages(channels, table.maps, 0.2)
        size = tables.SIZE >> len(table.maps)
        self.hidden = read_maps((table.maps[-1], size, size), table.hidden, bias=True)
        self.logit = nn.Linear(table.hidden, 1)

    def forward(self, x: torch.Tensor, *, features: bool = False) -> torch.Tensor:
        x = self.stages(x)
        return x if features else self.logit(leaky_relu(self.hidden(x.flatten(1)))).squeeze(1)
