"""Labels in an adversarial autoencoder: "Adversarial Autoencoders", Section 3 and Fig. 3."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, InferenceFn, Play
from aae_jax.methods.autoencoder import parts_of_prior
from aae_jax.methods.draws import draw_z
from aae_jax.priors import ANY, Categorical, Prior

Stream = tuple[jax.Array, jax.Array]  # examples x (B, ...), labels int32 (B,), ANY = unlabelled


@dataclass(frozen=True)
class NoLabels:
    """The game of Section 2.

    Attributes:
        prior: p(z).
    """

    prior: Prior

    @property
    def components(self) -> int:
        """Number of parts that codes can be drawn of."""
        return self.prior.components

    @property
    def classes(self) -> int:
        """Number of classes of the labels that the game reads."""
        return 0

    @property
    def reads_subset(self) -> bool:
        """Whether labels come from minibatches of the labelled subset."""
        return False

    @property
    def code_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each part of a code, in the order in which the decoder reads them."""
        return {"z": (self.prior.dim,)}

    @property
    def switch_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of what the discriminator reads besides z."""
        return ()

    def streams(self, batch: Batch) -> list[Stream]:
        """The parts of a minibatch and their labels; the first covers all training data."""
        return [_unlabelled(batch)]

    def switch(self, label: jax.Array) -> tuple[jax.Array, ...]:
        """What the discriminator reads besides z."""
        del label
        return ()

    def component(self, label: jax.Array) -> jax.Array:
        """The part of the prior that codes of a label are matched to, `ANY` for all of it."""
        return jnp.full_like(label, ANY)

    def condition(self, label: jax.Array) -> Code:
        """The part of a code that the label gives."""
        del label
        return {}

    def draw(self, play: Play, component: jax.Array) -> Code:
        """Codes of components (n,), `ANY` for any."""
        return {"z": draw_z(play, self.prior, component)}

    def inference(self) -> dict[str, InferenceFn]:
        """What else a trained model can do."""
        return parts_of_prior(self.prior)


@dataclass(frozen=True)
class InDiscriminator(NoLabels):
    """Section 3.1, Fig. 3a: a one-hot label selects the discriminator's decision boundary.

    It has K + 1 classes, the last one for unlabelled examples. Labelled codes are matched to the
    component of their label, unlabelled ones to the whole prior.

    Attributes:
        semi_supervised: labels come from a stream of their own, all of x counts as unlabelled;
            else every x has its label.
    """

    semi_supervised: bool

    @property
    def classes(self) -> int:
        return self.prior.components

    @property
    def reads_subset(self) -> bool:
        return self.semi_supervised

    @property
    def switch_shapes(self) -> tuple[tuple[int, ...], ...]:
        return ((self.prior.components + 1,),)

    def streams(self, batch: Batch) -> list[Stream]:
        if not self.semi_supervised:
            return [_labelled(batch)]
        return [_unlabelled(batch), _labelled(batch, "_labelled")]

    def switch(self, label: jax.Array) -> tuple[jax.Array, ...]:
        unlabelled = self.prior.components
        return (jax.nn.one_hot(jnp.where(label < 0, unlabelled, label), unlabelled + 1),)

    def component(self, label: jax.Array) -> jax.Array:
        return label


@dataclass(frozen=True)
class InDecoder(NoLabels):
    """Section 3.2, Fig. 3b: the decoder reads a one-hot label y, so that z is left with the style.

    Attributes:
        num_classes: number of classes.
    """

    num_classes: int

    @property
    def classes(self) -> int:
        return self.num_classes

    @property
    def components(self) -> int:
        return self.classes

    @property
    def code_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"y": (self.classes,), "z": (self.prior.dim,)}

    def streams(self, batch: Batch) -> list[Stream]:
        return [_labelled(batch)]

    def condition(self, label: jax.Array) -> Code:
        return {"y": jax.nn.one_hot(label, self.classes)}

    def draw(self, play: Play, component: jax.Array) -> Code:
        y = draw_z(play, Categorical(self.classes), component)
        return {"y": y, "z": draw_z(play, self.prior, self.component(component))}

    def inference(self) -> dict[str, InferenceFn]:
        # A model's components are the labels here, so the prior's own parts stay inside.
        return {"condition": lambda play, label: self.condition(label)}


def _unlabelled(batch: Batch) -> Stream:
    x = batch["x"]
    return x, jnp.full(x.shape[0], ANY, jnp.int32)


def _labelled(batch: Batch, stream: str = "") -> Stream:
    return batch[f"x{stream}"], batch[f"label{stream}"]


def make_labels(config: ConfigDict, prior: Prior) -> NoLabels:
    """Builds what `config.game.labels` says.

    Args:
        config: an experiment's config; semi-supervised where `config.data.labelled` is above 0.
        prior: p(z).

    Raises:
        UserError: unknown choice, or one that does not fit the prior or the data.
    """
    game = config.game
    checks.choice("game.labels", game.labels, ("none", "discriminator", "decoder"))
    if game.labels == "none":
        return NoLabels(prior)
    checks.at_least("game.classes", game.classes, 2)
    if game.labels == "discriminator":
        if prior.components != game.classes:
            raise UserError(
                f"game.labels is 'discriminator' but the prior has {prior.components} components "
                f"for game.classes={game.classes}: choose a prior with one for each class"
            )
        return InDiscriminator(prior, semi_supervised=config.data.labelled > 0)
    return InDecoder(prior, game.classes)
