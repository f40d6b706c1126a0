"""Files that carry code: 9 places where a pickle waits for a careless reader; none of it runs."""

import contextlib
import os
import pickle

import jax
import numpy as np
import pytest

from aae_jax import workdir
from aae_jax.checkpoint import Checkpoints
from aae_jax.data import cache, load
from aae_jax.errors import UserError
from aae_jax.metric_writer import read_log
from aae_jax.state import make_init
from tests import toy_game
from tests.data.helpers import pictures, settings


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, mark):
        self._mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self._mark,)


@pytest.fixture
def payload(tmp_path):
    """A pickle that leaves a mark, which the test must not find at its end."""
    mark = tmp_path / "the code was run"
    content = pickle.dumps(Payload(mark))
    yield content
    assert not mark.exists()
    pickle.loads(content)  # it does work
    assert mark.exists()


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ("state", True),
        ("info", True),
        ("_CHECKPOINT_METADATA", False),
        ("commit_success.txt", False),
    ],
)
def test_a_checkpoint(tmp_path, payload, part, read):
    state = jax.device_get(make_init(toy_game.game(), seed=0, trials=1, ema=True)())
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(state.replace(step=np.int32(1)), {"seconds": 1.0})
    checkpoints.close()
    place = tmp_path / "checkpoints" / "latest" / "1" / part
    for file in [place, *place.rglob("*")]:
        if file.is_file():
            file.write_bytes(payload)
    reader = Checkpoints(tmp_path, read_only=True)
    with pytest.raises(UserError, match="it is damaged") if read else contextlib.nullcontext():
        reader.info("latest")
        reader.restore(state)


@pytest.mark.parametrize("name", ["config.json", "metrics.jsonl"])
def test_the_files_of_a_run(tmp_path, payload, name):
    (tmp_path / name).write_bytes(payload + b"\n")
    with pytest.raises(UserError):
        workdir.read_config(tmp_path) if name == "config.json" else read_log(tmp_path)


def test_an_archive_of_images(tmp_path, payload):
    images = np.array([Payload(tmp_path / "x")] * 3, dtype=object)
    np.savez(tmp_path / "set.npz", x_train=images)
    with pytest.raises(UserError, match="cannot be read as .npz"):
        load(settings("npz", dir=str(tmp_path)))
    (tmp_path / "set.npz").write_bytes(payload)
    with pytest.raises(UserError, match="cannot be read as .npz"):
        load(settings("npz", dir=str(tmp_path)))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_the_cache_of_decoded_examples(tmp_path, payload, suffix, monkeypatch):
    monkeypatch.setenv("AAE_JAX_CACHE", str(tmp_path))
    images = pictures(3)
    cache.load_or_make("entry", lambda: (images, None))
    (tmp_path / "decoded" / f"entry.{suffix}").write_bytes(payload)
    data, _ = cache.load_or_make("entry", lambda: (images, None))  # made anew
    np.testing.assert_array_equal(data, images)
