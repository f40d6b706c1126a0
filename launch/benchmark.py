"""Times the train steps of experiments on this machine, beside PyTorch's if wanted.

    python launch/benchmark.py --peer=torch
    python launch/benchmark.py --configs=amm_mnist --json=speed.json
    python launch/benchmark.py --configs=aim_grid,iae_ring --trials=10

PyTorch is not installed with aae_jax: pip install torch. Every contender makes steps of the same
game, of the same networks and batch size, on random images of the experiment's size. They take
turns, in rounds of a few seconds, so that whatever else the machine does slows all of them alike; a
ratio is the median over the rounds. A step includes the selection of its batch. The peak is that of
a large matrix product in float32, measured in the same rounds. Operations are those of the compiled
step, all of them; memory is what it takes beside the data. Games of the plane keep their own data.
Several trials stand beside one alone, which runs in a process of its own, as both would in
training.
"""

import contextlib
import functools
import importlib.util
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import jax
from absl import app, flags, logging

sys.path.insert(0, str(Path(__file__).parent.parent))  # configs and tests of the checkout

from aae_jax import console, cpu_devices, data, output_file, parallel, sentences
from aae_jax.errors import UserError, reason
from aae_jax.layout import MOST_STEPS, Layout
from aae_jax.methods import get_method
from aae_jax.networks import matrix_convolution
from aae_jax.state import make_init
from aae_jax.step import make_train_step
from launch.turns import Turn, matrix_product, median_ratio, take_turn, take_turns

# Experiment -> shape of its images.
EXPERIMENTS = {
    "aae_mnist": (28, 28, 1),
    "amm_mnist": (28, 28, 1),
    "amm_svhn": (32, 32, 3),
    "aim_mnist": (28, 28, 1),
    "iae_mnist_deterministic": (28, 28, 1),
    "learned_prior_mnist": (32, 32, 1),
    "aim_celeba": (64, 64, 3),
}
PLANE = ("aim_grid", "iae_ring")  # experiments on points, without a peer
IMAGES = 2048  # random ones to train on
ALONE = "one trial alone"

_CONFIGS = flags.DEFINE_list("configs", list(EXPERIMENTS), "Experiments, as in configs/.")
_BATCH_SIZE = flags.DEFINE_integer("batch_size", 0, "0: the experiment's.", lower_bound=0)
_PEER = flags.DEFINE_enum("peer", "none", ["none", "torch"], "Whose step to time beside ours.")
_ROUNDS = flags.DEFINE_integer("rounds", 5, "Turns of each contender.", lower_bound=1)
_SECONDS = flags.DEFINE_float("seconds", 2.0, "Length of a turn, about.", lower_bound=0.01)
_TRIALS = flags.DEFINE_integer("trials", 1, "Trials trained side by side, of ours.", lower_bound=1)
_STEPS_PER_CALL = flags.DEFINE_integer(
    "steps_per_call", 0, "As in a config; 0: as training does.", lower_bound=0
)
_PRECISION = flags.DEFINE_enum("precision", "float32", ["float32", "bfloat16"], "As in a config.")
_JSON = flags.DEFINE_string("json", None, "File for the results, if wanted.")


def config_of(name: str) -> Any:
    """The experiment's config on random images of its size, or on its own points.

    Raises:
        UserError: not one of `EXPERIMENTS` or `PLANE`, or the latter beside a peer.
    """
    if name not in EXPERIMENTS and name not in PLANE:
        raise UserError(
            f"no experiment {name!r} here: choose of {', '.join((*EXPERIMENTS, *PLANE))}"
        )
    if name in PLANE and _PEER.value != "none":
        raise UserError(
            f"{name} has no peer: leave out --peer, or choose of {', '.join(EXPERIMENTS)}"
        )
    config = importlib.import_module(f"configs.{name}").get_config()
    config.batch_size = _BATCH_SIZE.value or config.batch_size
    config.trials = _TRIALS.value
    if name in PLANE:
        return config
    height, _, channels = EXPERIMENTS[name]
    config.data.update(
        {
            "name": "random",
            "train_split": "train",
            "validation_split": "",
            "size": IMAGES,
            "image_size": height,
            "channels": channels,
            "resize": "none",
            "validation_size": 0,
            "cache": False,
        }
    )
    return config


class Ours(NamedTuple):
    """Our step as `train` runs it.

    Attributes:
        turn: makes steps.
        facts: about the compiled program, as `measure` has them.
        compiled: the program.
    """

    turn: Turn
    facts: dict[str, float]
    compiled: jax.stages.Compiled


def load(config: Any) -> data.Dataset:
    """The data that a step of the experiment is given."""
    return sentences.attach(config, data.load(config.data))


