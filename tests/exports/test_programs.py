"""Each function as a program: for any platform and size where it can be, else for fewer."""

from dataclasses import replace

import jax
import jax.export
import jax.numpy as jnp
import jax.scipy.linalg
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.exports import programs, reading, writing
from aae_jax.methods import METHODS
from aae_jax.model import FEW, MANY
from tests import toy_game
from tests.configs import config_names, test_config
from tests.untrained import of_game, untrained

# Captions are of any length, which no program is.
WITHOUT_PROGRAMS = {"caption_encoder"}
# One config of each other method.
OF_METHODS = {
    test_config(name).method: name
    for name in reversed(config_names())
    if test_config(name).method not in WITHOUT_PROGRAMS
}
QUICK = {"aae_categorical", "classifier", "conditional_ali", "gan"}


@pytest.mark.parametrize(
    "method",
    [pytest.param(m, marks=() if m in QUICK else pytest.mark.slow) for m in sorted(OF_METHODS)],
)
def test_every_function_of_every_method(method):
    """For any size and platform, on which a program for CPU gives what the model gives."""
    model = untrained(OF_METHODS[method])
    contents = {}
    for name in model.functions.names:
        (program,) = programs.make(model, name)
        assert program.size is None
        assert program.platforms == programs.PLATFORMS
        contents[name] = {None: program.content}
    functions = reading.Programs(
        contents, model.components, model.functions.encoder_reads_labels, "here"
    )
    for name in model.functions.names:
        specs = programs.inputs(model, name, FEW)
        inputs = jax.tree.map(draw, specs)
        arguments = (model.params, model.batch_stats, jax.random.key(5), model.step, *inputs)
        ours, theirs = (f[name](*arguments) for f in (model.functions, functions))
        assert jax.tree.structure(ours) == jax.tree.structure(theirs)
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5), ours, theirs
        )


def draw(spec):
    return np.random.default_rng(0).random(spec.shape).astype(spec.dtype)


def test_every_method_is_tested():
    assert set(OF_METHODS) | WITHOUT_PROGRAMS == set(METHODS)
    assert set(OF_METHODS) >= QUICK


@pytest.mark.parametrize("method", sorted(WITHOUT_PROGRAMS))
def test_methods_without_programs(method):
    model = untrained(next(n for n in config_names() if test_config(n).method == method))
    for name in model.functions.names:
        with pytest.raises(UserError, match=f"cannot export the function {name}: "):
            programs.make(model, name)


def toy_model(**functions):
    game = toy_game.game()
    game = replace(game, inference={**game.inference, **functions})
    return of_game(game, toy_game.config(), (4, 4, 1))


def asks_for_its_size(play, x):
    z = play("coder", x, method="encode")
    return {"z": z if x.shape[0] > 3 else -z}


def one_platform(play, x):
    z = play("coder", x, method="encode")
    upper = jax.scipy.linalg.schur(jnp.diag(jnp.arange(2.0)))[0]
    return {"z": z + upper[:1, :1]}


def test_a_function_that_asks_for_its_size(tmp_path, toy):
    model = toy_model(encode=asks_for_its_size)
    few, many = programs.make(model, "encode")
    assert (few.size, many.size) == (FEW, MANY)
    assert few.platforms == many.platforms == programs.PLATFORMS
    writing.write(model, tmp_path / "x", overwrite=False)
    loaded = reading.read(tmp_path / "x")
    for n in (2, FEW + 1):
        x = np.random.default_rng(0).random((n, 4, 4, 1), np.float32)
        np.testing.assert_allclose(loaded.encode(x)["z"], model.encode(x)["z"], rtol=1e-5)
    assert (
        "`functions/encode_16.bin` | float32 (16, 4, 4, 1)"
        in (tmp_path / "x/README.md").read_text()
    )


def test_a_program_knows_the_step_of_its_weights(tmp_path, toy):
    model = toy_model(encode=lambda play, x: {"z": jnp.full((x.shape[0], 2), play.step)})
    writing.write(model, tmp_path / "x", overwrite=False)
    codes = reading.read(tmp_path / "x").encode(np.zeros((3, 4, 4, 1), np.float32))["z"]
    np.testing.assert_array_equal(codes, model.step)


def test_a_function_that_runs_here_only(monkeypatch):
    (program,) = programs.make(toy_model(encode=one_platform), "encode")
    assert program.platforms == ("cpu",)
    assert program.size is None
    functions = reading.Programs({"encode": {None: program.content}}, 0, False, "there")
    monkeypatch.setattr(jax, "devices", lambda: [type("Device", (), {"platform": "tpu"})])
    with pytest.raises(UserError, match="runs on cpu and this is tpu: set JAX_PLATFORMS=cpu"):
        functions["encode"]


def test_a_function_that_cannot_be_exported():
    def calls_back(play, x):
        spec = jax.ShapeDtypeStruct((x.shape[0], 2), jnp.float32)
        return {"z": jax.pure_callback(lambda x: np.asarray(x)[:, :2, 0, 0], spec, x)}

    with pytest.raises(UserError, match="the function encode cannot be exported .* jax.numpy only"):
        programs.make(toy_model(encode=calls_back), "encode")
    with pytest.raises(UserError, match="the function hum: say in aae_jax/exports/signatures.py"):
        programs.make(toy_model(hum=asks_for_its_size), "hum")
