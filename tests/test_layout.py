"""How steps are grouped into calls. Several devices: tests/test_parallel.py."""

import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.layout import Layout
from aae_jax.train import train
from tests.helpers import final_state, largest_difference, log, same_bits


def test_the_grouping_of_steps_into_calls_changes_no_bit(tmp_path, toy):
    """Calls of 4 steps against calls cut short by logs, checkpoints, evaluations and a resume."""
    config = toy.config(steps=11, steps_per_call=4)
    config.log.every = config.checkpoint.every = 100
    config.evaluation.every = 0
    train(config, tmp_path / "long")
    short = toy.config(steps=5, steps_per_call=4)
    short.log.every, short.evaluation.every, short.checkpoint.every = 1, 2, 3
    train(short, tmp_path / "short")
    short.steps = 11
    short.log.every = 3
    train(short, tmp_path / "short")
    assert same_bits(final_state(tmp_path / "long"), final_state(tmp_path / "short"))
    assert [row["step"] for row in log(tmp_path / "long")] == [11]


@pytest.mark.parametrize("trials", [1, 2])
def test_several_steps_a_call_are_as_many_calls_of_one(tmp_path, toy, trials):
    states = {}
    for steps_per_call in (1, 5):
        config = toy.config(steps=7, steps_per_call=steps_per_call, trials=trials)
        config.log.every = 7
        config.evaluation.every = 0
        train(config, tmp_path / str(steps_per_call))
        states[steps_per_call] = final_state(tmp_path / str(steps_per_call), trials=trials)
    assert np.array_equal(states[5].step, np.full(np.shape(states[5].step), 7))
    assert largest_difference(states[1], states[5]) < 2e-5
    last = [log(tmp_path / str(n))[-1] for n in (1, 5)]
    assert last[0].keys() == last[1].keys()
    for name in set(last[0]) - {"kind"}:
        assert last[1][name] == pytest.approx(last[0][name], rel=1e-4), name


def test_by_default_the_loop_finds_how_many_steps_to_make_in_a_call(tmp_path, toy, monkeypatch):
    counts = []
    original = Layout.stack

    def stack(self, items):
        counts.append(len(items))
        return original(self, items)

    monkeypatch.setattr(Layout, "stack", stack)
    config = toy.config(steps=30, steps_per_call=0)
    config.log.every = 30
    config.evaluation.every = config.checkpoint.every = 0
    train(config, tmp_path / "quick")
    settling = [8] * 5  # for the last checkpoint
    assert counts == [1, 1, 8, 8, 8, 4, *settling]
    counts.clear()
    monkeypatch.setattr("aae_jax.layout._CALL_SECONDS", 0.0)  # no step is that quick
    train(config, tmp_path / "slow")
    assert counts == [1] * 30 + settling
    counts.clear()
    config.data.location = "host"
    train(config, tmp_path / "host")
    assert counts == [1] * 30 + [1] * 40
    assert same_bits(final_state(tmp_path / "quick"), final_state(tmp_path / "slow"))


def test_items_are_filled_up_to_one_shape():
    layout = Layout(most_steps=3)
    items, count = layout.stack([{"index": np.array([[1, 2]])}, {"index": np.array([[3, 4]])}])
    assert count == 2
    np.testing.assert_array_equal(items["index"], [[[1, 2], [3, 4], [3, 4]]])


def test_a_batch_that_does_not_split_is_refused(tmp_path, toy):
    with pytest.raises(UserError, match="accumulate=3 does not divide the 8 examples"):
        train(toy.config(accumulate=3), tmp_path)
    assert not list(tmp_path.iterdir())
