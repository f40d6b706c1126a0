"""What the configs of AIM's paper share: its baselines, data sets, lengths, tests."""

from ml_collections import ConfigDict

from aae_jax import config as base
from aae_jax import priors
from aae_jax.methods import adversarial_inference, aim, ali, gan, unrolled_gan, veegan
from aae_jax.optimizers import adam, adam_by_root, adam_falling


def matching(dim: int) -> ConfigDict:
    """The config of AIM, without networks and data; `dim` dimensions of z."""
    return _of("aim", aim.options(dim))


def matching_fixed_variance(dim: int) -> ConfigDict:
    """The config of AIM-, whose q(z|x) has unit variance, without networks and data."""
    config = matching(dim)
    config.game.variance = "fixed"
    return config


def joint(dim: int, cycle: float = 0.0, norm: str = "l2") -> ConfigDict:
    """The config of ALI or, with a cost of reconstructions, of ALICE, without networks and data."""
    config = _of("ali", ali.options(dim))
    config.game.cycle = cycle
    config.game.norm = norm
    return config


def code_reconstructing(dim: int) -> ConfigDict:
    """The config of VEEGAN, without networks and data."""
    return _of("veegan", veegan.options(dim))


def plain(dim: int) -> ConfigDict:
    """The config of a GAN, without networks and data."""
    config = _of("gan", gan.options())
    config.game.prior = priors.gaussian(dim)
    return config


def unrolled(dim: int) -> ConfigDict:
    """The config of Unrolled GAN, without networks and data."""
    config = _of("unrolled_gan", unrolled_gan.options())
    config.game.prior = priors.gaussian(dim)
    return config


def _of(method: str, game: ConfigDict) -> ConfigDict:
    config = base.base()
    config.method = method
    config.game = game
    config.optimizer = adam()
    return config


def on_grid(config: ConfigDict) -> None:
    """Trains on 25 Gaussians of the plane (Table 2, Fig. 3).

    Networks, noise, length, batch and rates are ours and the same for every game: the paper takes
    its baselines' figures from other papers, whose networks differ. What was tried for AIM, on one
    or two seeds and 10,000 steps, three layers of 128 units: without noise 12 to 20 modes, whatever
    the rate (3e-4 to 2e-3), batch (128, 512), weight (0.05 to 0.5), batch norm, averaging of
    parameters or width of the code; rates that fall bring 75 to 85 % of high quality, others 6 %.
    Noise that falls over the first half of the run keeps 18 to 20 modes, over most of it, without
    momentum, all 25.
    """
    config.network = adversarial_inference.point_network()
    config.network.hidden = (128, 128, 128)
    config.game.noise = 1.0
    config.game.noise_epochs = 41.0
    config.optimizer = adam_falling(1e-3, b1=0.0, falls=(25.0, 51.0))
    config.data.name = "gaussian_grid"
    config.batch_size = 256
    config.steps = 20_000  # 51 epochs
    config.checkpoint.every = config.evaluation.every = 2_000
    config.evaluation.periodic = ("modes",)
    config.evaluation.metrics = ("modes",)
    config.evaluation.figures = ("sample_scatter",)


def on_mnist(config: ConfigDict) -> None:
    """Trains on MNIST as Table 3 says: 400 epochs of 600 steps."""
    config.network = adversarial_inference.network("aim_mnist")
    config.optimizer = adam_by_root()
    config.data.name = "mnist"
    config.data.image_size = 28
    base.for_epochs(config, 400, images=60_000)
    _on_images(config)


def on_cifar10(config: ConfigDict) -> None:
    """Trains on CIFAR-10 at 64x64 as Table 4 says: 300 epochs of 500 steps."""
    config.data.name = "cifar10"
    _on_64(config, images=50_000)


def on_celeba(config: ConfigDict) -> None:
    """Trains on CelebA at 64x64 as Table 4 says: 300 epochs."""
    config.data.name = "celeb_a"
    _on_64(config, images=162_770)


def _on_64(config: ConfigDict, images: int) -> None:
    config.network = adversarial_inference.network("aim_64")
    config.optimizer = adam_by_root()
    config.data.image_size = 64
    config.data.resize = "bilinear"
    config.data.value_range = (-1.0, 1.0)
    base.for_epochs(config, 300, images=images)
    _on_images(config)


def _on_images(config: ConfigDict) -> None:
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("samples", "reconstructions", "interpolations")


def tiny(config: ConfigDict) -> ConfigDict:
    """Makes two steps of narrow networks on random images of a config, for tests."""
    config.network.width = 0.02
    channels = 1 if config.network.name == "aim_mnist" else 3
    base.use_random_data(config, image_size=config.data.image_size, channels=channels)
    return config


def tiny_points(config: ConfigDict) -> ConfigDict:
    """Makes two steps of narrow networks on a few points of a config, for tests."""
    config.network.hidden = (8, 8)
    base.use_few_points(config)
    return config