def ours(config: Any, dataset: data.Dataset) -> Ours:
    """Compiles our step."""
    layout = Layout(config.trials, _STEPS_PER_CALL.value or MOST_STEPS)
    game = get_method(config.method).build(config, dataset.example_shape, 1)
    step = make_train_step(game, ema_decay=config.ema_decay, precision=_PRECISION.value)
    seeds = range(layout.trials)
    feed = data.make_feed(dataset, batch_size=config.batch_size, seeds=seeds, **layout.rows)
    init = make_init(game, 0, layout.trials, ema=config.ema_decay > 0)
    _, key = parallel.trial_keys(0, layout.trials)
    state, arrays, key = layout.place(init(), feed.arrays, key)
    began = time.perf_counter()
    call = layout.parallelize(step, feed.fetch)
    items = layout.stack([next(feed)])
    compiled = call.lower(state, arrays, *items, key).compile()
    facts = {"compile_seconds": time.perf_counter() - began}
    memory = compiled.memory_analysis()
    facts["step_bytes"] = memory.temp_size_in_bytes + memory.output_size_in_bytes
    facts["operations"] = operations(config, game, step, dataset)

    def make_steps(count: int) -> Any:
        nonlocal state
        items = layout.stack([next(feed) for _ in range(count)])
        state, metrics = call(state, arrays, *items, key)
        return metrics

    jax.block_until_ready(make_steps(1))  # compiles
    began = time.perf_counter()
    jax.block_until_ready(make_steps(1))
    fitting = layout.steps_in_a_call(time.perf_counter() - began)
    facts["steps_per_call"] = _STEPS_PER_CALL.value or fitting
    make_call = functools.partial(make_steps, facts["steps_per_call"])
    turn = take_turn(make_call, jax.block_until_ready, facts["steps_per_call"] * layout.trials)
    return Ours(turn, facts, compiled)


