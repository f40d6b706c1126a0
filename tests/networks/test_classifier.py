"""The classifier's layers: their sizes, and where dropout and normalisation act."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax.networks.classifier import Classifier


def variables(network, x):
    return network.init(jax.random.key(0), x, train=False)


def test_sizes_of_the_mnist_network():
    x = jnp.zeros((2, 28, 28, 1))
    made = variables(Classifier(10), x)
    count = sum(leaf.size for leaf in jax.tree.leaves(made["params"]))
    first, second = 5 * 5 * 32 + 2 * 32, 5 * 5 * 32 * 64 + 64
    assert count == first + second + 7 * 7 * 64 * 1024 + 2 * 1024 + 1024 * 10 + 10
    logits, features = Classifier(10).apply(made, x, train=False)
    assert (logits.shape, features.shape) == ((2, 10), (2, 1024))


def test_logits_are_a_map_of_the_features():
    network = Classifier(3, maps=(2, 4), features=8)
    x = jax.random.normal(jax.random.key(1), (5, 8, 12, 3))
    made = variables(network, x)
    logits, features = network.apply(made, x, train=False)
    last = made["params"]["Dense_1"]["Dense_0"]
    np.testing.assert_allclose(logits, features @ last["kernel"], atol=1e-6)
    assert features.min() == 0  # rectified
    assert features.max() > 0


def test_dropout_is_on_the_features_in_training_only():
    network = Classifier(3, maps=(2, 4), features=64)
    x = jax.random.normal(jax.random.key(1), (5, 8, 8, 1))
    made = variables(network, x)

    def train(seed):
        return network.apply(
            made, x, train=True, rngs={"dropout": jax.random.key(seed)}, mutable=["batch_stats"]
        )

    (one, stats), (other, _) = train(0), train(1)
    np.testing.assert_array_equal(one.features, other.features)
    assert np.abs(one.logits - other.logits).max() > 1e-3
    assert set(stats["batch_stats"]) == {"BatchNorm_0", "BatchNorm_1"}
    # Normalised over the batch before the rectifier: about half of the features are off.
    assert 0.3 < (np.asarray(one.features) == 0).mean() < 0.7
