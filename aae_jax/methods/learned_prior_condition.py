"""The condition of a learned prior: "Learning Priors for Adversarial Autoencoders", Section 4."""

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses, priors
from aae_jax.game import Batch, Play
from aae_jax.methods.draws import draw_z

Parts = tuple[jax.Array, ...]  # s (B, width), or nothing


@dataclass(frozen=True)
class NoCondition:
    """Images alone (Section 4.1).

    Attributes:
        width: dimensions of s, 0 without a condition.
    """

    width: int = 0

    @property
    def components(self) -> int:
        """Number of values that s can be drawn of, 0 where it is not drawn."""
        return 0

    @property
    def classes(self) -> int:
        """Number of classes of the labels that the game reads."""
        return 0

    @property
    def sentence(self) -> int:
        """Dimensions of the sentence embeddings that the game reads."""
        return 0

    @property
    def told(self) -> bool:
        """Whether the image discriminator reads s beside the image."""
        return False

    def draw(self, play: Play, component: jax.Array) -> Parts:
        """s of components (n,), `ANY` for any."""
        del play, component
        return ()

    def of_batch(self, play: Play, batch: Batch) -> Parts:
        """s for the images of a minibatch."""
        return self.draw(play, jnp.full(batch["x"].shape[0], priors.ANY))

    def read(self, s: Parts) -> Parts:
        """What the image discriminator reads of s."""
        return s if self.told else ()


@dataclass(frozen=True)
class CategoricalCode(NoCondition):
    """s is a one-hot draw, which Q reads off the image (Section 4.2.2)."""

    @property
    def components(self) -> int:
        return self.width

    def draw(self, play: Play, component: jax.Array) -> Parts:
        return (draw_z(play, priors.Categorical(self.width), component),)

    def information_loss(self, guess: jax.Array, s: jax.Array) -> jax.Array:
        """-log Q(s|x) (B,) of the guess (B, width), logits, that Q makes of an image."""
        return losses.categorical_information_loss(guess, s)


@dataclass(frozen=True)
class Label(CategoricalCode):
    """s is the image's label (Section 4.2.1)."""

    @property
    def classes(self) -> int:
        return self.width

    @property
    def told(self) -> bool:
        return True

    def of_batch(self, play: Play, batch: Batch) -> Parts:
        return self.draw(play, batch["label"])


@dataclass(frozen=True)
class Sentence(NoCondition):
    """s is the embedding of a caption of the image (Section 4.3)."""

    @property
    def sentence(self) -> int:
        return self.width

    @property
    def told(self) -> bool:
        return True

    def of_batch(self, play: Play, batch: Batch) -> Parts:
        return (batch["caption"],)

    def read(self, s: Parts) -> Parts:
        # Its numbers have a deviation of 1: it is made as long as a one-hot label.
        return tuple(part / math.sqrt(self.width) for part in s)

    def information_loss(self, guess: jax.Array, s: jax.Array) -> jax.Array:
        """-log Q(s|x) (B,) of the guess (B, width) that Q makes: a Gaussian of deviation 1.

        A deviation of its own would make Q's likelihood, and with it the term, grow without end
        where many images share a caption.
        """
        return losses.gaussian_information_loss(s, guess, jnp.zeros_like(guess))


def make_condition(game: ConfigDict) -> NoCondition | CategoricalCode | Sentence:
    """The condition that `config.game` asks for.

    Raises:
        UserError: unknown choice.
    """
    made = {
        "none": NoCondition(),
        "label": Label(game.components),
        "categorical": CategoricalCode(game.components),
        "text": Sentence(game.sentence),
    }
    checks.choice("game.condition", game.condition, made)
    return made[game.condition]
