"""Optimisers and learning-rate schedules of a config, in PyTorch."""

from collections.abc import Iterable

import torch
from ml_collections import ConfigDict
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, MultiStepLR


def make_optimizer(
    config: ConfigDict, parameters: Iterable[torch.nn.Parameter], steps_per_epoch: int
) -> tuple[torch.optim.Optimizer, LRScheduler | None]:
    """Builds the optimiser that `aae_jax.optimizers` builds, and its schedule if it has one.

    Args:
        config: as `adam()`, `adam_by_root()` and `sgd()` of `aae_jax.optimizers` return it.
        parameters: what it updates.
        steps_per_epoch: updates in one pass over the training data; schedules count updates.
    """
    rate = config.learning_rate
    if config.name in ("adam", "adam_by_root"):
        # Fused: one pass over the memory, where the default on CPU makes ten.
        optimizer = torch.optim.Adam(parameters, rate, (config.b1, config.b2), fused=True)
        if config.name == "adam":
            return optimizer, None
        return optimizer, LambdaLR(optimizer, lambda step: (1 + step // steps_per_epoch) ** -0.5)
    if config.name != "sgd":
        raise ValueError(f"the peers have no optimizer {config.name!r}")
    optimizer = torch.optim.SGD(parameters, rate, momentum=config.momentum, fused=True)
    milestones = [int(epoch * steps_per_epoch) for epoch in config.drops]
    return optimizer, MultiStepLR(optimizer, milestones, config.factor) if milestones else None
