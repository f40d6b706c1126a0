"""Bad configs: 60 values and more that cannot work, each one clear line that names the field.

`plan` is what training does before it compiles or writes anything. tests/test_main.py has some
fifty bad command lines beside them.
"""

import pytest

from aae_jax.config import check
from aae_jax.errors import UserError
from aae_jax.plan import plan
from tests.configs import test_config

# Field -> values of it that cannot work, in the test config of aae_mnist.
BAD = {
    "method": ["nonsense", "", "no_module:build", "json:nothing"],
    "seed": [-1, 2**31],
    "trials": [0, -2],
    "batch_size": [0, -8, 33, 1_000_000],
    "steps": [0, -1, 2**31],
    "ema_decay": [-0.1, 1.0, float("nan")],
    "precision": ["float16", ""],
    "accumulate": [0, -1, 3, 16],
    "steps_per_call": [-1, 1001],
    "data.name": ["", "mnits", "a/b", "../digits"],
    "data.dir": ["nowhere"],
    "data.train_split": ["", "nothing", "train[", "train[9:3]", "train[:200%]", "train[:0]"],
    "data.test_split": ["validation", "test[5:5]"],
    "data.validation_size": [-1, 32, 1000],
    "data.labelled": [-1, 33],
    "data.image_size": [-1],
    "data.channels": [-1, 2],
    "data.value_range": [(1.0, 0.0), (0.0, 0.0), (0.0,), (0.0, float("inf")), ("a", "b")],
    "data.caption_length": [2**31],
    "data.resize": ["nonsense"],
    "data.location": ["nonsense"],
    "log.every": [0, -5],
    "log.images": [-1, 1000],
    "checkpoint.every": [-1],
    "checkpoint.keep": [0],
    "checkpoint.best_mode": ["best"],
    "checkpoint.best_metric": ["nonsense"],
    "evaluation.every": [-1],
    "evaluation.seed": [-1, 2**31],
    "evaluation.checkpoint": ["best", "first"],
    "evaluation.metrics": [("nonsense",), ("clustering",)],
    "evaluation.figures": [("nonsense",), ("cluster_matrix",)],
    "evaluation.periodic": [("nonsense",)],
    "evaluation.classifier": ["nowhere"],
    "network.hidden": [(), (0,), (16, -1), ("a",), (1.5,)],
    "network.init_std": [float("nan"), 0.0],
    "game.posterior": ["nonsense"],
    "game.labels": ["nonsense"],
    "game.prior.name": ["nonsense"],
    "game.prior.dim": [0, -1],
    "optimizer.generator.name": ["nonsense", "adam_falling"],
    "optimizer.generator.drops": [("a",), (-1,)],
    "optimizer.generator.factor": [-1.0, float("nan")],
    "optimizer.generator.learning_rate": [-0.1, float("nan")],
    "optimizer.generator.momentum": [-0.1, 1.5],
    "players": ["nonsense", "nobody=json:loads", "encoder=no_module:Network"],
}
CASES = [(field, value) for field, values in BAD.items() for value in values]


def test_there_are_enough():
    assert len(CASES) >= 60
    check(test_config("aae_mnist"))


@pytest.mark.parametrize(("field", "value"), CASES, ids=lambda part: str(part)[:40])
def test_one_line_names_the_field(tmp_path, field, value):
    config = test_config("aae_mnist")
    config.update_from_flattened_dict({field: value})
    with pytest.raises(UserError) as caught:
        plan(config, tmp_path / "run")
    line = str(caught.value)
    print(f"{field}={value!r}: {line}")
    assert "\n" not in line
    assert field.rpartition(".")[2] in line
    assert len(line) < 700
    assert not (tmp_path / "run").exists()
