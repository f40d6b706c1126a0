"""Makes the cores of a CPU devices of their own, for trials of small networks."""

import os

import jax
from ml_collections import ConfigDict

from aae_jax.data.sources import POINTS

_FORCED = "--xla_force_host_platform_device_count"


def deal_out(config: ConfigDict) -> int:
    """Lets JAX see as many CPU devices as the run's trials can be dealt out to evenly.

    On one device the trials share every operation out among the cores, and all cores wait for each
    other after each. On two cores, ten trials of the small networks of the plane trained up to
    twice as fast on two devices as on one. Those of images are left on one, where it does not
    always help: two trials of AIM on MNIST took 1.6 times as long on two. A number that the user
    has set, in XLA_FLAGS or JAX_NUM_CPU_DEVICES, is left alone; GPUs and TPUs are not concerned.
    Call it before JAX touches a device.

    Args:
        config: of the run.

    Returns:
        The number of devices that it chose, at most one a core; 1 where it left all as it was.
    """
    trials = config.trials if config.data.name in POINTS else 1
    devices = max(n for n in range(1, min(trials, _cores()) + 1) if trials % n == 0)
    chosen = _FORCED in os.environ.get("XLA_FLAGS", "") or jax.config.jax_num_cpu_devices >= 0
    if chosen or devices == 1:
        return 1
    jax.config.update("jax_num_cpu_devices", devices)
    return devices


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
