import time

import pytest

from aae_jax.errors import UserError
from tests.data.helpers import refusal


@pytest.fixture(autouse=True)
def _without_tensorflow(monkeypatch):
    monkeypatch.setattr("aae_jax.data.sources.tfds.has_tensorflow", lambda: False)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mnist", "train-images-idx3-ubyte"),
        ("svhn_cropped", "train_32x32.mat"),
        ("cifar10", "cifar-10-batches-py"),
    ],
)
def test_absent_set_says_at_once_where_it_looked_and_what_to_do(tmp_path, monkeypatch, name, file):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "prepared"))
    start = time.monotonic()
    message = refusal(name)
    assert time.monotonic() - start < 5
    for wanted in (
        str(tmp_path / "prepared"),
        "tensorflow_datasets",
        f"raw/{name}",
        file,
        "pip install 'aae_jax[prepare]'",
        f"tfds build {name} --file_format=array_record",
        "data.name=digits",
    ):
        assert wanted in message


def test_absent_set_in_a_given_folder(tmp_path):
    message = refusal("mnist", dir=str(tmp_path))
    assert f"looked in {tmp_path} for" in message
    assert f"--data_dir={tmp_path}" in message
    assert "is not a folder" in refusal("mnist", dir=str(tmp_path / "absent"))


def test_with_tensorflow_tfds_is_asked_to_prepare_an_absent_set(tmp_path, monkeypatch):
    asked = []

    def prepare(name):
        asked.append(name)
        raise UserError("no network")

    monkeypatch.setattr("aae_jax.data.sources.tfds.has_tensorflow", lambda: True)
    monkeypatch.setattr("aae_jax.data.sources.tfds.prepare", prepare)
    assert "no network" in refusal("mnist")
    assert asked == ["mnist"]
    # A folder that was named is taken at its word.
    assert "was not found" in refusal("mnist", dir=str(tmp_path))
    assert asked == ["mnist"]


def test_misspelt_name_gets_a_hint():
    assert "if you meant data.name=mnist, correct it" in refusal("mnits")
    assert "if you meant data.name=gaussian_grid," in refusal("gausian_grid")
    assert "if you meant" not in refusal("mnist")
    assert "data.name is empty" in refusal("")


def test_fields_that_would_do_nothing_are_refused(tmp_path):
    assert "leave data.dir empty" in refusal("digits", dir=str(tmp_path))
    assert "data.size=100 is for generated sets" in refusal("digits", size=100)
