"""The settings that the papers print stand in the configs of their experiments."""

import fnmatch
import importlib
import json

import pytest

from aae_jax import workdir
from tests.configs import config_names

SGD = {
    f"optimizer.{phase}.{field}": value
    for phase, rate, momentum in (
        ("reconstruction", 0.01, 0.9),
        ("discriminator", 0.1, 0.1),
        ("generator", 0.1, 0.1),
    )
    for field, value in (("learning_rate", rate), ("momentum", momentum), ("drops", [50, 1000]))
}
ADAM = {"optimizer.name": "adam", "optimizer.learning_rate": 2e-4, "optimizer.b1": 0.5}
MIXTURE = {"game.prior": "learned", "game.code": 64, "game.gradient_penalty": 10.0, **ADAM}
BY_ROOT = {**ADAM, "optimizer.name": "adam_by_root"}
# Pattern of configs' names -> what the paper gives them, in its order: Adversarially Learned
# Mixture Model, Adversarial Autoencoders, Learning Priors, Implicit Autoencoders, AIM.
PRINTED = {
    "amm_mnist*": {"data.validation_size": 5000},
    "amm_mnist": {"game.components": 10, **MIXTURE},
    "amm_mnist_20": {"game.components": 20, **MIXTURE},
    "amm_mnist_30": {"game.components": 30, **MIXTURE},
    "amm_svhn*": {"game.gradient_penalty": 0.01, "game.prior": "learned", **ADAM},
    "amm_svhn": {"game.components": 30},
    "amm_svhn_20": {"game.components": 20},
    "samm_svhn_1000_labels": {"game.gradient_penalty": 0.01, "data.labelled": 1000, **ADAM},
    "aae_mnist_*_labels": {"game.input_noise": 0.3, "network.hidden": [1000, 1000], **SGD},
    "aae_mnist_*_clusters": {
        "network.hidden": [3000, 3000],
        "network.input_dropout": 0.2,
        "network.batch_norm": True,
        "game.prior.dim": 5,
        **SGD,
    },
    "aae_mnist_16_clusters": {"game.components": 16},
    "aae_mnist_30_clusters": {"game.components": 30},
    "aae_mnist_likelihood": {"game.prior.dim": 8, "game.prior.std": 5.0},
    "aae_tfd_likelihood": {"game.prior.dim": 15, "game.prior.std": 10.0},
    "aae_mnist_style": {"game.prior.dim": 15},
    "learned_prior_mnist": {"game.code": 8},
    "learned_prior_cifar10": {"game.code": 64},
    "learned_prior_cifar10_2000": {"game.code": 2000},
    "learned_prior_*_labels": {"game.code": 64, "game.noise": 54, "game.condition": "label"},
    "learned_prior_*_10_clusters": {"game.condition": "categorical", "game.noise": 90},
    "learned_prior_flowers_text": {"game.sentence": 200, "game.noise": 100},
    "iae_mnist_deterministic*": {"game.prior.dim": 20, "game.local_code": 0},
    "iae_mnist_stochastic_10*": {"game.prior.dim": 10, "game.local_code": 100},
    "iae_mnist_stochastic_5": {"game.prior.dim": 5, "game.local_code": 100},
    "iae_svhn_deterministic": {"game.prior.dim": 150},
    "iae_svhn_stochastic": {"game.prior.dim": 75, "game.local_code": 1000},
    "iae_celeba_deterministic": {"game.prior.dim": 150, "data.image_size": 48},
    "iae_celeba_stochastic": {"game.prior.dim": 50, "game.local_code": 1000},
    "iae_*_deterministic*": {"network.conditioning": "location_dependent"},
    "iae_*_stochastic*": {"network.conditioning": "location_dependent"},
    "iae_mnist_30_clusters": {
        "game.prior.components": 30,
        "game.local_code": 10,
        "network.conditioning": "location_invariant",
    },
    "iae_*_labels": {"network.conditioning": "location_invariant"},
    "fiae_mnist": {"game.prior.dim": 15},
    "fiae_mnist_10_clusters": {"game.prior.components": 10, "game.local_code": 10},
    "*_mnist_aim": {"network.name": "aim_mnist", "batch_size": 100, **BY_ROOT},
    "a[il]*_mnist": {"network.name": "aim_mnist", "game.prior.dim": 32, **BY_ROOT},
    "aim*_mnist": {"game.weight": 1 / 32, "steps": 400 * 600},
    "a[il]*_c*": {"network.name": "aim_64", "data.image_size": 64, **BY_ROOT},
    "gan_cifar10": {"network.name": "aim_64", "data.image_size": 64, **BY_ROOT},
    "aim_c*": {"game.weight": 1 / 64, "game.prior.dim": 64},
}


@pytest.mark.parametrize("pattern", PRINTED)
def test_configs_have_what_their_papers_print(pattern):
    names = fnmatch.filter(config_names(), pattern)
    assert names
    for name in names:
        config = importlib.import_module(f"configs.{name}").get_config()
        fields = workdir.flatten(json.loads(config.to_json()))
        found = {field: fields.get(field) for field in PRINTED[pattern]}
        assert found == PRINTED[pattern], name
