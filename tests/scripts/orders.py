"""Scripts that read orders as JSON, one a line of stdin, and print what each gave as JSON."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback


@contextlib.contextmanager
def serving(script, folder):
    """Called by tests: gives a function that has `tests.scripts.<script>` carry out an order."""
    command = [sys.executable, "-m", f"tests.scripts.{script}", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def carry_out(order):
            print(json.dumps(order), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield carry_out


def start(script, orders, folder):
    """Called by tests: has a script carry out orders; returns what each gave."""
    with serving(script, folder) as carry_out:
        return [carry_out(order) for order in orders]


def serve(run):
    """Called by a script, whose `run(order, folder)` forks: the slow imports come first."""
    import matplotlib.figure  # noqa: F401
    import scipy.spatial.distance  # noqa: F401

    import aae_jax.evaluate
    import aae_jax.train  # noqa: F401

    for order in sys.stdin:
        print(json.dumps(run(json.loads(order), sys.argv[1])), flush=True)


def forked(work):
    """Has a forked process do some work; returns its {"status", "out", "err", "seconds"}.

    Args:
        work: ends the process, see `end_with`.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            work()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seconds = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        return {"status": status, "out": out.read(), "err": err.read(), "seconds": seconds}


def end_with(work):
    """Called in a forked process: it does some work, and ends as a process of its own would."""
    status = 1
    try:
        work()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def become_main(arguments, folder, prepare=lambda: None):
    """Called in a forked process: it runs `aae_jax.main` in a folder after `prepare`, and ends."""
    os.chdir(folder)
    sys.argv = ["aae_jax.main", *arguments]

    def work():
        from aae_jax import main

        prepare()
        main.run()

    end_with(work)
