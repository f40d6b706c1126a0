"""The dry run: what it tells, that it does nothing, and that it makes every check."""

import pytest

from aae_jax.dry_run import describe
from aae_jax.errors import UserError
from aae_jax.layout import Layout
from aae_jax.train import train


def test_tells_what_would_happen_and_does_nothing(tmp_path, toy, monkeypatch):
    def refuse(*_):
        raise AssertionError("something was run")

    monkeypatch.setattr("aae_jax.train.make_step", refuse)
    monkeypatch.setattr(Layout, "parallelize", refuse)
    config = toy.config(steps=6)
    config.log.tensorboard = True
    lines = describe(config, tmp_path / "run").splitlines()
    assert not (tmp_path / "run").exists()
    assert "  batch_size = 8" in lines
    assert any(line.startswith("  random: 32 train, 32 test examples of 4x4x1") for line in lines)
    assert f"  {tmp_path / 'run'}: would be made" in lines
    assert "  6 of 6 (1.5 epochs) with 8 examples each" in lines
    assert "  the train step of Toy: phases reconstruction, contest" in lines
    coder = 16 * 8 + 2 * 8 + (8 * 2 + 2) + (2 * 16 + 16)
    assert any(f"coder {coder}," in line for line in lines)
    assert "  at the end reconstruction, code_match, samples" in lines
    assert any("checkpoints: every 1 steps and at the end, the latest 2" in line for line in lines)
    assert any(line.endswith("tensorboard: the same, and images") for line in lines)


def test_tells_of_a_run_that_goes_on(tmp_path, toy):
    train(toy.config(steps=2), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert "goes on from step 2" in describe(toy.config(steps=5), tmp_path)
    assert "3 of 5 (1.2 epochs)" in describe(toy.config(steps=5), tmp_path)
    assert "holds all 2 steps" in describe(toy.config(steps=2), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_makes_the_checks_of_training(tmp_path, toy):
    with pytest.raises(UserError, match="batch_size=64 does not fit"):
        describe(toy.config(batch_size=64), tmp_path / "run")
    with pytest.raises(UserError, match="evaluation.metrics names 'nothing'"):
        describe(toy.config(evaluation={"metrics": ("nothing",)}), tmp_path / "run")
