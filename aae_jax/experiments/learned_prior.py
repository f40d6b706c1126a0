"""What the configs of "Learning Priors for Adversarial Autoencoders" share.

The paper prints networks and codes; lengths, batches, rates and weights are ours.
"""

from ml_collections import ConfigDict

from aae_jax.experiments import common
from aae_jax.methods import learned_prior as method


def generating(code: int) -> ConfigDict:
    """The config of image generation (Section 4.1), without data; `code` dimensions of z."""
    config = common.of_method(
        "learned_prior", method.options(code), method.optimizer(), method.network()
    )
    config.evaluation.periodic = ("reconstruction", "code_match")
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("samples_with_neighbours", "reconstructions")
    return config


def supervised() -> ConfigDict:
    """The config of supervised disentanglement of ten classes (Section 4.2.1), without data."""
    config = _disentangling("label", noise=54)
    config.evaluation.periodic = ("classification", "reconstruction")
    config.evaluation.metrics = ("classification", "reconstruction", "code_match")
    return config


def unsupervised() -> ConfigDict:
    """The config of unsupervised disentanglement into ten (Section 4.2.2), without data."""
    config = _disentangling("categorical", noise=90)
    config.evaluation.periodic = ("clustering", "reconstruction")
    config.evaluation.metrics = ("clustering", "reconstruction", "code_match")
    return config


def text_to_image() -> ConfigDict:
    """The config of text to image (Section 4.3), without data.

    The paper prints the sizes of embedding and noise; the code is as wide as the noise here.
    """
    config = generating(code=100)
    config.game.condition = "text"
    config.game.noise = 100
    config.game.sentence = 200
    # Q's likelihood is a sum over the embedding's dimensions, where a label's is of one choice.
    config.game.information = 0.01
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction",)
    config.evaluation.figures = ("captions_with_samples", "colour_swaps", "reconstructions")
    return config


def _disentangling(condition: str, noise: int) -> ConfigDict:
    config = generating(code=noise + 10)  # as wide as the baseline's prior
    config.game.condition = condition
    config.game.noise = noise
    config.evaluation.figures = ("style_by_component", "prior_tsne", "reconstructions")
    return config


def fix_prior(config: ConfigDict) -> None:
    """Makes the baseline that differs by a fixed prior alone (Table 1, Section 4.2)."""
    config.game.prior = "fixed"


def make_plain(config: ConfigDict) -> None:
    """Makes the baseline of Section 4.1: a fixed prior, and errors of pixels."""
    fix_prior(config)
    config.game.similarity = "pixels"
    config.optimizer = method.optimizer(image_game=False)


def on_mnist(config: ConfigDict) -> None:
    """Trains on the 60,000 images of MNIST's training set, padded to 32x32."""
    config.data.name = "mnist"
    config.data.resize = "pad"
    _on_32(config, epochs=100, images=60_000)


def on_svhn(config: ConfigDict) -> None:
    """Trains on the 73,257 images of SVHN's `train`."""
    config.data.name = "svhn_cropped"
    _on_32(config, epochs=100, images=73_257)


def on_cifar10(config: ConfigDict) -> None:
    """Trains on the 50,000 images of CIFAR-10's training set."""
    config.data.name = "cifar10"
    _on_32(config, epochs=200, images=50_000)


def on_shapes(config: ConfigDict, epochs: int) -> None:
    """Trains on the 12,000 generated shapes and their captions."""
    config.data.name = "captioned_shapes"
    config.data.caption_encoder = "runs/caption_encoder_shapes"
    config.evaluation.classifier = "runs/classifier_shapes"
    config.evaluation.periodic = ("caption_agreement", "reconstruction")
    config.evaluation.metrics = ("caption_agreement", "reconstruction")
    _on_32(config, epochs, images=12_000, rhythm=20)


def on_flowers(config: ConfigDict) -> None:
    """Trains on the Oxford 102 flowers, but for a tenth; the paper does not print its split."""
    config.data.name = "captioned_folder"
    config.data.dir = "data/flowers"
    config.data.resize = "crop"
    config.data.channels = 3
    config.data.caption_encoder = "runs/caption_encoder_flowers"
    _on_32(config, epochs=600, images=7_371)


def _on_32(config: ConfigDict, epochs: int, images: int, rhythm: int = 50) -> None:
    config.data.image_size = 32
    config.data.value_range = (-1.0, 1.0)
    common.for_epochs(config, epochs, images, rhythm)


def tiny(config: ConfigDict) -> ConfigDict:
    """Makes two steps of narrow networks on random images of a config, for tests.

    Sizes of codes and images are the same for all data sets, so that a program compiled for one
    config serves others.
    """
    config.network.width = 0.02
    config.game.code += 8 - config.game.noise
    config.game.noise = 8
    if config.game.condition == "text":
        common.use_few_shapes(config)
        _judge_none(config)
    else:
        common.use_random_data(config, image_size=32, channels=3)
    return config


def _judge_none(config: ConfigDict) -> None:
    """Asks for nothing that a classifier in a workdir would have to judge."""
    config.evaluation.classifier = ""
    for field in ("periodic", "metrics"):
        names = config.evaluation[field]
        config.evaluation[field] = tuple(name for name in names if name != "caption_agreement")
