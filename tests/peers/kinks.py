"""How far a step stays from where rounding decides which way a gradient goes."""

from unittest import mock

import torch
import torch.nn.functional as F

from tests.peers import amm_networks
from tests.peers.amm import AMM
from tests.peers.draws import Recorded
from tests.peers.layers import leaky_relu


def margin(peer: AMM, x: torch.Tensor, draws: Recorded) -> float:
    """Makes a step; returns the smallest distance from a kink, in deviations of its tensor.

    A kink is a zero before a leaky ReLU, or two equal largest entries in a window of a pooling.
    """
    margins = []

    def keep(distance: torch.Tensor, x: torch.Tensor) -> None:
        margins.append(float(distance.detach().min() / x.detach().std()))

    def watched_relu(x: torch.Tensor) -> torch.Tensor:
        keep(x.abs(), x)
        return leaky_relu(x)

    def watched_pool(x: torch.Tensor, width: int) -> torch.Tensor:
        windows = x.unfold(2, width, width).unfold(3, width, width).flatten(4)
        first, second = windows.topk(2).values.unbind(-1)
        keep(first - second, x)
        return max_pool(x, width)

    max_pool = F.max_pool2d
    with (
        mock.patch.object(amm_networks, "leaky_relu", watched_relu),
        mock.patch.object(F, "max_pool2d", watched_pool),
    ):
        peer.step(x, draws)
    return min(margins)
