"""Flax's parameters, statistics and gradients in PyTorch's layout, and back.

Both sides number their layers by kind, in the order in which the network makes them: the n-th
`nn.Conv2d` of a peer's network is Flax's `Conv_n`. A `Part` of a network numbers its own. Flattened
maps are in the order (C, H, W) here and (H, W, C) in Flax; a layer's `maps` says which of its axes
hold such maps.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
import torch
from torch import nn

from tests.peers.layers import Part

# Class -> (Flax's name, whether Flax's own layer lies within ours, order of the kernel's axes).
_KINDS = {
    nn.Conv2d: ("Conv", False, (2, 3, 1, 0)),
    nn.ConvTranspose2d: ("UpConv", False, (2, 3, 0, 1)),
    nn.Linear: ("Dense", True, (1, 0)),
    nn.BatchNorm1d: ("BatchNorm", True, (0,)),
    nn.BatchNorm2d: ("BatchNorm", True, (0,)),
}


class _Leaf(NamedTuple):
    """A tensor of a network and its place in Flax's tree.

    Attributes:
        path: names in Flax's tree.
        tensor: a parameter or a running statistic.
        axes: the tensor's axes in Flax's order.
        maps: axes that hold flattened maps -> (C, H, W).
    """

    path: tuple[str, ...]
    tensor: torch.Tensor
    axes: tuple[int, ...]
    maps: Mapping[int, tuple[int, int, int]]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of Flax's array."""
        return tuple(self.tensor.shape[axis] for axis in self.axes)

    def view(self, tensor: torch.Tensor) -> torch.Tensor:
        """A view of a tensor like this one, in Flax's order, with its maps unfolded."""
        places, start = {}, 0
        for axis in sorted(self.axes):
            places[axis] = [start]
            if axis in self.maps:
                tensor = tensor.unflatten(start, self.maps[axis])
                places[axis] = [start + 1, start + 2, start]
            start += len(places[axis])
        return tensor.permute([place for axis in self.axes for place in places[axis]])


def _layers(module: nn.Module, counts: Counter) -> Iterator[tuple[tuple[str, ...], nn.Module]]:
    """Layers with parameters, in order, and Flax's paths of them; counts those of each name."""

    def number(name: str) -> str:
        counts[name] += 1
        return f"{name}_{counts[name] - 1}"

    for child in module.children():
        if isinstance(child, Part):
            scope = child.flax_name or number(type(child).__name__)
            yield from (((scope, *path), layer) for path, layer in _layers(child, Counter()))
        elif type(child) in _KINDS:
            name, nested, _ = _KINDS[type(child)]
            yield (number(name), *([f"{name}_0"] if nested else [])), child
        else:
            yield from _layers(child, counts)


def _parameters(network: nn.Module) -> Iterator[_Leaf]:
    for path, layer in _layers(network, Counter()):
        name, _, axes = _KINDS[type(layer)]
        weight, maps = "scale" if name == "BatchNorm" else "kernel", getattr(layer, "maps", {})
        yield _Leaf((*path, weight), layer.weight, axes, maps)
        if layer.bias is not None:
            yield _Leaf((*path, "bias"), layer.bias, (0,), maps)


def _statistics(network: nn.Module) -> Iterator[_Leaf]:
    for path, layer in _layers(network, Counter()):
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            maps = getattr(layer, "maps", {})
            yield _Leaf((*path, "mean"), layer.running_mean, (0,), maps)
            yield _Leaf((*path, "var"), layer.running_var, (0,), maps)


def parameter_tree(
    network: nn.Module, read: Callable[[nn.Parameter], torch.Tensor]
) -> dict[str, Any]:
    """What `read` gives for each parameter, such as its gradient, as Flax's tree and layout."""
    return _tree(_parameters(network), read)


def statistics_tree(
    network: nn.Module, read: Callable[[torch.Tensor], torch.Tensor]
) -> dict[str, Any]:
    """What `read` gives for each running statistic, as Flax's tree."""
    return _tree(_statistics(network), read)


def load(network: nn.Module, params: Mapping[str, Any], batch_stats: Mapping[str, Any]) -> None:
    """Copies Flax's parameters and batch statistics in.

    Raises:
        ValueError: the trees have other leaves than the network, or leaves of other shapes.
    """
    for own, given in ((_parameters, params), (_statistics, batch_stats)):
        _copy(list(own(network)), given)


@torch.no_grad()
def _copy(own: list[_Leaf], tree: Mapping[str, Any]) -> None:
    given = {
        tuple(key.key for key in path): np.asarray(leaf)
        for path, leaf in jax.tree_util.tree_leaves_with_path(tree)
    }
    wanted = {(leaf.path, leaf.shape) for leaf in own}
    found = {(path, array.shape) for path, array in given.items()}
    if wanted != found:
        raise ValueError(
            f"the network has {sorted(wanted - found)} instead of {sorted(found - wanted)}"
        )
    for leaf in own:
        view = leaf.view(leaf.tensor)
        view.copy_(torch.from_numpy(given[leaf.path].copy()).reshape(view.shape))


def _tree(leaves: Iterator[_Leaf], read: Callable[[Any], torch.Tensor]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for leaf in leaves:
        *path, last = leaf.path
        node = tree
        for key in path:
            node = node.setdefault(key, {})
        array = leaf.view(read(leaf.tensor).detach()).cpu().numpy()
        node[last] = array.reshape(leaf.shape).copy()
    return tree
