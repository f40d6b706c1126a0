import tracemalloc

import numpy as np
import pytest
from scipy.special import logsumexp

from aae_jax.metrics.kernel_density import log_density


def direct(x, samples, sigmas):
    """The definition, all distances at once, in float64."""
    x, samples = np.asarray(x, np.float64), np.asarray(samples, np.float64)
    square = np.square(x[:, None] - samples[None]).sum(axis=2)
    d = x.shape[1]
    rows = [
        logsumexp(-square / (2 * s**2), axis=1)
        - np.log(len(samples))
        - d * np.log(s * np.sqrt(2 * np.pi))
        for s in sigmas
    ]
    return np.stack(rows)


def blocks(samples, size):
    return (samples[i : i + size] for i in range(0, len(samples), size))


def test_one_kernel_is_a_gaussian_density():
    # log N(3; 1, 2^2) and log N(0; 1, 2^2).
    result = log_density(np.array([[3.0], [0.0]]), [np.array([[1.0]])], [2.0])
    constant = -np.log(2 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(result, [[constant - 4 / 8, constant - 1 / 8]], rtol=1e-6)


@pytest.mark.parametrize("size", [1, 25, 100])
def test_equals_the_definition_in_float64_for_any_block(size):
    rng = np.random.default_rng(0)
    x, samples = rng.random((30, 784), np.float32), rng.random((100, 784), np.float32)
    sigmas = np.logspace(-1, 0, 10)
    result = log_density(x, blocks(samples, size), sigmas)
    assert result.shape == (10, 30)
    assert result.dtype == np.float64
    # Thousands of nats; half a thousandth of one is what float32 leaves at sigma = 0.1.
    np.testing.assert_allclose(result, direct(x, samples, sigmas), atol=2e-3, rtol=0)


@pytest.mark.parametrize("far_first", [True, False])
def test_large_distances_neither_underflow_nor_overflow(far_first):
    """exp(-d^2 / (2 sigma^2)) is 0 for every sample in any floating point format."""
    rng = np.random.default_rng(1)
    x = rng.random((5, 50), np.float32)
    near, far = x[::-1] + 10 + rng.random((5, 50), np.float32), x + 1000
    order = (far, near) if far_first else (near, far)
    result = log_density(x, order, [0.1, 0.5])
    expected = direct(x, np.concatenate(order), [0.1, 0.5])
    assert expected.max() < -10_000
    np.testing.assert_allclose(result, expected, rtol=1e-5)


def test_near_neighbours_far_from_the_origin_keep_their_distance():
    """||x||^2 + ||s||^2 - 2 x.s would lose a distance of 1 beside norms of 2 * 10^9."""
    rng = np.random.default_rng(2)
    offset = 5000.0
    x = np.float32(offset) + rng.integers(8, size=(20, 100)).astype(np.float32)
    samples = x + rng.integers(2, size=(20, 100)).astype(np.float32)
    np.testing.assert_allclose(
        log_density(x, [samples], [1.0]), direct(x, samples, [1.0]), atol=5e-3, rtol=0
    )


def test_a_sample_that_is_not_finite_shows():
    x = np.zeros((2, 3))
    assert np.isnan(log_density(x, [np.zeros((2, 3)), np.full((2, 3), np.nan)], [1.0])).all()


def test_memory_does_not_grow_with_the_number_of_samples():
    x, block = np.zeros((10, 50), np.float32), np.ones((1000, 50), np.float32)
    log_density(x, [block], [1.0])  # compiles
    made = []

    def stream(n):
        for _ in range(n):
            made.append(1)
            yield block + 1  # a fresh array each time

    peaks = []
    for n in (5, 50):
        tracemalloc.start()
        log_density(x, stream(n), [1.0])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert len(made) == 55
    assert peaks[1] < peaks[0] + 2 * block.nbytes
