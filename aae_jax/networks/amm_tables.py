"""Sizes of the networks of "Adversarially Learned Mixture Model", Tables 3 to 10."""

from dataclasses import replace
from typing import NamedTuple

from aae_jax.networks.amm import (
    CoupledDecoder,
    CoupledEncoder,
    JointDiscriminator,
    MixturePrior,
    Stage,
)
from aae_jax.networks.layers import widen


class AMMNetworks(NamedTuple):
    """The networks of one table.

    Attributes:
        encoder: q(y, z|x).
        prior: p(z|y), where it is learned.
        decoder: x from (y, z).
        discriminator: logits of (x, y, z).
    """

    encoder: CoupledEncoder
    prior: MixturePrior
    decoder: CoupledDecoder
    discriminator: JointDiscriminator


def scale(nets: AMMNetworks, width: float) -> AMMNetworks:
    """Multiplies all inner widths of the networks; codes and images keep theirs."""

    def one(n: int) -> int:
        return widen(width, n)[0]

    def stages(table: tuple[Stage, ...], keep: int = 0) -> tuple[Stage, ...]:
        """Scales all rows but the last `keep`."""
        inner = len(table) - keep
        return tuple(
            replace(stage, features=one(stage.features)) if index < inner else stage
            for index, stage in enumerate(table)
        )

    encoder, prior, decoder, discriminator = nets
    return AMMNetworks(
        encoder.clone(trunk=stages(encoder.trunk), stages=stages(encoder.stages)),
        prior.clone(hidden=widen(width, *prior.hidden)),
        decoder.clone(first=one(decoder.first), stages=stages(decoder.stages, keep=1)),
        discriminator.clone(
            stages=stages(discriminator.stages),
            hidden=one(discriminator.hidden),
            joint=one(discriminator.joint),
        ),
    )


def amm_mnist(components: int, code: int, leader: str, channels: int) -> AMMNetworks:
    """Tables 3 to 6: 28x28 images through maps of 27, 13, 6, 4 and 1."""
    rate = 0.2
    stages = (
        Stage(32, 2, 1, dropout=rate),
        Stage(32, 3, 2, dropout=rate),
        Stage(64, 3, 2, dropout=rate),
        Stage(64, 3, 1, dropout=rate),
        Stage(128, 4, 1, dropout=rate),
    )
    return AMMNetworks(
        CoupledEncoder(
            components,
            code,
            leader,
            trunk=(),
            stages=stages,
        ),
        MixturePrior(code, hidden=(64, 64), learned_variance=False),
        CoupledDecoder(
            first=128,
            stages=(
                Stage(64, 4, 1, dropout=rate),
                Stage(64, 3, 1, dropout=rate),
                Stage(32, 3, 2, dropout=rate),
                Stage(32, 3, 2, dropout=rate),
                Stage(channels, 2, 1, dropout=rate),
            ),
        ),
        JointDiscriminator(
            stages=(replace(stages[0], dropout=0.0), *stages[1:]),
            hidden=64,
            joint=256,
            dropout=rate,
        ),
    )


def amm_svhn(components: int, code: int, leader: str, channels: int) -> AMMNetworks:
    """Tables 7 to 10: 32x32 images.

    Two rows of Table 9 are changed, since as printed the maps reach 16x16 only: the fifth stage
    has width 4 and stride 2 (13 to 28), the sixth width 5 (28 to 32). The sixth gives the image's
    channels at once, the table's 4 being unable to become 3 in a sum.
    """
    return AMMNetworks(
        CoupledEncoder(
            components,
            code,
            leader,
            trunk=(
                Stage(96, 3, padding="SAME"),
                Stage(96, 3, padding="SAME"),
                Stage(96, 3, padding="SAME", pool="max"),
                Stage(192, 3, padding="SAME"),
                Stage(192, 3, padding="SAME"),
                Stage(192, 3, padding="SAME", pool="max"),
                Stage(384, 3),
            ),
            stages=(Stage(192, 1), Stage(96, 1, pool="mean")),
        ),
        MixturePrior(code, hidden=(), learned_variance=True),
        CoupledDecoder(
            first=512,
            stages=(
                Stage(256, 4, 1),
                Stage(256, 3, 1),
                Stage(128, 3, 2),
                Stage(128, 4, 2),
                Stage(channels, 5, 1),
            ),
        ),
        JointDiscriminator(
            stages=(
                Stage(96, 3, padding="SAME"),
                Stage(96, 3, padding="SAME"),
                Stage(96, 3, padding="SAME", pool="max"),
                Stage(192, 3, padding="SAME", dropout=0.1),
                Stage(192, 3, padding="SAME"),
                Stage(192, 3, padding="SAME", pool="max"),
                Stage(384, 3, dropout=0.1),
                Stage(192, 1),
                Stage(96, 1, pool="mean"),
            ),
            hidden=96,
            joint=288,
            dropout=0.1,
        ),
    )


def amm_digits(components: int, code: int, leader: str, channels: int) -> AMMNetworks:
    """The MNIST tables in small: 16x16 images through maps of 7, 3 and 1; ours.

    The discriminator has no dropout: with it, on these few images, it is too weak to tell the two
    joint distributions apart, and clusters form later and worse.
    """
    rate = 0.2
    stages = (
        Stage(32, 4, 2, dropout=rate),
        Stage(64, 3, 2, dropout=rate),
        Stage(128, 3, 1, dropout=rate),
    )
    return AMMNetworks(
        CoupledEncoder(
            components,
            code,
            leader,
            trunk=(),
            stages=stages,
        ),
        MixturePrior(code, hidden=(64, 64), learned_variance=False),
        CoupledDecoder(
            first=128,
            stages=(
                Stage(64, 3, 1, dropout=rate),
                Stage(32, 3, 2, dropout=rate),
                Stage(channels, 4, 2, dropout=rate),
            ),
        ),
        JointDiscriminator(
            stages=tuple(replace(stage, dropout=0.0) for stage in stages),
            hidden=64,
            joint=256,
            dropout=0.0,
        ),
    )


# Name in `config.network.name` -> (table, image size it is made for).
TABLES = {
    "amm_mnist": (amm_mnist, 28),
    "amm_svhn": (amm_svhn, 32),
    "amm_digits": (amm_digits, 16),
}
