"""Joining and leaving the processes that train one run together."""

import re

import jax

from aae_jax.errors import UserError, reason


def join(how: str) -> None:
    """Connects this process with the others of its run; call it before JAX touches a device.

    Args:
        how: "auto" where SLURM, Open MPI or a TPU pod started the processes, else
            "host:port,processes,process" with the address of process 0, the number of processes
            and the number of this one.

    Raises:
        UserError: `how` is neither, or the others could not be found.
    """
    arguments: tuple = ()
    if how != "auto":
        match = re.fullmatch(r"([^,]+:\d+),(\d+),(\d+)", how)
        if not match or int(match[3]) >= int(match[2]):
            raise UserError(
                f"--distributed={how}: give auto, or host:port,processes,process with process "
                "from 0 to processes - 1, as in --distributed=node0:1234,2,0"
            )
        arguments = match[1], int(match[2]), int(match[3])
    jax.config.update("jax_cpu_collectives_implementation", "gloo")  # GPU and TPU have their own
    try:
        jax.distributed.initialize(*arguments)
    except (ValueError, RuntimeError) as error:
        raise UserError(
            f"--distributed={how}: the processes did not find each other ({reason(error)}); start "
            "the same command once for each process, and see that the address can be reached"
        ) from error


def leave() -> None:
    """Waits for the others and parts from them, so that one process may work on alone."""
    jax.distributed.shutdown()
