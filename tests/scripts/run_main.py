"""Runs `aae_jax.main` once for each command line of a JSON list read from stdin.

Every run is a process of its own, forked from this one, which has the slow imports behind it.
Prints a JSON list of {"status", "out", "err", "seconds"}.
"""

import os
import tempfile
import time

from tests.scripts.orders import become_main, serve


def run(arguments, folder):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            become_main(arguments, folder)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seconds = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        return {"status": status, "out": out.read(), "err": err.read(), "seconds": seconds}


if __name__ == "__main__":
    serve(run)
