"""Inception-v3: its parts by hand, and all of it against torchvision's where that is installed."""

import jax
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.networks import inception
from tests.inception import torch_weights


@pytest.fixture(scope="module")
def weights():
    return torch_weights()


def test_has_the_parameters_of_the_published_network(weights):
    variables = inception.from_torch(weights)
    # 27,161,264 are published for 1,000 classes with the auxiliary ones, which are 3,326,696; here
    # the last layer has 1,008 outputs and no bias.
    count = sum(leaf.size for leaf in jax.tree.leaves(variables["params"]))
    assert count == 27_161_264 - 3_326_696 - 2_049 * 1_000 + 2_048 * 1_008
    names = {name for name in weights if not name.endswith(("tracked", "fc.bias"))}
    assert len(jax.tree.leaves(variables)) == len(names) == 94 * 5 + 1


def test_pooling_counts_no_padding():
    x = np.random.default_rng(0).normal(size=(1, 4, 5, 2)).astype(np.float32)
    mean, largest = np.array(inception._mean_pool(x)), np.array(inception._max_pool(x))
    for i in range(4):
        for j in range(5):
            near = x[:, max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]
            np.testing.assert_allclose(mean[:, i, j], near.mean(axis=(1, 2)), atol=1e-6)
            np.testing.assert_array_equal(largest[:, i, j], near.max(axis=(1, 2)))


def test_images_are_interpolated_between_the_centres_of_pixels():
    ramp = np.linspace(0.2, 0.9, 8, dtype=np.float32)
    x = np.tile(ramp[None, :, None, None], (1, 1, 8, 1))
    y = np.asarray(inception.prepare(x))
    assert y.shape == (1, 299, 299, 3)
    # Centre i of the large one lies at (i + 0.5) * 8 / 299 - 0.5 of the small one.
    place = np.clip((np.arange(299) + 0.5) * 8 / 299 - 0.5, 0, 7)
    expected = 2 * np.interp(place, np.arange(8), ramp) - 1
    np.testing.assert_allclose(y[0], np.tile(expected[:, None, None], (1, 299, 3)), atol=1e-5)


def test_a_large_image_is_not_averaged():
    x = np.zeros((1, 897, 897, 3), np.float32)
    x[:, 1::3, 1::3] = 1  # the pixels in the middle of each 3x3, which alone are read
    np.testing.assert_allclose(inception.prepare(x), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fc.weight": None}, "fc.weight is missing"),
        ({"Mixed_7c.branch_pool.bn.running_var": None}, "Mixed_7c.branch_pool.bn.running_var is"),
        ({"fc.weight": (1000, 2048)}, r"fc.weight has the shape \(1000, 2048\) of another network"),
        ({"AuxLogits.conv0.bn.bias": (128,)}, "AuxLogits.conv0.bn.bias belongs to another network"),
        ({"Conv2d_1a_3x3.bn.bias": (32,)}, "Conv2d_1a_3x3.bn.bias is not finite"),
    ],
)
def test_other_weights_are_refused(weights, change, message):
    given = weights | {
        name: np.full(shape, np.nan, np.float32) for name, shape in change.items() if shape
    }
    for name in change:
        if change[name] is None:
            del given[name]
    with pytest.raises(UserError, match=message):
        inception.from_torch(given)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 40, 3), (400, 310, 3)])
def test_images_are_prepared_as_pytorch_does(shape):
    peer = pytest.importorskip("tests.peers.inception")
    x = np.random.default_rng(0).uniform(size=(2, *shape)).astype(np.float32)
    theirs = peer.prepare(peer.torch.from_numpy(x.transpose(0, 3, 1, 2)))
    np.testing.assert_allclose(
        inception.prepare(x), theirs.numpy().transpose(0, 2, 3, 1), atol=1e-5
    )


def test_every_layer_gives_what_torchvision_s_gives():
    peer = pytest.importorskip("tests.peers.inception")
    network = peer.make_inception(seed=0)
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    x = np.random.default_rng(1).uniform(-1, 1, size=(2, 299, 299, 3)).astype(np.float32)
    theirs, features = peer.outputs_of_layers(
        network, peer.torch.from_numpy(x.transpose(0, 3, 1, 2))
    )
    (opinion, ours) = jax.jit(
        lambda variables, x: inception.Inception().apply(
            variables,
            x,
            capture_intermediates=lambda module, _: len(module.path) == 1,
            mutable="intermediates",
        )
    )(inception.from_torch(state), x)
    ours = {name: layer["__call__"][0] for name, layer in ours["intermediates"].items()}
    theirs["fc"] = theirs["fc"] - network.fc.bias.detach()
    assert set(ours) == set(theirs)
    for name, layer in theirs.items():
        layer = layer.numpy()
        layer = layer.transpose(0, 2, 3, 1) if layer.ndim == 4 else layer
        np.testing.assert_allclose(
            ours[name], layer, rtol=1e-3, atol=1e-4 * layer.std(), err_msg=name
        )
    np.testing.assert_allclose(opinion.features, features.numpy(), rtol=1e-3)
    np.testing.assert_array_equal(opinion.logits, ours["fc"])
    assert np.asarray(opinion.features).std() > 0.1  # the signal has not died on its way
