"""Runs `aae_jax.main` once for each command line of a JSON list read from stdin.

Every run is a process of its own, forked from this one, which has the slow imports behind it.
Prints a JSON list of {"status", "out", "err", "seconds"}.
"""

import os
import sys
import tempfile
import time

from tests.scripts.orders import serve


def run(arguments, folder, prepare=lambda: None):
    """One run; `prepare` is called in its process first."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        return _run(arguments, folder, prepare, out, err)


def _run(arguments, folder, prepare, out, err):
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        os.chdir(folder)
        sys.argv = ["aae_jax.main", *arguments]
        status = 1
        try:
            from aae_jax import main

            prepare()
            main.run()
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except BaseException:
            import traceback

            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seconds = time.monotonic() - began
    out.seek(0)
    err.seek(0)
    return {"status": status, "out": out.read(), "err": err.read(), "seconds": seconds}


if __name__ == "__main__":
    serve(run)
