"""Trains the toy game in a process of its own: `python -m tests.scripts.run_toy '<JSON>'`.

The JSON has `workdir`, `config` (fields of the toy config) and how the run is disturbed:
    kill_step: a SIGKILL to itself as this step is about to be given to the devices.
    kill_write: a SIGKILL to itself when the files of the n-th checkpoint are half written.
    kill_evaluation: a SIGKILL to itself in the periodic evaluation of this step.
    signal_step, signal: a signal to itself before this step; `twice` sends it again.
    heed: seconds within which several processes heed a signal.
    coordinator, processes, process: join a run of several processes; `only` the process of this
        number gets the signal.
It prints what main prints, one line for each way to end early.
"""

import json
import os
import signal
import sys


def kill_self(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def disturb_steps(order):
    """Wraps the train step, counting calls from the step that the run starts at."""
    from aae_jax.layout import Layout
    from tests.helpers import trains

    original = Layout.parallelize

    def parallelize(*args):
        step_fn = original(*args)

        def disturbed(state, *rest):
            import numpy as np

            step = int(np.max(np.asarray(state.step))) + 1
            if step == order.get("kill_step"):
                kill_self()
            chosen = order.get("only", order.get("process")) == order.get("process")
            if step == order.get("signal_step") and chosen:
                os.kill(os.getpid(), getattr(signal, order["signal"]))
                if order.get("twice"):
                    os.kill(os.getpid(), getattr(signal, order["signal"]))
            return step_fn(state, *rest)

        return disturbed if trains(args[1]) else step_fn

    Layout.parallelize = parallelize


def disturb_write(count):
    """Kills between the files of a checkpoint: just before Orbax moves the finished folder."""
    from orbax.checkpoint._src.path import atomicity

    calls = []
    for name in ("AtomicRenameTemporaryPath", "CommitFileTemporaryPath"):
        kind = getattr(atomicity, name, None)
        if kind is None:
            continue

        async def finalize(self, *args, _original=kind.finalize, **kwargs):
            calls.append(self)
            if len(calls) == count:
                kill_self()
            return await _original(self, *args, **kwargs)

        kind.finalize = finalize


def disturb_evaluation(step):
    from aae_jax import train

    original = train.run_metrics

    def run_metrics(models, *args):
        if models[0].step == step:
            kill_self()
        return original(models, *args)

    train.run_metrics = run_metrics


def train_disturbed(order):
    if "coordinator" in order:
        import jax

        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(order["coordinator"], order["processes"], order["process"])
    from aae_jax import errors, train
    from tests import toy_game

    toy_game.register()
    disturb_steps(order)
    train._HEED = order.get("heed", train._HEED)
    if "kill_write" in order:
        disturb_write(order["kill_write"])
    if "kill_evaluation" in order:
        disturb_evaluation(order["kill_evaluation"])
    try:
        train.train(toy_game.config(**order["config"]), order["workdir"])
    except errors.TrainingInterrupted as error:
        print(error)
        sys.exit(128 + error.signal_number)


if __name__ == "__main__":
    train_disturbed(json.loads(sys.argv[1]))
