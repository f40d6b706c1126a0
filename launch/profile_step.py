"""Where the time of a train step goes on this machine, operation by operation.

    python launch/profile_step.py --configs=aim_mnist

Takes the flags of launch/benchmark.py that concern our step (--configs, --batch_size, --seconds,
--trials, --steps_per_call, --precision), and refuses the others. Shares are of the time that
threads, or the accelerator's streams, spent inside operations of the compiled program. An operation
goes by the JAX primitive that it ends with; the compiler fuses others into it. Convolutions are
dot_general on a CPU, where they are lowered to matrix products; what they copy for that is other
operations. An optimiser's update ends with add.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import jax
from absl import app, flags, logging

sys.path.insert(0, str(Path(__file__).parent.parent))

from aae_jax import console
from aae_jax.errors import UserError
from launch import benchmark

_OTHERS = ("peer", "rounds", "json")  # flags of the benchmark that would change nothing here
_MOST = flags.DEFINE_integer("most", 12, "Operations to show.", lower_bound=1)
_INSTRUCTION = re.compile(r"%?([\w.-]+) = .*?\b([\w-]+)\(.*")
_NAME = re.compile(r'op_name="([^"]*)"')
_PRODUCTS = {"dot", "convolution"}  # whose names may be those of transpositions merged into them
# Those whose time is that of the operations inside them.
_CONTAINERS = {"while", "call", "conditional", "async-start", "async-done"}


def operations(program: str) -> dict[str, str]:
    """What each instruction of a compiled program does: its primitive, else the compiler's name."""
    found = {}
    for line in program.splitlines():
        match = _INSTRUCTION.match(line.strip().removeprefix("ROOT "))
        if match and match[2] not in _CONTAINERS:
            name = _NAME.search(line)
            primitive = name[1].split("/")[-1] if name else match[2]
            found[match[1]] = "dot_general" if match[2] in _PRODUCTS else primitive
    return found


def time_in(events: jax.profiler.ProfileData, operation: dict[str, str]) -> Counter:
    """Nanoseconds spent in each operation."""
    spent: Counter = Counter()
    for plane in events.planes:
        for line in plane.lines:
            for event in line.events:
                instruction = dict(event.stats).get("hlo_op")
                if instruction in operation:
                    spent[operation[instruction]] += event.duration_ns
    return spent


def profile(name: str, seconds: float) -> Counter:
    """Nanoseconds that steps of an experiment spend in each operation, over so many seconds."""
    config = benchmark.config_of(name)
    step = benchmark.ours(config, benchmark.load(config))
    with tempfile.TemporaryDirectory() as folder:
        with jax.profiler.trace(folder):
            step.turn(seconds)
        (file,) = Path(folder).rglob("*.xplane.pb")
        return time_in(
            jax.profiler.ProfileData.from_file(str(file)), operations(step.compiled.as_text())
        )


def main(argv: Sequence[str]) -> None:
    console.refuse_arguments(argv)
    logging.set_verbosity(logging.ERROR)
    for name in _OTHERS:
        if flags.FLAGS[name].present:
            raise UserError(f"--{name} is for launch/benchmark.py: leave it out")
    for name in flags.FLAGS.configs:
        spent = profile(name, flags.FLAGS.seconds)
        if not spent:
            platform = jax.devices()[0].platform
            raise UserError(f"JAX's profiler names no operation of the program on this {platform}")
        print(f"{name}:")
        for operation, nanoseconds in spent.most_common(_MOST.value):
            print(f"  {100 * nanoseconds / spent.total():5.1f} %  {operation}")


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says."""
    with console.one_line("profile_step"):
        app.run(main, flags_parser=console.parse)


if __name__ == "__main__":
    run()
