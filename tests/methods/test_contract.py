"""What every method in the table must give the rest of the package."""

import ast
import functools
import inspect
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import config as config_lib
from aae_jax import optimizers, sentences
from aae_jax.data import load, make_feed
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import METHODS, build_game, gan, get_method, instance_noise
from aae_jax.networks.convolution import portable
from aae_jax.plan import plan
from aae_jax.state import init_state
from aae_jax.step import differentiate
from tests.configs import config_names, test_config

CODES = ("encode", "prior", "caption_prior", "axis")  # functions that give whole codes


@pytest.fixture(scope="module", autouse=True)
def _plain_convolutions():
    """XLA's own: their programs compile quicker than those of ours for CPU."""
    with portable():
        yield


def build(config):
    shape = load(config.data).example_shape
    return get_method(config.method).build(config, shape, steps_per_epoch=4)


def kind(config):
    """What the structure of a game is; configs alike in it share their tests."""
    game = build(config)
    reads = tuple(len(player.inputs) for player in game.players.values())
    return (config.method, reads, tuple(p.name for p in game.phases), frozenset(game.inference))


# One config of each kind of game: the first in alphabetical order.
KINDS = {kind(test_config(name)): name for name in reversed(config_names())}
CONFIGS = sorted(KINDS.values())

# One of each method and its phases: compiling the gradients of all takes minutes.
DIFFERENTIATED = {
    (method, phases): name for (method, _, phases, _), name in reversed(KINDS.items())
}.values()


@pytest.fixture(scope="module", params=CONFIGS)
def played(request):
    """The game of a config, its initial state and one batch."""
    config = test_config(request.param)
    game = build(config)
    dataset = sentences.attach(config, load(config.data))
    state = jax.jit(lambda: init_state(game, jax.random.key(0)))()
    feed = make_feed(
        dataset,
        batch_size=config.batch_size,
        seeds=[0],
        local_devices=1,
        num_devices=1,
        first_device=0,
    )
    item = jax.tree.map(lambda a: a[0], next(feed))
    batch = feed.fetch(feed.arrays, item)
    feed.close()
    return game, state, batch


def training(game, phase, state, key):
    """What a phase is played with in the first step."""
    return Play(
        game.players,
        state.params,
        state.batch_stats,
        key,
        train=True,
        opt_state=state.opt_state[phase.name],
        step=state.step,
    )


def test_every_method_has_a_config():
    assert {test_config(name).method for name in CONFIGS} == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_methods_that_take_the_frequencies_of_classes_are_given_them(name):
    method = METHODS[name]
    takes = "class_frequencies" in inspect.signature(method.build).parameters
    assert method.reads_frequencies == takes


@pytest.fixture(scope="module")
def traced(played):
    """Of each phase: it, shapes of its losses, players whose batch statistics it moves."""
    game, state, batch = played
    found = []

    def trace(phase, key):
        play = training(game, phase, state, key)
        losses = dict(phase.loss_fn(play, batch).losses)
        # What a phase computes is traced here; what it leaves alone stays an array.
        moved = {
            name
            for name, stats in play.batch_stats.items()
            if all(isinstance(a, jax.core.Tracer) for a in jax.tree.leaves(stats))
        }
        found.append((phase, jax.tree.map(jnp.shape, losses), moved))
        return losses

    for phase in game.phases:
        jax.eval_shape(functools.partial(trace, phase), jax.random.key(0))
    return found


def test_every_updated_player_exists_and_has_a_loss(played, traced):
    game, *_ = played
    updated = set()
    for phase, shapes, _ in traced:
        updated |= set(phase.optimizers)
        assert set(shapes) == set(phase.optimizers)
        assert all(shape == () for shape in shapes.values())
    assert updated == set(game.players)


def test_the_running_statistics_of_every_player_move(played, traced):
    _, state, _ = played
    assert set().union(*(moved for *_, moved in traced)) >= {
        name for name, stats in state.batch_stats.items() if jax.tree.leaves(stats)
    }


