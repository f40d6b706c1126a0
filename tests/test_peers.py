"""The train steps against plain PyTorch ones that are given the same weights and the same draws."""

import collections
import functools
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from ml_collections import ConfigDict

torch = pytest.importorskip("torch")

from aae_jax import optimizers  # noqa: E402
from aae_jax.methods import METHODS, get_method  # noqa: E402
from aae_jax.state import init_state  # noqa: E402
from tests.configs import test_config  # noqa: E402
from tests.peers import PEERS, make_peer, operations, weights  # noqa: E402
from tests.peers.draws import TORCH, Recorded  # noqa: E402
from tests.peers.kinks import margin  # noqa: E402
from tests.peers.optimizers import make_optimizer  # noqa: E402
from tests.peers.recorded_step import RecordedStep, recorder  # noqa: E402

BATCH = 8
SHAPES = {
    "aae_mnist": (8, 8, 3),  # in colour, so that the order of flattening shows
    "aim_celeba": (64, 64, 3),
    "aim_mnist": (28, 28, 1),
    "amm_digits": (16, 16, 1),
    "amm_mnist": (28, 28, 1),
    "amm_svhn": (32, 32, 3),
    "iae_mnist_deterministic": (28, 28, 3),
    "learned_prior_mnist": (32, 32, 3),
}
# The fewer units, the farther from kinks.
WIDTHS = {"aim_celeba": 0.02, "amm_svhn": 0.03, "learned_prior_mnist": 0.02}
# With which a step shows in weights of size one.
RATES = {"iae_mnist_deterministic": 1.0}
# Relative to the largest entry of a tensor: float32 rounding, enlarged by batch normalisation of a
# few examples and by the penalty's second derivatives.
TOLERANCE = 2e-4


@dataclass(frozen=True)
class Run:
    """Steps of JAX, and what they started from."""

    config: Any
    shape: tuple[int, ...]
    state: Any
    batches: list[np.ndarray]
    steps: list[RecordedStep]

    def peer(self):
        """A peer at the start of the run."""
        peer = make_peer(self.config, self.shape, steps_per_epoch=1)
        peer.load(self.state.params, self.state.batch_stats)
        return peer

    def inputs(self, index=0):
        """What a peer's step takes: images (B, C, H, W) and the draws of one of JAX's steps."""
        images = torch.from_numpy(self.batches[index]).permute(0, 3, 1, 2)
        return images, Recorded(self.steps[index].draws)


def start(config, shape):
    """A function that makes so many steps of JAX, with batches and draws from a seed."""
    game = get_method(config.method).build(config, shape, 1)
    record = recorder(game, ema_decay=config.ema_decay)
    state = lively_state(game, ema=config.ema_decay > 0)

    def make(seed, steps):
        rng = np.random.default_rng(seed)
        run = Run(config, shape, state, [], [])
        for _ in range(steps):
            before = run.steps[-1].state if run.steps else state
            run.batches.append(rng.random((BATCH, *shape), np.float32))
            run.steps.append(record(before, {"x": run.batches[-1]}, jax.random.key(seed)))
        return run

    return make


def lively_state(game, *, ema):
    """Weights with which no gradient is as small as with the initial ones.

    The statistics are no larger than what one step adds to them, so that it shows.
    """
    rng = np.random.default_rng(0)
    shapes = jax.eval_shape(lambda: init_state(game, jax.random.key(0), ema=ema))

    def parameter(path, leaf):
        kind, noise = path[-1].key, rng.normal(size=leaf.shape)
        if kind == "kernel":
            return (noise * np.sqrt(2 / np.prod(leaf.shape[:-1]))).astype(np.float32)
        return (0.2 * noise + (kind == "scale")).astype(np.float32)

    # All else starts at zero: the step, the optimisers' counts and moments.
    state = jax.tree.map(lambda leaf: np.zeros(leaf.shape, leaf.dtype), shapes)
    params = jax.tree_util.tree_map_with_path(parameter, state.params)
    stats = jax.tree.map(
        lambda leaf: rng.uniform(0, 0.02, leaf.shape).astype(np.float32), state.batch_stats
    )
    return state.replace(params=params, batch_stats=stats, ema=params if ema else None)


