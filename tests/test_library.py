"""`aae_jax.load` and `aae_jax.export`, from a trained run to a loaded folder."""

import dataclasses

import numpy as np
import pytest

import aae_jax
from aae_jax import data
from aae_jax.errors import UserError
from aae_jax.train import train


def test_from_a_run_to_an_exported_folder_and_back(tmp_path, toy):
    config = toy.config(steps=2, trials=2)
    names = tuple("abcdefghij")
    train(config, tmp_path / "run", dataclasses.replace(data.load(config.data), class_names=names))
    model = aae_jax.load(tmp_path / "run", trial=1)
    assert repr(model).startswith(f"toy trained on random, step 2, trial 1 of 2, from {tmp_path}")
    aae_jax.export(str(tmp_path / "run"), tmp_path / "a", trial=1)
    aae_jax.export(model, tmp_path / "b")
    x = np.random.default_rng(0).random((4, 4, 4, 1), np.float32)
    for name in ("a", "b"):
        for arguments in ({}, {"trial": 1}):
            loaded = aae_jax.load(tmp_path / name, **arguments)
            assert loaded.class_names == names
            assert "labels of its data: 0 a, 1 b" in repr(loaded)
            np.testing.assert_allclose(loaded.reconstruct(x), model.reconstruct(x), rtol=1e-5)
        for absent in (0, 2):
            with pytest.raises(UserError, match=f"holds trial 1 only: leave out trial={absent}"):
                aae_jax.load(tmp_path / name, trial=absent)
    for nonsense in ("1", 1.0):
        with pytest.raises(UserError, match=f"there is no trial {nonsense!r}"):
            aae_jax.load(tmp_path / "run", trial=nonsense)
    assert "| Labels | 0 a, 1 b" in (tmp_path / "a" / "README.md").read_text()
    with pytest.raises(UserError, match="holds an exported model already"):
        aae_jax.export(tmp_path / "run", tmp_path / "a")
    with pytest.raises(UserError, match="there is no trial 2: the run in .* has trials 0 to 1"):
        aae_jax.export(tmp_path / "run", tmp_path / "c", trial=2)
    with pytest.raises(UserError, match="holds something else"):
        aae_jax.export(model, tmp_path / "run", overwrite=True)
    assert not (tmp_path / "c").exists()
    aae_jax.load(tmp_path / "run")


def test_folders_that_hold_no_model(tmp_path, toy):
    with pytest.raises(UserError, match="absent is not there: name the workdir of a run, or"):
        aae_jax.load(tmp_path / "absent")
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file is no folder: name the workdir"):
        aae_jax.load(tmp_path / "file")
    with pytest.raises(UserError, match="is no workdir of a run: it has no config.json"):
        aae_jax.load(tmp_path)
    (tmp_path / "config.json").write_text(toy.config().to_json())
    with pytest.raises(UserError, match="no latest checkpoint .* train first"):
        aae_jax.load(tmp_path)


def test_nothing_else_is_there():
    assert set(aae_jax.__all__) == {"export", "load"}
    with pytest.raises(AttributeError, match="module 'aae_jax' has no attribute 'lode'"):
        aae_jax.lode  # noqa: B018
