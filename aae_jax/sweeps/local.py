"""Runs the jobs of a sweep on this machine."""

import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from aae_jax.sweeps.job import Ended, Job


def run_jobs(
    jobs: Mapping[str, Job],
    on_end: Callable[[str, Ended], None],
    parallel: int = 1,
    gpus: Sequence[str] = (),
) -> None:
    """Runs all jobs, a few at a time; a job that fails does not stop the others.

    When this is interrupted, the jobs under way are asked to save and stop, and waited for.

    Args:
        jobs: by name, in the order to begin them.
        on_end: called with a job's name and how it ended, in this thread.
        parallel: jobs at a time.
        gpus: as many as `parallel`, of which each job sees one; none leaves all to all.
    """
    free: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    for i in range(parallel):
        free.put({"CUDA_VISIBLE_DEVICES": gpus[i]} if gpus else {})

    def run(job: Job) -> Ended:
        environment = free.get()
        try:
            return job(environment)
        finally:
            free.put(environment)

    with ThreadPoolExecutor(parallel) as pool:
        names = {pool.submit(run, job): name for name, job in jobs.items()}
        try:
            for future in as_completed(names):
                on_end(names[future], future.result())
        except BaseException:
            for job in jobs.values():
                job.stop()
            raise  # the pool waits for its threads
