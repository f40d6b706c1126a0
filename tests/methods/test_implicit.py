"""What the games with implicit distributions share: codes, draws, and networks that do not fit."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import config as base
from aae_jax import priors
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import implicit
from aae_jax.networks import implicit as networks


def play(seed=0):
    return Play({}, {}, {}, jax.random.key(seed), train=False)


def config(network):
    one = base.base()
    one.network = network
    return one


def test_a_latent_names_what_the_decoder_reads():
    gaussian = implicit.Latent(priors.Gaussian(3), 5)
    assert [spec.shape[1:] for spec in gaussian.specs] == [(3,), (5,)]
    code = gaussian.draw_any(play(), 4)
    assert [part.shape for part in gaussian.read(code)] == [(4, 3), (4, 5)]
    deterministic = implicit.Latent(priors.Gaussian(3), 0)
    assert [spec.shape[1:] for spec in deterministic.specs] == [(3,)]
    assert len(deterministic.read(deterministic.draw_any(play(), 4))) == 1


def test_z_is_scaled_where_it_is_read_and_nowhere_else():
    latent = implicit.Latent(priors.Categorical(3), 2, scale=4.0)
    code = latent.draw(play(), jnp.array([2, 0]))
    np.testing.assert_array_equal(code["z"], np.eye(3)[[2, 0]])
    z, n = latent.read(code)
    np.testing.assert_array_equal(z, 4 * code["z"])
    np.testing.assert_array_equal(n, code["n"])


def test_noise_is_standard_normal_and_nothing_where_nothing_is_drawn():
    latent = implicit.Latent(priors.Gaussian(3), 5)
    z = jnp.ones((4000, 3))
    code = latent.complete(play(), z)
    np.testing.assert_array_equal(code["z"], z)
    np.testing.assert_allclose(np.cov(code["n"], rowvar=False), np.eye(5), atol=0.1)
    np.testing.assert_array_equal(latent.complete(play(), z, draw=False)["n"], np.zeros((4000, 5)))
    assert implicit.noise(play(), 0, 4) == ()


def test_only_a_categorical_code_goes_through_softmax():
    h = jnp.array([[1.0, 2.0, -1.0]])
    categorical = implicit.Latent(priors.Categorical(3), 0)
    np.testing.assert_allclose(categorical.from_features(h), jax.nn.softmax(h))
    np.testing.assert_array_equal(implicit.Latent(priors.Gaussian(3), 0).from_features(h), h)
    drawn = categorical.draw(play(), jnp.array([2, 0]))
    np.testing.assert_array_equal(drawn["z"], np.eye(3)[[2, 0]])


def test_the_nearest_corner_has_the_gradient_of_the_probabilities():
    z = jnp.array([[0.2, 0.7, 0.1], [0.5, 0.1, 0.4]])
    np.testing.assert_array_equal(implicit.nearest_corner(z), np.eye(3)[[1, 0]])
    weight = jnp.array([[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]])
    found = jax.grad(lambda z: (weight * implicit.nearest_corner(z)).sum())(z)
    np.testing.assert_array_equal(found, weight)
    narrow = z.astype(jnp.bfloat16)
    assert jax.grad(lambda z: implicit.nearest_corner(z).sum())(narrow).dtype == jnp.bfloat16


def test_the_style_of_a_seed_is_the_same_in_all_clusters():
    """Fig. 6: the local code is held fixed across each row."""
    latent = implicit.Latent(priors.Categorical(3), 5)
    first, second = (latent.draw(play(), jnp.array([k, k])) for k in (0, 1))
    np.testing.assert_array_equal(first["n"], second["n"])
    assert not np.array_equal(first["z"], second["z"])


def test_the_config_chooses_the_networks():
    one = config(implicit.network("svhn", "location_invariant"))
    one.network.width = 0.5
    one.data.value_range = (-1.0, 1.0)
    nets = implicit.make_networks(one, (32, 32, 3), 7)
    assert nets == networks.image_networks(
        networks.SVHN, (32, 32, 3), 7, conditioning="location_invariant", width=0.5
    )
    nets = implicit.make_networks(config(implicit.point_network((9, 8), 0.3)), (2,), 7)
    assert nets == networks.point_networks((2,), 7, (9, 8), 0.3)


@pytest.mark.parametrize(
    ("change", "shape", "message"),
    [
        ({"network.name": "lsun"}, (28, 28, 1), "'lsun': choose one of celeba, mnist, points, svh"),
        (
            {"network.name": "points"},
            (2,),
            "config.network has an unknown field conditioning: network points takes",
        ),
        ({"network.width": 0.0}, (28, 28, 1), "network.width is 0.0: it must be positive"),
        ({"network.conditioning": "none"}, (28, 28, 1), "is 'none': choose one of location_depend"),
        ({}, (2,), r"network mnist takes images but the data are points of shape \(2,\)"),
        ({}, (32, 32, 3), r"takes 28x28 images but .* set data.image_size=28 and data.resize=bili"),
        ({"data.value_range": (-1.0, 1.0)}, (28, 28, 1), r"set data.value_range=\(0, 1\)"),
        ({"data.standardise": True}, (28, 28, 1), "data.standardise=False"),
    ],
)
def test_impossible_networks_of_images(change, shape, message):
    one = config(implicit.network("mnist"))
    one.update_from_flattened_dict(change)
    with pytest.raises(UserError, match=message):
        implicit.make_networks(one, shape, 3)


@pytest.mark.parametrize(
    ("change", "shape", "message"),
    [
        ({"network.hidden": ()}, (2,), r"network.hidden is \(\): give widths, as \(128, 128\)"),
        ({"network.hidden": (16, 0)}, (2,), r"network.hidden is \(16, 0\): give widths"),
        ({"network.init_std": 0.0}, (2,), "network.init_std is 0.0: it must be positive"),
        ({}, (28, 28, 1), "takes points but the data has shape .* networks of celeba, mnist, svhn"),
        ({"network.name": "mnist"}, (28, 28, 1), "network mnist takes conditioning, name, width"),
    ],
)
def test_impossible_networks_of_points(change, shape, message):
    one = config(implicit.point_network())
    one.update_from_flattened_dict(change)
    with pytest.raises(UserError, match=message):
        implicit.make_networks(one, shape, 3)
