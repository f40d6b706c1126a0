"""Runs `aae_jax.main` on the toy game with something going wrong, once for each order.

Every run is a process of its own, forked from this one, which has the slow imports behind it, see
tests/scripts/orders.py. An order has `arguments` (of the command line), and may have
    signal, stage: a signal to itself at the beginning of this stage, see `STAGES`.
    largest_file: bytes that the system lets a file have, as a full disk would.
It gives {"status", "output"}: what it wrote to stdout and stderr.
"""

import os
import resource
import signal
import sys

from tests.scripts.orders import become_main, serve

LONGEST = 200  # seconds of a run, which then is killed: it hangs

# Stage -> module and function that begins it.
STAGES = {
    "decoding": ("aae_jax.data", "load"),
    "compiling": ("aae_jax.train", "make_step"),
    "training": ("aae_jax.train", "_Loop._write_pending"),
    "checkpointing": ("aae_jax.checkpoint", "Checkpoints.save"),
    "periodic evaluation": ("aae_jax.train", "run_metrics"),
    "final evaluation": ("aae_jax.evaluate", "run_metrics"),
    "report": ("aae_jax.evaluate", "write_report"),
}


def send_at(stage, number):
    """Makes a stage begin with a signal, once."""
    module, path = STAGES[stage]
    *owners, name = path.split(".")
    place = sys.modules[module]
    for owner in owners:
        place = getattr(place, owner)
    original = getattr(place, name)

    def disturbed(*args, **kwargs):
        setattr(place, name, original)
        os.kill(os.getpid(), number)
        return original(*args, **kwargs)

    setattr(place, name, disturbed)


def disturb(order):
    from tests import toy_game

    toy_game.register()
    if "stage" in order:
        send_at(order["stage"], getattr(signal, order["signal"]))
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)


def run(order, folder):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        for stream in (1, 2):  # no file, which would have a largest size too
            os.dup2(write, stream)
        signal.alarm(LONGEST)
        become_main(order["arguments"], folder, lambda: disturb(order))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        output = pipe.read().decode(errors="replace")
    return {"status": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "output": output}


if __name__ == "__main__":
    serve(run)