@functools.cache
def one_step(name, **game):
    """One step of an experiment's game with these options, on a batch float32 can tell.

    That is: no activation so near the kink of a ReLU that rounding decides its slope, and examples
    of every component (of two alone, batch normalisation makes the same two numbers whatever the
    weights, so that all that is left of the first gradient is rounding).
    """
    config = test_config(name)
    config.network.width = WIDTHS.get(name, 0.1)
    config.game.update(game)
    rate = RATES.get(name, 0.01)
    if "learning_rate" in config.optimizer:
        config.optimizer.learning_rate = rate
    else:
        # Adam would make large steps of rounding, for the next phase to see.
        config.optimizer = ConfigDict({p: optimizers.sgd(rate, 0.0) for p in config.optimizer})
    make = start(config, SHAPES[name])
    for seed in range(200):
        run = make(seed, steps=1)
        components = [array for kind, array in run.steps[0].draws if kind == "integers"]
        every = all(len(np.unique(array)) == config.game.components for array in components)
        if every and margin(run.peer(), *run.inputs()) > 5e-6:
            return run
    raise AssertionError("every batch has an activation at a kink")


@functools.cache
def aae_run():
    config = test_config("aae_mnist")
    config.ema_decay = 0.5
    config.optimizer.reconstruction.learning_rate = 0.1  # so that steps show in the weights
    for name in config.optimizer:
        config.optimizer[name].drops = (1,)
    return start(config, SHAPES["aae_mnist"])(0, steps=2)


def errors(ours, theirs, where=None):
    """Largest difference in each leaf, relative to the leaf's largest entry."""
    found = {}

    def compare(path, a, b, mask=True):
        assert a.shape == b.shape
        difference = np.nan_to_num(np.abs(np.where(mask, a - b, 0.0)), nan=np.inf).max()
        found[jax.tree_util.keystr(path)] = difference / max(np.abs(a).max(), 1e-30)

    jax.tree_util.tree_map_with_path(compare, ours, theirs, *([] if where is None else [where]))
    return found


def assert_close(ours, theirs, where=None):
    found = errors(ours, theirs, where)
    worst = max(found, key=found.get)
    print(f"{worst}: {found[worst]:.1e} of the largest entry")
    assert found[worst] < TOLERANCE, worst


def replay(peer, run, index=0):
    """The peer's step with JAX's draws: what it reports, and its gradients."""
    x, draws = run.inputs(index)
    report, gradients = peer.gradients(x, draws)
    assert draws.used_up()
    return {name: value.numpy() for name, value in report.items()}, gradients


def moves(after, before):
    return jax.tree.map(np.subtract, after, before)


def params_of(peer):
    return {n: weights.parameter_tree(net, lambda p: p) for n, net in peer.players.items()}


FIXED = {"inference": "q1", "prior": "fixed", "gradient_penalty": 10.0}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("aim_celeba", {}), marks=pytest.mark.slow),
        ("aim_mnist", {}),
        ("amm_mnist", {}),
        pytest.param(("amm_svhn", {}), marks=pytest.mark.slow),
        ("amm_digits", {"inference": "q1", "gradient_penalty": 0.0}),
        ("amm_digits", FIXED),
        ("iae_mnist_deterministic", {}),
        ("learned_prior_mnist", {}),
    ],
    ids=lambda case: "-".join(map(str, (case[0], *case[1].values()))),
)
def run(request):
    name, game = request.param
    return one_step(name, **game)


def test_reports_and_gradients(run):
    report, gradients = replay(run.peer(), run)
    (step,) = run.steps
    assert_close(step.metrics, report)
    assert_close(step.gradients, gradients)


