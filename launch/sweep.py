"""Runs an experiment at every point of a grid, here or on SLURM, and keeps a table of the results.

    python launch/sweep.py --config=configs/amm_digits.py --parallel=2 \\
        --sweep="optimizer.learning_rate=1e-4,1e-3; seed=0,1,2"
    python launch/sweep.py --config=configs/amm_digits.py --sweep=grid.json \\
        --slurm="slurm_partition=gpu; gpus_per_node=1; timeout_min=600"

The flags --config, --workdir and --dry_run are those of aae_jax.main. Each point has a workdir of
its own below --workdir (default: runs/<config>_sweep), and its output in logs/ there. The same
command again skips what is finished, goes on with what was interrupted and tries again what failed.
A point that fails is named at the end, with the line that says why, and does not stop the others.
sweep.md and sweep.csv are written anew after each point. Fields on the command line, as
--config.steps=100, hold for all points.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from absl import app, flags

sys.path.insert(0, str(Path(__file__).parent.parent))  # the configs of the checkout
sys.path.append(str(Path.cwd()))  # modules of the user's, as python -m finds them

from aae_jax import console
from aae_jax import main as command_line
from aae_jax.errors import UserError

_SWEEP = flags.DEFINE_string(
    "sweep",
    None,
    'The grid, as "optimizer.learning_rate=1e-4,1e-3; seed=0,1", or a file with a dictionary from '
    'field to values: JSON as {"seed": [0, 1]}, or Python whose get_sweep() returns one.',
)
_PARALLEL = flags.DEFINE_integer("parallel", 1, "Processes at a time on this machine.", 1)
_GPUS = flags.DEFINE_list("gpus", [], "GPUs of this machine, as 0,1: each process sees one.")
_SLURM = flags.DEFINE_string(
    "slurm", None, "Submit to SLURM, with these parameters of submitit's, ; between them."
)


def _main(argv: Sequence[str]) -> int:
    console.refuse_arguments(argv)
    values = flags.FLAGS
    if values.config is None:
        raise UserError("no experiment given: add --config=configs/<name>.py")
    if not _SWEEP.value:
        raise UserError('no grid given: add --sweep="seed=0,1,2"')
    if values.mode != "train" or values.distributed:
        raise UserError("a sweep trains and evaluates: leave out --mode and --distributed")
    command_line.refuse_export_flags()
    if _SLURM.value is not None and (_PARALLEL.present or _GPUS.present):
        raise UserError("SLURM deals out the points: leave out --parallel and --gpus, or --slurm")
    if _GPUS.value and len(_GPUS.value) != _PARALLEL.value:
        raise UserError(
            f"--gpus names {len(_GPUS.value)} and --parallel is {_PARALLEL.value}: give as many"
        )
    # Imported late: --help and mistyped flags answer at once.
    from aae_jax.sweeps import grid, local, slurm
    from aae_jax.sweeps.job import Ended, Job
    from aae_jax.sweeps.table import read_result, write_table

    parameters = slurm.read_parameters(_SLURM.value or "")
    file = values["config"].config_filename
    folder = Path(values.workdir or Path("runs") / f"{Path(file).stem}_sweep").expanduser()
    points = grid.read_points(_SWEEP.value, values.config)
    results = {point.name: read_result(point, folder / point.name) for point in points}
    states = {name: "not run yet" if r is None else "done" for name, r in results.items()}

    def job(point: grid.Point) -> Job:
        given = {**values["config"].override_values, **point.fields}
        fields = [f"--config.{field}={value}" for field, value in given.items()]
        command = [sys.executable, "-m", "aae_jax.main", f"--config={file}", *fields]
        command.append(f"--workdir={folder / point.name}")
        return Job(command, folder / "logs" / f"{point.name}.txt")

    if values.dry_run:
        for point in points:
            print(f"{point.name}: {states[point.name]}")
        print(f"dry run: {sum(r is None for r in results.values())} of {len(points)} would run")
        return 0

    def on_end(name: str, ended: Ended) -> None:
        point = next(point for point in points if point.name == name)
        results[name] = read_result(point, folder / name) if ended.status == 0 else None
        if results[name] is not None:
            states[name] = "done"
        else:
            states[name] = ended.line or f"ended with status {ended.status}"
        write_table(folder, points, results, states)
        done = sum(r is not None for r in results.values())
        print(f"{name}: {states[name]} ({done} of {len(points)} done)", flush=True)

    jobs = {point.name: job(point) for point in points if results[point.name] is None}
    write_table(folder, points, results, states)
    if _SLURM.value is not None:
        slurm.run_jobs(jobs, on_end, folder / "slurm", parameters)
    else:
        local.run_jobs(jobs, on_end, _PARALLEL.value, _GPUS.value)
    print(f"table: {folder / 'sweep.md'}")
    failed = [name for name, result in results.items() if result is None]
    for name in failed:
        print(f"sweep: failed: {name}: {states[name]}", file=sys.stderr)
    return 1 if failed else 0


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says.

    Status 1: a point failed.
    """
    console.stop_on_sigterm()
    with console.one_line("sweep"):
        arguments = command_line.arguments(sys.argv[1:])
        app.run(_main, argv=[sys.argv[0], *arguments], flags_parser=command_line.parse)


if __name__ == "__main__":
    run()
