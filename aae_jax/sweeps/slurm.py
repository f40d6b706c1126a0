"""Runs the jobs of a sweep as a SLURM array, through the library submitit."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aae_jax.errors import UserError, reason
from aae_jax.sweeps.job import Ended, Job


def read_parameters(text: str) -> dict[str, Any]:
    """Reads "slurm_partition=gpu; timeout_min=600": submitit's names and their values.

    Raises:
        UserError: a part is no `name=value`.
    """
    parameters = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value:
            raise UserError(
                f"--slurm={text}: give submitit's parameters, as \"slurm_partition=gpu; "
                'timeout_min=600; gpus_per_node=1; cpus_per_task=8"'
            )
        try:
            parameters[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            parameters[name] = value
    return parameters


def run_jobs(
    jobs: Mapping[str, Job],
    on_end: Callable[[str, Ended], None],
    folder: Path,
    parameters: Mapping[str, Any],
) -> None:
    """Submits all jobs and waits for them; they go on when this is interrupted.

    A job that meets its time limit or is preempted saves, and is queued again.

    Args:
        jobs: by name.
        on_end: called with a job's name and how it ended.
        folder: for submitit's files; all machines must see it.
        parameters: of submitit's AutoExecutor.

    Raises:
        UserError: submitit or SLURM is missing, or a parameter is unknown.
    """
    try:
        import submitit
    except ImportError as error:
        raise UserError(
            "--slurm needs the package submitit: pip install 'aae_jax[slurm]', or leave --slurm "
            "out to run here"
        ) from error
    try:
        executor = submitit.AutoExecutor(folder=str(folder), cluster="slurm")
        executor.update_parameters(name="aae_jax", **parameters)
    except Exception as error:  # It raises many types: no SLURM here, names it does not know, ...
        raise UserError(f"--slurm: submitit refuses: {reason(error)}") from error
    with executor.batch():
        submitted = {name: executor.submit(job) for name, job in jobs.items()}
    names = {job.job_id: name for name, job in submitted.items()}
    for job in submitit.helpers.as_completed(list(submitted.values())):
        try:
            ended = job.result()
        except Exception as error:  # cancelled, out of memory, a node lost
            ended = Ended(1, (str(error).strip().splitlines() or ["no message"])[-1])
        on_end(names[job.job_id], ended)
