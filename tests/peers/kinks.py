"""How far a step stays from where rounding decides which way a gradient goes."""

from unittest import mock

import torch
import torch.nn.functional as F

from tests.peers.draws import Recorded
from tests.peers.peer import Peer


def margin(peer: Peer, x: torch.Tensor, draws: Recorded) -> float:
    """Makes a step; returns the smallest distance from a kink, in deviations of its tensor.

    A kink is a zero before a ReLU, or two equal largest entries in a window of a pooling. An exact
    zero before a ReLU is a sum of what ReLUs have cut off: no rounding decides anything there.
    """
    margins = []

    def keep(distance: torch.Tensor, x: torch.Tensor) -> None:
        margins.append(float(distance.detach().min() / x.detach().std()))

    def watched_relu(x: torch.Tensor, **options) -> torch.Tensor:
        keep(x.abs().where(x != 0, torch.inf), x)
        return relu(x, **options)

    def watched_leaky_relu(x: torch.Tensor, slope: float, **options) -> torch.Tensor:
        keep(x.abs(), x)
        return leaky_relu(x, slope, **options)

    def watched_pool(x: torch.Tensor, width: int) -> torch.Tensor:
        windows = x.unfold(2, width, width).unfold(3, width, width).flatten(4)
        first, second = windows.topk(2).values.unbind(-1)
        keep(first - second, x)
        return max_pool(x, width)

    relu, leaky_relu, max_pool = F.relu, F.leaky_relu, F.max_pool2d
    with (
        mock.patch.object(F, "relu", watched_relu),
        mock.patch.object(F, "leaky_relu", watched_leaky_relu),
        mock.patch.object(F, "max_pool2d", watched_pool),
    ):
        peer.step(x, draws)
    return min(margins)