def test_moves_by_the_optimiser(run):
    """Adam divides by a gradient's size, so entries that are mostly rounding are left out."""
    peer = run.peer()
    replay(peer, run)
    (step,) = run.steps
    firm = jax.tree.map(lambda parameter: np.ones(parameter.shape, bool), run.state.params)
    for gradients in step.gradients.values():
        for name, grads in gradients.items():
            firm[name] = jax.tree.map(
                lambda f, g: f & (np.abs(g) > 0.01 * np.abs(g).max()), firm[name], grads
            )
    before = run.state.params
    assert_close(moves(step.state.params, before), moves(params_of(peer), before), firm)


def test_batch_statistics(run):
    peer, (step,) = run.peer(), run.steps
    calls, sizes = watch_norms(peer)
    replay(peer, run)
    before = run.state.batch_stats

    def trees(read):
        return {name: weights.statistics_tree(peer.players[name], read) for name in before}

    kept = trees(lambda s: torch.full_like(s, 0.9 ** calls[s]))
    # Flax's running variance is of variances divided by n, PyTorch's by n - 1.
    biased = trees(lambda s: torch.full_like(s, 1 - 1 / sizes[s] if s in sizes else 1.0))

    def of_the_batch(after):
        """Means and variances of batches that moved the running ones, weighted and summed."""
        return jax.tree.map(lambda a, b, k: (a - k * b) / 0.1, after, before, kept)

    theirs = jax.tree.map(np.multiply, of_the_batch(trees(lambda s: s)), biased)
    assert_close(of_the_batch(step.state.batch_stats), theirs)


