"""Runs `aae_jax.main` once for each command line, see tests/scripts/orders.py.

Every run is a process of its own, forked from this one, which has the slow imports behind it. It
gives {"status", "out", "err", "seconds"}.
"""

from tests.scripts.orders import become_main, forked, serve

if __name__ == "__main__":
    serve(lambda arguments, folder: forked(lambda: become_main(arguments, folder)))
