"""Floating-point operations of PyTorch code."""

from collections.abc import Callable
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode


class _Counter(TorchDispatchMode):
    """Adds up what PyTorch's formulas say of each operation.

    PyTorch's own mode for it also follows modules, and fails where gradients are taken within a
    step, as by a gradient penalty.
    """

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self._formulas = FlopCounterMode(display=False).flop_registry

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        del types
        output = func(*args, **(kwargs or {}))
        formula = self._formulas.get(func._overloadpacket)
        if formula:
            self.total += formula(*args, **(kwargs or {}), out_val=output)
        return output


def count(step: Callable[[], Any]) -> float:
    """Makes a step; returns the operations of its convolutions and matrix products, two for each
    product that is added."""
    with _Counter() as counter:
        step()
    return float(counter.total)
