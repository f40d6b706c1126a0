"""Reading what a run of the toy game left behind, and processes with several devices."""

import json
import os

import jax
import numpy as np

from aae_jax.checkpoint import Checkpoints
from aae_jax.state import make_init
from aae_jax.step import make_train_step
from tests import toy_game


def final_state(workdir, which="latest", trials=1):
    """The state in a workdir's checkpoint."""
    shapes = jax.eval_shape(make_init(toy_game.game(), seed=0, trials=trials, ema=True))
    return Checkpoints(workdir, read_only=True).restore(shapes, which)


def same_bits(a, b):
    """Whether two pytrees hold the same bits."""
    assert jax.tree.structure(a) == jax.tree.structure(b)
    pairs = zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    return all(np.asarray(p).tobytes() == np.asarray(q).tobytes() for p, q in pairs)


def largest_difference(a, b):
    """The largest absolute difference between two pytrees of numbers."""
    pairs = zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    return max(float(np.abs(np.asarray(p, float) - np.asarray(q, float)).max()) for p, q in pairs)


def log(workdir):
    """The lines of metrics.jsonl, without what depends on the clock."""
    lines = (workdir / "metrics.jsonl").read_text().splitlines()
    return [
        {k: v for k, v in json.loads(line).items() if k not in ("time", "steps_per_second")}
        for line in lines
    ]


def trains(step):
    """Whether a step that `Layout.parallelize` is given updates weights: one settles statistics."""
    return step.__qualname__.startswith(make_train_step.__name__)


def fake_devices(count):
    """The environment of a process that sees so many CPU devices."""
    flags = f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count={count}"
    return {**os.environ, "XLA_FLAGS": flags}
