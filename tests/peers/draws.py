"""Where a peer takes its random numbers from."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
import torch.nn.functional as F


class TorchDraws:
    """PyTorch's own generator: its functions, and nothing around them."""

    dropout = staticmethod(F.dropout)
    normal = staticmethod(torch.randn)
    uniform = staticmethod(torch.rand)
    integers = staticmethod(torch.randint)


TORCH = TorchDraws()


class Recorded:
    """Replays recorded arrays in the order of the calls.

    Args:
        draws: pairs of what was drawn (`bits`, `normal`, `uniform`, `integers`) and its array;
            bits are uint32 (B, entries), entries in the order NHWC.

    Raises:
        AssertionError: on a call that asks for another kind or shape than the record has next.
    """

    def __init__(self, draws: Iterable[tuple[str, np.ndarray]]) -> None:
        self._draws = list(draws)[::-1]

    def dropout(self, x: torch.Tensor, p: float) -> torch.Tensor:
        """Keeps the entries whose bits, as a fraction of 2^32, reach p."""
        keep = self._next("bits", (len(x), x[0].numel())) >= round(p * 2**32)
        keep = torch.from_numpy(keep)
        if x.ndim == 4:
            b, c, h, w = x.shape
            keep = keep.reshape(b, h, w, c).permute(0, 3, 1, 2)
        return x * keep / (1 - p)

    def normal(self, shape: Sequence[int], *, device: torch.device) -> torch.Tensor:
        return torch.from_numpy(self._next("normal", shape)).to(device)

    def uniform(self, shape: Sequence[int], *, device: torch.device) -> torch.Tensor:
        return torch.from_numpy(self._next("uniform", shape)).to(device)

    def integers(
        self, low: int, high: int, shape: Sequence[int], *, device: torch.device
    ) -> torch.Tensor:
        array = self._next("integers", shape)
        assert low <= array.min()
        assert array.max() < high
        return torch.from_numpy(array).long().to(device)

    def used_up(self) -> bool:
        """Whether every array has been replayed."""
        return not self._draws

    def _next(self, kind: str, shape: Sequence[int]) -> np.ndarray:
        assert self._draws, f"no draws are left where {kind} {tuple(shape)} is asked for"
        recorded, array = self._draws.pop()
        assert (recorded, array.shape) == (kind, tuple(shape))
        return array


Draws = TorchDraws | Recorded