@pytest.mark.parametrize(
    "played",
    [
        pytest.param(name, marks=() if name in DIFFERENTIATED else pytest.mark.slow)
        for name in CONFIGS
    ],
    indirect=True,
)
def test_every_player_gets_a_finite_gradient_that_is_not_zero(played):
    game, state, batch = played
    for phase in game.phases:
        grads, outcome, _ = jax.jit(
            lambda key, phase=phase: jax.tree.map(
                lambda a: a,
                (lambda g, o, s: (g, dict(o.losses), s))(
                    *differentiate(
                        game,
                        phase,
                        state.params,
                        state.batch_stats,
                        batch,
                        key,
                        opt_state=state.opt_state[phase.name],
                    )
                ),
            )
        )(jax.random.key(0))
        assert all(np.isfinite(loss) for loss in outcome.values())
        for name, grad in grads.items():
            leaves = jax.tree.leaves(grad)
            assert all(np.isfinite(leaf).all() for leaf in leaves), name
            assert any(np.abs(leaf).max() > 0 for leaf in leaves), name


def test_inference_functions_fit_together(played):
    game, state, batch = played
    n = batch["x"].shape[0]

    @jax.jit
    def run(key):
        def call(name, *inputs):
            play = Play(game.players, state.params, state.batch_stats, key, train=False)
            return game.inference[name](play, *inputs)

        given = call("condition", batch["label"]) if "condition" in game.inference else {}
        read = (given,) if game.encoder_reads_labels else ()
        out = {}
        for name in ("encode", "posterior"):
            if name in game.inference:
                out[name] = call(name, batch["x"], *read)
        for name in ("predict", "features"):
            if name in game.inference:
                out[name] = call(name, batch["x"])
        if given:
            out["encode"] |= given
        if "prior" in game.inference:
            out["prior"] = call("prior", jnp.full(n, -1))
        if "axis" in game.inference:
            out["axis"] = call("axis", jnp.linspace(0.0, 1.0, n))
        if "caption_prior" in game.inference:
            out["caption_prior"] = call("caption_prior", batch["caption"])
        if "embed" in game.inference:
            out["embed"] = call("embed", batch["caption"])
            out["caption_nll"] = call("caption_nll", batch["caption"], batch["caption_other"])
        codes = [out[name] for name in CODES if name in out]
        out["images"] = [call("decode", code) for code in codes]
        for name in ("log_joint", "component_of"):
            if name in game.inference:
                out[name] = call(name, out["encode"]["z"])
        return out

    out = run(jax.random.key(1))
    shapes = [jax.tree.map(np.shape, out[name]) for name in CODES if name in out]
    assert all(shape == shapes[0] for shape in shapes)
    for image in out["images"]:
        assert image.shape == batch["x"].shape
        assert np.isfinite(image).all()
    if "predict" in out:
        assert out["predict"].shape == (n, game.components)
        np.testing.assert_allclose(out["predict"].sum(axis=1), 1.0, rtol=1e-5)
    if "features" in out:
        assert out["features"].shape[0] == n
        assert out["features"].ndim == 2
    if "log_joint" in out:
        assert out["log_joint"].shape == (n, game.components)
    if "component_of" in out:
        assert out["component_of"].shape == (n,)
        assert out["component_of"].dtype == jnp.int32
        assert 0 <= out["component_of"].min() <= out["component_of"].max() < game.components
    if "embed" in out:
        assert out["embed"].shape[0] == n
        assert out["embed"].ndim == 2
        assert out["caption_nll"].shape == (n,)
        assert (out["caption_nll"] > 0).all()
    if "posterior" in out:
        # Not every part is drawn: an implicit decoder's z may be certain, its n never is.
        drawn = out["posterior"].items()
        assert any(not np.array_equal(part, out["encode"][name]) for name, part in drawn)


