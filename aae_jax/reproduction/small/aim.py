"""AIM and what it is compared with on MNIST, in a quarter of the widths."""

from dataclasses import replace
from typing import Any

from aae_jax.reproduction.shared import CODES, MNIST_JUDGE
from aae_jax.reproduction.small.shared import QUARTER, QUICKER
from aae_jax.reproduction.tables import Number, Row, Table


def _adversarial(label: str, config: str, noise: dict[str, Any], note: str = "") -> Row:
    """AIM or a game that it is compared with, in a quarter of the widths."""
    overrides = {**QUARTER, "optimizer.learning_rate": QUICKER, **noise}
    score = (Number("inception_score"),)
    return Row(label, config, score, overrides, MNIST_JUDGE, note, steps=6000)


def _inferring(label: str, config: str, noise: dict[str, Any], note: str = "") -> Row:
    """The same, of a game that infers codes."""
    row = _adversarial(label, config, noise, note)
    return replace(row, numbers=(*CODES, *row.numbers), figures=("reconstructions",))


TABLES = (
    Table(
        "aim_narrow",
        "MNIST, AIM and what it is compared with in narrow networks",
        "Squared error of reconstructions, and inception score, by a quarter of the widths",
        (
            _adversarial("GAN", "gan_mnist_aim", {}),
            _inferring("AIM", "aim_mnist", {}),
            _inferring("AIM-", "aim_minus_mnist", {}),
            _inferring("ALICE", "alice_mnist", {}),
            _inferring(
                "ALI", "ali_mnist", {}, note="its discriminator wins, and samples become noise."
            ),
            _inferring(
                "ALI, noise on what its discriminator sees",
                "ali_mnist",
                {"game.noise": 0.3, "game.noise_epochs": 400.0},
            ),
        ),
        trials=3,
        protocol=(
            "Ten epochs at rates that begin with 1e-3; the configs have 400, at a fifth of the "
            "rates, which are too low for weights of 0.02 in layers so narrow.",
            "All settings were chosen for AIM, but for the noise of the last row.",
            "The judge is the classifier of classifier_mnist.",
        ),
        figures=("samples",),
    ),
)
