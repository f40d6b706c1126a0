import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import parallel
from aae_jax.step import numbered_parts
from tests.helpers import fake_devices

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    """Way -> leaf -> array after three steps, see tests/scripts/devices.py."""
    file = tmp_path_factory.mktemp("devices") / "leaves.npz"
    subprocess.run(
        [sys.executable, "-m", "tests.scripts.devices", str(file)],
        cwd=ROOT,
        env=fake_devices(8),
        check=True,
        timeout=300,
    )
    ways = {name: {} for name in ("one", "vmap", "pmap", "trials", "alone", "messages")}
    for name, leaf in np.load(file).items():
        way, bracket, rest = name.partition("[")
        ways[way][bracket + rest] = leaf
    return ways


def test_all_devices_hold_the_same_bits(ways):
    """State and metrics: what is not averaged over devices drifts apart without a sound."""
    kinds = {".params", ".batch_stats", ".opt_state", ".ema", ".step"}
    assert all(any(kind in name for name in ways["pmap"]) for kind in kinds)
    assert any(name.startswith("[1]") for name in ways["pmap"])  # metrics
    for name, shards in ways["pmap"].items():
        assert len(shards) == 8
        for shard in shards[1:]:
            assert shard.tobytes() == shards[0].tobytes(), name


@pytest.mark.parametrize("way", ["vmap", "pmap"])
def test_eight_devices_make_the_step_of_one(ways, way):
    assert ways[way].keys() == ways["one"].keys()
    for name, leaf in ways[way].items():
        leaf = leaf[0] if way == "pmap" else leaf
        np.testing.assert_allclose(leaf, ways["one"][name], rtol=1e-4, atol=2e-5, err_msg=name)


def test_a_trial_on_a_device_of_its_own_is_the_run_of_its_seed(ways):
    assert ways["trials"].keys() == ways["alone"].keys()
    for name, leaf in ways["trials"].items():
        np.testing.assert_allclose(leaf, ways["alone"][name], rtol=1e-4, atol=2e-5, err_msg=name)


def test_devices_exchange_one_message_a_phase(ways):
    shared_batch, trials_dealt_out = ways["messages"][""]
    assert shared_batch == 3  # the phases of an adversarial autoencoder
    assert trials_dealt_out == 0


def test_outside_a_map_there_is_one_device():
    assert parallel.axis_name() is None
    tree = {"a": jnp.arange(3.0)}
    assert parallel.mean(tree) is tree


def test_means_over_devices():
    mean = jax.vmap(parallel.mean, axis_name=parallel.DEVICE)(jnp.array([1.0, 2.0, 6.0]))
    np.testing.assert_array_equal(mean, [3.0, 3.0, 3.0])


def test_every_example_has_a_key_of_its_own():
    keys = jax.random.key_data(parallel.example_keys(jax.random.key(0), 64))
    assert len(np.unique(keys, axis=0)) == 64


def test_examples_of_parts_of_several_devices_are_all_different():
    def of_device(part):
        with parallel.part_of_batch(part, 3):
            return parallel.example_indices(4)

    of_two = jax.vmap(of_device, axis_name=parallel.DEVICE, axis_size=2, in_axes=None)
    indices = [of_two(part) for part in range(3)]
    np.testing.assert_array_equal(np.sort(np.ravel(indices)), np.arange(24))


def test_another_example_of_a_batch_in_parts_is_of_the_same_part():
    """Of two devices with three parts each: no example is given its own, and none twice."""
    devices, parts = 2, 3
    x = jnp.arange(24.0).reshape(devices, -1)
    _, by_device = jax.vmap(lambda own: numbered_parts({"x": own}, parts))(x)
    for part in range(parts):
        rows = by_device["x"][:, part]
        another = jax.vmap(parallel.of_another_example, axis_name=parallel.DEVICE)(rows)
        np.testing.assert_array_equal(another.reshape(-1), np.roll(rows.reshape(-1), -1))


@pytest.mark.parametrize("devices", [1, 2, 4])
def test_another_example_is_the_next_of_the_global_batch(devices):
    x = jnp.arange(24.0).reshape(devices, -1, 3)
    if devices == 1:
        np.testing.assert_array_equal(parallel.of_another_example(x[0]), np.roll(x[0], -1, axis=0))
    another = jax.vmap(parallel.of_another_example, axis_name=parallel.DEVICE)(x)
    expected = np.roll(x.reshape(-1, 3), -1, axis=0)
    np.testing.assert_array_equal(another.reshape(-1, 3), expected)


def test_trial_i_has_the_keys_of_seed_plus_i():
    for ours, alone in zip(parallel.trial_keys(7, 3), parallel.trial_keys(8, 1), strict=True):
        assert ours.shape == (3,)
        np.testing.assert_array_equal(jax.random.key_data(ours[1]), jax.random.key_data(alone))
    init, train = parallel.trial_keys(8, 1)
    assert not np.array_equal(jax.random.key_data(init), jax.random.key_data(train))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_finds_what_is_not_finite(value):
    tree = {"a": jnp.ones(3), "b": {"c": jnp.zeros((2, 2)), "d": jnp.arange(3)}}
    assert parallel.all_finite(tree)
    tree["b"]["c"] = tree["b"]["c"].at[1, 0].set(value)
    assert not parallel.all_finite(tree)
