"""What the tests of disturbed runs share."""

import pytest

from tests.scripts.orders import start

TOY = """
from tests import toy_game

def get_config():
    quick = {"metrics": ("reconstruction",)}
    return toy_game.config(steps=4, log={"tensorboard": True}, evaluation=quick)
"""


def run_all(folder, orders):
    """Runs `aae_jax.main` once for each order on toy.py in a folder, see run_disturbed."""
    (folder / "toy.py").write_text(TOY)
    for order in orders:
        order["arguments"] = ["--config=toy.py", *order.get("arguments", ())]
    return start("run_disturbed", orders, folder)


def one_line(result, status, begins):
    """The last line of a run that ended early, checked: nothing but our own log before it."""
    assert result["status"] == status, result["output"][-3000:]
    assert "Traceback" not in result["output"], result["output"][-3000:]
    line = result["output"].splitlines()[-1]
    if not line.startswith(begins):
        pytest.fail(f"the last line is {line!r}")
    assert len(line) < 700
    return line
