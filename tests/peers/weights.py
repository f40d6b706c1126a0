"""Flax's parameters, statistics and gradients in PyTorch's layout, and back.

Both sides number their layers by kind, in the order in which the network makes them: the n-th
`nn.Conv2d` of a peer's network is Flax's `Conv_n`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import numpy as np
import torch
from torch import nn

# Class -> (Flax's name, whether Flax's own layer lies within ours, order of the kernel's axes).
_KINDS = {
    nn.Conv2d: ("Conv", False, (2, 3, 1, 0)),
    nn.ConvTranspose2d: ("UpConv", False, (2, 3, 0, 1)),
    nn.Linear: ("Dense", True, (1, 0)),
    nn.BatchNorm1d: ("BatchNorm", True, (0,)),
    nn.BatchNorm2d: ("BatchNorm", True, (0,)),
}


def _layers(network: nn.Module) -> Iterator[tuple[tuple[str, ...], nn.Module, tuple[int, ...]]]:
    """Layers with parameters: Flax's path, the layer, the order of Flax's axes in its weight."""
    counts = dict.fromkeys((name for name, _, _ in _KINDS.values()), 0)
    for layer in network.modules():
        if type(layer) in _KINDS:
            name, nested, axes = _KINDS[type(layer)]
            path = (f"{name}_{counts[name]}", *([f"{name}_0"] if nested else []))
            counts[name] += 1
            yield path, layer, axes


def _parameters(network: nn.Module) -> Iterator[tuple[tuple[str, ...], nn.Parameter, tuple]]:
    for path, layer, axes in _layers(network):
        weight = "scale" if path[0].startswith("BatchNorm") else "kernel"
        yield (*path, weight), layer.weight, axes
        if layer.bias is not None:
            yield (*path, "bias"), layer.bias, (0,)


def _statistics(network: nn.Module) -> Iterator[tuple[tuple[str, ...], torch.Tensor, tuple]]:
    for path, layer, _ in _layers(network):
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            yield (*path, "mean"), layer.running_mean, (0,)
            yield (*path, "var"), layer.running_var, (0,)


def parameter_tree(
    network: nn.Module, read: Callable[[nn.Parameter], torch.Tensor]
) -> dict[str, Any]:
    """What `read` gives for each parameter, such as its gradient, as Flax's tree and layout."""
    return _tree((path, read(p).permute(axes)) for path, p, axes in _parameters(network))


def statistics_tree(
    network: nn.Module, read: Callable[[torch.Tensor], torch.Tensor]
) -> dict[str, Any]:
    """What `read` gives for each running statistic, as Flax's tree."""
    return _tree((path, read(s)) for path, s, _ in _statistics(network))


def load(network: nn.Module, params: Mapping[str, Any], batch_stats: Mapping[str, Any]) -> None:
    """Copies Flax's parameters and batch statistics in.

    Raises:
        ValueError: the trees have other leaves than the network, or leaves of other shapes.
    """
    for own, given in ((_parameters, params), (_statistics, batch_stats)):
        _copy(list(own(network)), given)


@torch.no_grad()
def _copy(own: list[tuple[tuple[str, ...], torch.Tensor, tuple]], tree: Mapping[str, Any]) -> None:
    given = {
        tuple(key.key for key in path): np.asarray(leaf)
        for path, leaf in jax.tree_util.tree_leaves_with_path(tree)
    }
    wanted = {(path, tuple(t.permute(axes).shape)) for path, t, axes in own}
    found = {(path, leaf.shape) for path, leaf in given.items()}
    if wanted != found:
        raise ValueError(
            f"the network has {sorted(wanted - found)} instead of {sorted(found - wanted)}"
        )
    for path, tensor, axes in own:
        tensor.permute(axes).copy_(torch.from_numpy(given[path].copy()))


def _tree(leaves: Iterator[tuple[tuple[str, ...], torch.Tensor]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for (*path, last), tensor in leaves:
        node = tree
        for key in path:
            node = node.setdefault(key, {})
        node[last] = tensor.detach().cpu().numpy().copy()
    return tree
