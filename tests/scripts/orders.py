"""Scripts that read orders as JSON from stdin, and print what each gave as JSON."""

import json
import subprocess
import sys


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


def serve(run):
    """Called by a script, whose `run(order, folder)` forks: the slow imports come first."""
    import aae_jax.evaluate
    import aae_jax.train  # noqa: F401

    print(json.dumps([run(order, sys.argv[1]) for order in json.load(sys.stdin)]))