def test_inference_of_an_example_does_not_depend_on_its_batch(played):
    game, state, batch = played

    names = {"encode", "predict", "features"} & set(game.inference)

    @jax.jit
    def infer(x, label):
        play = Play(game.players, state.params, state.batch_stats, None, train=False)
        given = {name: () for name in names}
        if game.encoder_reads_labels:
            given["encode"] = (game.inference["condition"](play, label),)
        return {name: game.inference[name](play, x, *given[name]) for name in names}

    label = batch.get("label")
    whole = infer(batch["x"], label)
    part = infer(batch["x"][:2], None if label is None else label[:2])
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a[:2], b, atol=1e-5), whole, part)


def test_unknown_method():
    with pytest.raises(UserError, match="method is 'amn': choose one of ") as error:
        get_method("amn")
    assert ", ".join(sorted(METHODS)) in str(error.value)


def test_base_config_passes_once_the_required_fields_are_set():
    config = config_lib.base()
    with pytest.raises(UserError, match="steps is 0: it must be at least 1"):
        config_lib.check(config)
    config.steps = 1
    config_lib.check(config)


@functools.cache
def facts(name):
    """What the game of a config is built on."""
    shape = load(test_config(name).data).example_shape
    return {"shape": shape, "steps_per_epoch": 4, "class_frequencies": [0.1] * 10}


@pytest.mark.parametrize("part", ["game", "network"])
@pytest.mark.parametrize("name", CONFIGS)
def test_fields_that_the_method_does_not_have_are_refused(name, part):
    """A misspelt field would leave its default in place unnoticed."""
    config, given = test_config(name), facts(name)
    first = sorted(config[part])[0]
    with config[part].unlocked():
        config[part][f"{first}s"] = config[part][first]
    with pytest.raises(UserError, match=rf"{part} has an unknown field {first}s") as error:
        build_game(config, given)
    assert "\n" not in str(error.value)
    with config[part].unlocked():
        del config[part][first], config[part][f"{first}s"]
    with pytest.raises(UserError, match=rf"{part} (lacks|has no) {first}"):
        build_game(config, given)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_the_config_of_another_method_is_one_line(name):
    """Each method is given AAE's config, and AAE that of AIM on points."""
    other = "aim_grid" if name == "aae" else "aae_mnist"
    config = test_config(other)
    config.method = name
    with pytest.raises(UserError) as error:
        build_game(config, facts(other))
    assert "\n" not in str(error.value)


def test_a_game_is_told_the_length_of_an_epoch(monkeypatch):
    seen = []

    def build(config, shape, steps_per_epoch):
        seen.append((shape, steps_per_epoch))
        return gan.build(config, shape, steps_per_epoch)

    monkeypatch.setitem(METHODS, "gan", replace(METHODS["gan"], build=build))
    build_game(test_config("gan_ring"), {"shape": [2], "steps_per_epoch": 17})
    assert seen == [((2,), 17)]


@pytest.mark.parametrize("name", CONFIGS)
def test_rates_and_noise_are_told_the_length_of_an_epoch(name, monkeypatch):
    told = []

    def record(original):
        def wrapped(config, steps_per_epoch):
            told.append(steps_per_epoch)
            return original(config, steps_per_epoch)

        return wrapped

    for rate, original in optimizers.RATES.items():
        monkeypatch.setitem(optimizers.RATES, rate, record(original))
    make_blur = instance_noise.make_blur
    monkeypatch.setattr(instance_noise, "make_blur", record(make_blur))
    config = test_config(name)
    get_method(config.method).build(config, facts(name)["shape"], 17)
    assert set(told) == {17}


@pytest.mark.parametrize(
    "name", ["aae_mnist", "aae_mnist_style", "amm_digits", "classifier_digits", "gan_mnist"]
)
def test_a_labelled_subset_that_no_phase_reads_is_refused(name, tmp_path):
    """The report would say that so many labels were seen."""
    config = test_config(name)
    config.data.labelled = 10
    with pytest.raises(UserError, match="data.labelled is 10, and this game reads no labelled"):
        plan(config, tmp_path)


def test_the_package_never_stops_a_gradient():
    """Players are kept apart by the step alone: what a loss cuts, the paper's loss would have."""
    for path in (Path(__file__).parents[2] / "aae_jax").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", "")]
            assert "stop_gradient" not in names, path
