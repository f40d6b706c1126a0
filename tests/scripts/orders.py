"""Scripts that read orders as JSON from stdin, and print what each gave as JSON."""

import json
import os
import subprocess
import sys
import traceback


def start(script, orders, folder):
    """Called by tests: has `tests.scripts.<script>` carry out orders; returns what each gave."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.scripts.{script}", str(folder)],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def become_main(arguments, folder, prepare=lambda: None):
    """Called in a forked process: it runs `aae_jax.main` in a folder after `prepare`, and ends."""
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
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def serve(run):
    """Called by a script, whose `run(order, folder)` forks: the slow imports come first."""
    import aae_jax.evaluate
    import aae_jax.train  # noqa: F401

    print(json.dumps([run(order, sys.argv[1]) for order in json.load(sys.stdin)]))
