"""An exported folder gives the numbers of its model, without its code, and is checked."""

import json
import pickle
import re
import subprocess
import sys

import jax
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.exports import reading
from aae_jax.exports.layout import flatten, unflatten


@pytest.fixture(scope="module")
def loaded(original):
    return reading.read(original)


def test_the_same_numbers(model, loaded):
    """Any number of examples, and the same draws; convolutions are summed in another order."""
    x = np.random.default_rng(0).random((19, 16, 16, 1), np.float32)
    calls = {
        "encode": lambda m: m.encode(x),
        "draw": lambda m: m.encode(x, seed=3),
        "posterior": lambda m: m.posterior(x[:2], draws=4, seed=3),
        "predict": lambda m: m.predict(x),
        "log_joint": lambda m: m.log_joint(m.encode(x)["z"]),
        "sample": lambda m: m.sample(5, seed=2),
        "component": lambda m: m.sample(17, seed=2, component=1),
        "reconstruct": lambda m: m.reconstruct(x),
        "interpolate": lambda m: m.interpolate(x[:2], x[2:4], 3),
        "none": lambda m: m.reconstruct(x[:0]),
    }
    for name, call in calls.items():
        ours, theirs = call(model), call(loaded)
        assert jax.tree.structure(ours) == jax.tree.structure(theirs), name
        jax.tree.map(
            lambda a, b, name=name: np.testing.assert_allclose(
                a, b, rtol=1e-4, atol=1e-5, err_msg=name
            ),
            ours,
            theirs,
        )
    np.testing.assert_array_equal(model.prior(300, seed=9)["z"], loaded.prior(300, seed=9)["z"])


def test_says_what_it_is(model, loaded, original):
    assert repr(loaded) == repr(model).replace(str(model.origin), str(original))
    assert loaded.parameter_counts == model.parameter_counts
    assert loaded.config == model.config
    with pytest.raises(UserError, match="method 'amm' cannot axis"):
        loaded.axis([0.5])
    with pytest.raises(UserError, match="the model has no function axis, only decode, encode"):
        loaded.functions["axis"]


def test_names_of_weights_there_and_back(model):
    both = model.params, model.batch_stats
    flat = flatten(*both)
    assert list(map(id, flat.values())) == list(map(id, jax.tree.leaves(both)))
    back = unflatten(flat)
    assert jax.tree.structure(back) == jax.tree.structure(both)
    assert set(flat) == {
        "/".join(str(k.key) for k in path)
        for path, _ in jax.tree.leaves_with_path(dict(params=both[0], batch_stats=both[1]))
    }


LOAD = """
import sys
import aae_jax
model = aae_jax.load(sys.argv[1])
assert model.sample(3, seed=0).shape == (3, 16, 16, 1)
print(*sys.modules)
"""


def test_needs_none_of_the_models_code(original):
    """Nor what only training needs."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(original)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    modules = set(done.stdout.split())
    assert "aae_jax.exports.reading" in modules
    ours = {name.split(".")[1] for name in modules if name.startswith("aae_jax.")}
    assert ours & {"methods", "networks", "inference", "game", "losses", "checkpoint"} == set()
    libraries = {name.split(".")[0] for name in modules}
    assert libraries & {"flax", "optax", "orbax", "tensorflow", "tensorflow_datasets"} == set()


def manifest(folder, **fields):
    path = folder / "export.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


class Trap:
    """Says so when it is unpickled."""

    def __reduce__(self):
        return print, ("UNPICKLED",)


DAMAGES = {
    "weights cut": (
        lambda f: cut(f / "model.safetensors"),
        "model.safetensors (its content is not what was exported): copy the folder anew",
    ),
    "program cut": (lambda f: cut(f / "functions/decode.bin"), "decode.bin (its content is not"),
    "config changed": (
        lambda f: (f / "config.json").write_text("{}"),
        "config.json (its content is not what was exported)",
    ),
    "program missing": (
        lambda f: (f / "functions/encode.bin").unlink(),
        "functions/encode.bin (it is missing)",
    ),
    "weights missing": (lambda f: (f / "model.safetensors").unlink(), "(it is missing)"),
    "weights a pickle": (
        lambda f: (f / "model.safetensors").write_bytes(pickle.dumps(Trap())),
        "model.safetensors (its content is not what was exported)",
    ),
    "manifest cut": (lambda f: cut(f / "export.json"), "export.json (JSONDecodeError: "),
    "manifest a list": (lambda f: (f / "export.json").write_text("[]"), "export.json (TypeError"),
    "no format": (lambda f: (f / "export.json").write_text("{}"), "export.json (KeyError: "),
    "newer": (
        lambda f: manifest(f, format=2),
        "is of format 2, and this version of aae_jax reads up to 1: install a newer one",
    ),
    "odd format": (lambda f: manifest(f, format="x"), "is of format x"),
    "no step": (lambda f: manifest(f, step=None), "export.json (no step)"),
    "functions elsewhere": (
        lambda f: manifest(f, functions={"../../decode": [None]}),
        "export.json (odd functions)",
    ),
    "no sizes": (lambda f: manifest(f, functions={"decode": 16}), "export.json (odd functions)"),
    "unlisted": (lambda f: manifest(f, sha256={}), "(its content is not what was exported)"),
}


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("name", DAMAGES)
def test_refuses_damage(folder, capsys, name):
    damage, message = DAMAGES[name]
    damage(folder)
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        reading.read(folder)
    assert "\n" not in str(caught.value)
    assert "UNPICKLED" not in capsys.readouterr().out


def test_files_that_were_always_damaged(folder):
    """Their hashes are right, and yet they are no weights and no program."""
    for name in ("model.safetensors", "functions/decode.bin"):
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(pickle.dumps(Trap()))
        sums = json.loads((folder / "export.json").read_text())["sha256"]
        changed = reading.sha256((folder / name).read_bytes())
        manifest(folder, sha256={**sums, name: changed})
        with pytest.raises(UserError, match="model.safetensors|cannot read .*/decode.bin"):
            reading.read(folder).decode({"y": np.eye(3), "z": np.zeros((3, 16))})
        (folder / name).write_bytes(good)
        manifest(folder, sha256=sums)
    reading.read(folder).decode({"y": np.eye(3), "z": np.zeros((3, 16))})
