"""An exported model that the tests of this folder share; a test that damages it copies it."""

import json
import shutil

import pytest

from aae_jax.exports import writing
from tests.untrained import untrained


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """AMM on images of 16x16 pixels: convolutions, batch normalisation, a mixture prior."""
    workdir = tmp_path_factory.mktemp("workdir")
    trials = {
        "clustering_error_hungarian": [0.25, 0.35, None],
        "reconstruction_mse": [0.1, 0.2, 0.3],
    }
    metrics = {name: {"mean": None, "std": None, "trials": t} for name, t in trials.items()}
    (workdir / "evaluation.json").write_text(
        json.dumps({"step": 7, "trials": 3, "metrics": metrics, "time": ""})
    )
    return untrained("amm_digits", workdir)


@pytest.fixture(scope="session")
def original(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "amm"
    writing.write(model, folder, overwrite=False)
    return folder


@pytest.fixture
def folder(original, tmp_path):
    """A copy of the exported model."""
    return shutil.copytree(original, tmp_path / "amm")
