"""Trains the toy game once for each order, see tests/scripts/run_toy.py and orders.py.

Every run is a process of its own, forked from this one, which has the slow imports behind it. It
gives {"status", "out", "err", "seconds"}.
"""

import signal

from tests.scripts.orders import end_with, forked, serve
from tests.scripts.run_toy import train_disturbed

LONGEST = 120  # seconds of a run, which then is killed: it hangs


def run(order, folder):
    def work():
        signal.alarm(LONGEST)
        end_with(lambda: train_disturbed(order))

    return forked(work)


if __name__ == "__main__":
    serve(run)
