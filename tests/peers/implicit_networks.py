"""Networks of "Implicit Autoencoders", Appendix D, for grey digits, with maps (B, C, H, W).

Their sizes are read from the Flax modules of `aae_jax.networks.implicit`. The layers of a kind are
made in the order in which Flax makes them, by which `tests.peers.weights` finds them.
"""

import itertools

import torch
from torch import nn

from aae_jax.networks import implicit as tables
from tests.peers.layers import batch_norm, doubling, give_maps, halving, read_maps, rectify


class Encoder(nn.Module):
    """f(x): fully connected ReLU layers, then batch norm; for tables without convolutions."""

    def __init__(self, table: tables.Encoder, shape: tuple[int, ...]) -> None:
        super().__init__()
        assert not table.maps
        height, width, channels = shape
        first, *others = table.hidden
        self.hidden = nn.ModuleList([read_maps((channels, height, width), first, bias=True)])
        self.hidden.extend(nn.Linear(*pair) for pair in itertools.pairwise((first, *others)))
        self.code = nn.Linear(table.hidden[-1], table.output, bias=False)
        self.norm = batch_norm(table.output, nn.BatchNorm1d)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = x.flatten(1)
        for layer in self.hidden:
            h = rectify(layer(h))
        return self.norm(self.code(h))


class Decoder(nn.Module):
    """g(z): fully connected layers and transposed convolutions with batch norm, then a sigmoid."""

    def __init__(self, table: tables.Decoder, code: int) -> None:
        super().__init__()
        height, width, channels = table.shape
        halvings = len(table.maps)
        self.smallest = (table.maps[0], height >> halvings, width >> halvings)
        widths = (code, *table.hidden)
        self.hidden = nn.ModuleList(
            nn.Linear(*pair, bias=False) for pair in itertools.pairwise(widths)
        )
        self.hidden_norms = nn.ModuleList(
            batch_norm(width, nn.BatchNorm1d) for width in table.hidden
        )
        to_maps, maps_norm = give_maps(widths[-1], self.smallest)
        self.hidden.append(to_maps)
        self.hidden_norms.append(maps_norm)
        self.ups, self.norms = nn.ModuleList(), nn.ModuleList()
        for before, features in itertools.pairwise(table.maps):
            self.ups.append(doubling(before, features, table.window, bias=False))
            self.norms.append(batch_norm(features))
        self.image = doubling(table.maps[-1], channels, table.window, bias=True)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        h = z
        for layer, norm in zip(self.hidden, self.hidden_norms, strict=True):
            h = rectify(norm(layer(h)))
        h = h.view(-1, *self.smallest)
        for up, norm in zip(self.ups, self.norms, strict=True):
            h = rectify(norm(up(h)))
        return torch.sigmoid(self.image(h))


class PairDiscriminator(nn.Module):
    """The logit of D(x, z), the code being a bias of each place of the first convolution's maps."""

    def __init__(self, table: tables.Discriminator, shape: tuple[int, ...], code: int) -> None:
        super().__init__()
        assert table.conditioning == "location_dependent"
        height, width, channels = shape
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for features in table.maps:
            self.convs.append(halving(channels, features, table.window, bias=False))
            self.norms.append(batch_norm(features))
            channels = features
        self.places = (1, height // 2, width // 2)
        self.code_hidden = nn.Linear(code, table.code_hidden)
        self.code_bias = nn.Linear(table.code_hidden, height // 2 * (width // 2))
        halvings = len(table.maps)
        smallest = (channels, height >> halvings, width >> halvings)
        (hidden,) = table.hidden
        self.hidden = read_maps(smallest, hidden, bias=False)
        self.hidden_norm = batch_norm(hidden, nn.BatchNorm1d)
        self.logit = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        bias = self.code_bias(rectify(self.code_hidden(z))).view(-1, *self.places)
        for index, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            x = conv(x)
            x = rectify(norm(x if index else x + bias))
        h = rectify(self.hidden_norm(self.hidden(x.flatten(1))))
        return self.logit(h).squeeze(1)