def one_alone(name: str) -> Turn:
    """Turns of one trial of the experiment, taken in another process while this one waits."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    context.Process(target=_serve, args=(there, sys.argv[1:], name), daemon=True).start()
    there.close()  # so that the other's end is this one's too

    def turn(seconds: float) -> tuple[int, float]:
        here.send(seconds)
        return here.recv()

    return turn


def _serve(pipe: Connection, arguments: Sequence[str], name: str) -> None:
    flags.FLAGS(["benchmark", *arguments])
    logging.set_verbosity(logging.ERROR)
    config = config_of(name)
    config.trials = 1
    turn = ours(config, load(config)).turn
    with contextlib.suppress(EOFError):  # the other process is gone
        while True:
            pipe.send(turn(pipe.recv()))


def operations(config: Any, game: Any, step: Any, dataset: data.Dataset) -> float:
    """Floating-point operations of one step of one trial, as the compiler counts them."""
    feed = data.make_feed(dataset, batch_size=config.batch_size, seeds=[0])
    init = make_init(game, 0, 1, ema=config.ema_decay > 0)

    def one(state: Any, arrays: Any, item: Any, key: jax.Array) -> Any:
        return step(state, feed.fetch(arrays, jax.tree.map(lambda a: a[0], item)), key)

    arguments = (jax.eval_shape(init), feed.arrays, next(feed), jax.random.key(0))
    # The compiler counts the body of a loop once, so the program is compiled without the loops
    # that bound the memory of convolutions.
    with mock.patch.object(matrix_convolution, "CHUNK_BYTES", 1 << 60):
        cost = jax.jit(one).lower(*arguments).compile().cost_analysis()
    return (cost[0] if isinstance(cost, list) else cost)["flops"]


def torch_steps(config: Any, dataset: data.Dataset) -> tuple[dict[str, Turn], dict[str, float]]:
    """PyTorch's step on the same images: eager in both layouts, and compiled where that works.

    With it comes the number of operations of its convolutions and matrix products.
    """
    import torch

    from tests.peers import make_peer
    from tests.peers.operations import count

    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda":  # as a careful user would have it; JAX rounds to TF32 by default
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    all_images = torch.from_numpy(dataset.train.data).permute(0, 3, 1, 2).to(device)
    ways = {
        "torch eager": torch.contiguous_format,
        "torch eager, channels last": torch.channels_last,
        "torch.compile": torch.contiguous_format,
    }
    lowest, highest = config.data.value_range
    turns, facts = {}, {}
    for name, layout in ways.items():
        peer = make_peer(config, dataset.example_shape, steps_per_epoch=1)
        peer.to(device, memory_format=layout)
        images = all_images.contiguous(memory_format=layout)
        if name == "torch.compile":
            peer.compile()

        def make_step(peer: Any = peer, images: Any = images) -> Any:
            index = torch.randint(len(images), (config.batch_size,), device=device)
            return peer.step(images[index] * ((highest - lowest) / 255) + lowest)

        if not facts:
            facts["torch_operations"] = count(make_step)

        try:
            for _ in range(2):
                make_step()
        except Exception as error:  # The compiler needs tools of its own, and fails in many ways.
            if name != "torch.compile":
                raise
            print(f"  torch.compile does not work here: {reason(error)}")
            continue
        turns[name] = take_turn(make_step, lambda _: wait(), 1)
    return turns, facts


def measure(name: str) -> dict[str, Any]:
    """Times one experiment; see the table that `main` prints for the entries."""
    config = config_of(name)
    dataset = load(config)
    turn, facts, _ = ours(config, dataset)
    contenders = {"ours": turn}
    if _PEER.value == "torch":
        turns, of_torch = torch_steps(config, dataset)
        contenders |= turns
        facts |= of_torch
    if config.trials > 1:
        contenders[ALONE] = one_alone(name)
    contenders["peak"] = matrix_product()
    rounds = take_turns(contenders, _ROUNDS.value, _SECONDS.value)
    rate = {contender: statistics.median(values) for contender, values in rounds.items()}
    return {
        "experiment": name,
        "batch_size": config.batch_size,
        "trials": _TRIALS.value,
        "precision": _PRECISION.value,
        "ms_per_step": {c: 1000 / r for c, r in rate.items() if c != "peak"},
        "images_per_second": rate["ours"] * config.batch_size,
        "share_of_peak": median_ratio(rounds["ours"], rounds["peak"]) * facts["operations"],
        "operations_per_second": rate["ours"] * facts["operations"],
        "time_over": {
            c: median_ratio(values, rounds["ours"])
            for c, values in rounds.items()
            if c not in ("ours", "peak")
        },
        **facts,
    }


def describe(result: dict[str, Any]) -> str:
    """The lines that are printed for one experiment."""
    per = "step and trial" if result["trials"] > 1 else "step"
    lines = [
        f"{result['experiment']}, batch {result['batch_size']}, {result['precision']}"
        + (f", {result['trials']} trials" if result["trials"] > 1 else "")
        + f", {result['steps_per_call']} steps a call",
        f"  {result['ms_per_step']['ours']:.2f} ms per {per}, "
        f"{result['images_per_second']:,.0f} examples/s, "
        f"compiled in {result['compile_seconds']:.1f} s, "
        f"{result['step_bytes'] / 2**20:,.0f} MiB of memory",
        f"  {result['operations'] / 1e9:.3g} GFLOP per step, "
        f"{result['operations_per_second'] / 1e9:,.3g} GFLOP/s, "
        f"{100 * result['share_of_peak']:.0f} % of the matrix-product peak",
    ]
    if "torch_operations" in result:
        share = result["torch_operations"] / result["operations"]
        lines.append(
            f"  torch's convolutions and matrix products: {result['torch_operations'] / 1e9:.3g} "
            f"GFLOP, {share:.2f} of our operations"
        )
    for contender, ratio in result["time_over"].items():
        lines.append(
            f"  {contender}: {result['ms_per_step'][contender]:.2f} ms per step; "
            f"ours takes {ratio:.2f} of its time"
        )
    if ALONE in result["time_over"]:
        times = result["trials"] * result["time_over"][ALONE]
        lines.append(f"  {result['trials']} trials take {times:.1f} times as long as one")
    return "\n".join(lines)


def main(argv: Sequence[str]) -> None:
    console.refuse_arguments(argv)
    logging.set_verbosity(logging.ERROR)
    if _PEER.value == "torch" and importlib.util.find_spec("torch") is None:
        raise UserError("--peer=torch needs PyTorch: pip install torch")
    if _JSON.value:
        output_file.check("json", _JSON.value)
    configs = [config_of(name) for name in _CONFIGS.value]
    if configs and all(name in PLANE for name in _CONFIGS.value):
        cpu_devices.deal_out(configs[0])
    device = jax.devices()[0]
    print(f"jax {jax.__version__} on {jax.device_count()} x {device.device_kind}", flush=True)
    results = []
    for name in _CONFIGS.value:
        results.append(measure(name))
        print(describe(results[-1]), flush=True)
        if _JSON.value:  # after each one: what was measured is safe
            output_file.write(Path(_JSON.value), json.dumps(results, indent=2) + "\n")


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says."""
    with console.one_line("benchmark"):
        app.run(main, flags_parser=console.parse)


if __name__ == "__main__":
    run()
