"""Trains the toy game and kills it at random moments, again and again; then lets it end.

`python -m tests.scripts.kill_toy '<JSON>'`, the JSON having `workdir`, `config` (fields of the toy
config), `kills` and `seed` (of the moments). Every third kill may come at any moment from the start
of the process on, the others soon after its first checkpoint. A run is a process of its own, forked
from this one, which has the slow imports behind it. Prints a JSON list with the step of the newest
checkpoint at each kill, then the number of kills that came in the middle of a write.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

LONGEST, SOON = 3.0, 0.4  # seconds


def start(order):
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        from aae_jax import train
        from tests import toy_game

        toy_game.register()
        train.train(toy_game.config(**order["config"]), order["workdir"])
        status = 0
    finally:
        os._exit(status)


def main():
    import aae_jax.train  # noqa: F401

    order = json.loads(sys.argv[1])
    latest = Path(order["workdir"]) / "checkpoints" / "latest"
    moments = random.Random(order["seed"])
    steps, torn = [], 0
    for kill in range(order["kills"]):
        before, began = newest(latest), time.monotonic()
        child = start(order)
        any_moment = kill % 3 == 0
        wait = moments.uniform(0, LONGEST if any_moment else SOON)
        while time.monotonic() - began < wait:
            time.sleep(0.002)
            if not any_moment and newest(latest) <= before:
                began = time.monotonic()
            if os.waitpid(child, os.WNOHANG)[0]:
                raise SystemExit("the training ended before its kills: give it more steps")
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        torn += any("tmp" in path.name for path in latest.glob("*"))
        steps.append(newest(latest))
    if os.waitpid(start(order), 0)[1]:
        raise SystemExit("the last run failed")
    print(json.dumps([steps, torn]))


def newest(latest):
    return max((int(path.name) for path in latest.glob("*") if path.name.isdigit()), default=0)


if __name__ == "__main__":
    main()