def watch_norms(peer):
    """Fills in, as the peer steps, how often each running statistic moved, and of each variance
    how many numbers it is of."""
    calls, sizes = collections.Counter(), {}

    def count(layer, inputs, output):
        del output
        calls.update((layer.running_mean, layer.running_var))
        sizes[layer.running_var] = inputs[0].numel() // len(layer.running_var)

    for layer in peer.modules():
        if isinstance(layer, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            layer.register_forward_hook(count)
    return calls, sizes


def test_aae_phases_see_each_others_updates():
    run = aae_run()
    peer = run.peer()
    for index, step in enumerate(run.steps):
        report, gradients = replay(peer, run, index)
        assert set(gradients) == {"reconstruction", "discriminator", "generator"}
        assert_close(step.metrics, report)
        assert_close(step.gradients, gradients)
    after = step.state.params
    before = run.state.params
    assert_close(moves(after, before), moves(params_of(peer), before))
    averages = iter(peer.ema)
    ema = {
        n: weights.parameter_tree(net, lambda p: next(averages)) for n, net in peer.players.items()
    }
    assert_close(moves(step.state.ema, before), moves(ema, before))


def one_weight_is_larger(run):
    peer = run.peer()
    weight = next(peer.players["discriminator"].parameters())
    with torch.no_grad():
        weight.view(-1)[0] += 0.1 * weight.std()
    return peer


def flipped_kernel(run):
    peer = run.peer()
    kernel = peer.players["decoder"].pairs[0][0].conv.weight
    with torch.no_grad():
        kernel.copy_(kernel.flip(2))
    return peer


def weaker_penalty(run):
    peer = run.peer()
    peer.penalty *= 0.99
    return peer


@pytest.mark.parametrize("mistake", [one_weight_is_larger, flipped_kernel, weaker_penalty])
def test_a_mistake_is_seen(mistake):
    run = one_step("amm_digits", **FIXED)
    _, gradients = replay(mistake(run), run)
    assert max(errors(run.steps[0].gradients, gradients).values()) > 5 * TOLERANCE


def test_draws_in_another_order_are_refused():
    run = aae_run()
    (kind, array), *_ = run.steps[0].draws
    x, _ = run.inputs()
    for wrong in ([], [("uniform", array)], [(kind, array[:-1])]):
        with pytest.raises(AssertionError):
            run.peer().step(x, Recorded(wrong))


@pytest.mark.parametrize(
    "config",
    [
        optimizers.adam(0.1, b1=0.5),
        optimizers.adam_by_root(0.1),
        optimizers.sgd(0.1, momentum=0.9, drops=(2, 3)),
    ],
    ids=lambda config: config.name,
)
def test_optimisers_against_optax(config):
    rng = np.random.default_rng(0)
    ours = jnp.zeros(5)
    theirs = torch.nn.Parameter(torch.zeros(5))
    transformation = optimizers.make_optimizer(config, steps_per_epoch=2)
    state = transformation.init(ours)
    optimizer, schedule = make_optimizer(config, [theirs], steps_per_epoch=2)
    for _ in range(8):
        gradient = rng.normal(size=5).astype(np.float32)
        updates, state = transformation.update(jnp.asarray(gradient), state, ours)
        ours = optax.apply_updates(ours, updates)
        theirs.grad = torch.from_numpy(gradient)
        optimizer.step()
        if schedule:
            schedule.step()
        np.testing.assert_allclose(theirs.detach(), ours, rtol=1e-5, atol=1e-6)


def test_steps_with_torchs_draws():
    """Equal steps differ in what depends on a draw, and in nothing else."""
    torch.manual_seed(0)
    for run, same in (
        (aae_run(), {"reconstruction/encoder", "reconstruction/decoder", "mse", "d_z"}),
        (one_step("amm_digits", **FIXED), set()),
        (one_step("aim_mnist"), {"logit_real"}),
    ):
        x, _ = run.inputs()
        first, second = (run.peer().step(x) for _ in range(2))
        assert first.keys() == run.steps[0].metrics.keys()
        assert all(bool(torch.isfinite(value)) for value in first.values())
        assert {name for name in first if first[name] == second[name]} == same


@pytest.mark.parametrize("name", ["aae_mnist", "aim_mnist", "amm_digits"])
def test_a_compiled_peer_makes_the_same_step(name):
    height, width, channels = SHAPES[name]
    results = []
    for compiled in (False, True):
        torch.manual_seed(0)
        peer = make_peer(test_config(name), SHAPES[name], 1)
        if compiled:
            peer.compile(backend="aot_eager")  # all of the compiler but code generation
        results.append(peer.gradients(torch.rand(BATCH, channels, height, width), TORCH))
    (report, gradients), (of_compiled, gradients_of_compiled) = results
    assert_close(jax.tree.map(np.asarray, report), jax.tree.map(np.asarray, of_compiled))
    assert_close(gradients, gradients_of_compiled)


def test_operations_of_a_step():
    """Of each weight: forwards, back to its input (not to images and draws), back to itself."""
    run = aae_run()
    peer = run.peer()
    x, draws = run.inputs()

    def products(name):
        sizes = [p.numel() for p in peer.players[name].parameters() if p.ndim == 2]
        return sum(sizes), sizes[0]

    encoder, of_x = products("encoder")
    decoder, _ = products("decoder")
    critic, of_z = products("discriminator")
    reconstruction = 3 * (encoder + decoder) - of_x
    discriminator = encoder + 2 * (3 * critic - of_z)
    generator = 2 * critic + 2 * encoder - of_x
    total = reconstruction + discriminator + generator
    assert operations.count(lambda: peer.step(x, draws)) == 2 * BATCH * total


def test_what_a_peer_cannot_do_is_refused():
    config = test_config("aae_mnist")
    config.precision = "bfloat16"
    with pytest.raises(ValueError, match=r"^precision is 'bfloat16'"):
        make_peer(config, SHAPES["aae_mnist"], 1)
    config = test_config("aae_mnist")
    config.game.posterior = "gaussian"
    with pytest.raises(ValueError, match=r"^game.posterior is 'gaussian'"):
        make_peer(config, SHAPES["aae_mnist"], 1)


def test_weights_of_another_network_are_refused():
    run = aae_run()
    for name in ("encoder", "discriminator"):
        with pytest.raises(ValueError, match=r"^the network has .*'kernel'.* instead of "):
            weights.load(run.peer().players[name], run.state.params["decoder"], {})


def test_the_table_imports_no_torch():
    code = "import sys, tests.peers; sys.exit('torch' in sys.modules)"
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
    assert set(PEERS) <= set(METHODS)
