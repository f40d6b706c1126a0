"""p(y, z) of "Adversarially Learned Mixture Model": a Gaussian of z for each value of y."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from aae_jax import losses
from aae_jax.errors import UserError
from aae_jax.game import Code, Play
from aae_jax.methods.draws import reparametrise

PRIORS = ("learned", "fixed", "independent")  # names in `config.game.prior`
DIRECTIONS = ("orthogonal", "random")  # names in `config.game.prior_directions`


@dataclass(frozen=True)
class JointPrior:
    """p(y) p(z|y), Eqs. 11 and 12, or p(y) p(z), Eq. 16.

    Attributes:
        components: K.
        code: dimensions d of z.
        kind: one of `PRIORS`: p(z|y) is a network, a unit Gaussian with a mean of its own for each
            y, or N(0, I) whatever y.
        radius: length of the means of a fixed prior, in the end.
        directions: of these means, one of `DIRECTIONS`.
        first_radius: their length at first.
        moving_steps: steps in which they move out, linearly; 0 where they stay.
        weights: p(y), K shares; None for equal ones.
    """

    components: int
    code: int
    kind: str
    radius: float
    directions: str
    first_radius: float
    moving_steps: float
    weights: tuple[float, ...] | None = None

    def moments(self, play: Play, y: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Mean and log-variance (n, d) of p(z|y) for one-hot y (n, K)."""
        if self.kind == "learned":
            return play("prior", y)
        if self.kind == "independent":
            mean = jnp.zeros((y.shape[0], self.code))
        else:
            mean = y @ self._means(play)
        return mean, jnp.zeros_like(mean)

    def _means(self, play: Play) -> jax.Array:
        """Means (K, d) of a fixed prior, as far out as they are at the step of the evaluation."""
        make = functools.partial(
            mixture_means, self.components, self.code, directions=self.directions
        )
        if not self.moving_steps or play.step is None:
            return jnp.asarray(make(radius=self.radius))
        moved = jnp.minimum(1.0, play.step / self.moving_steps)
        return make(radius=1.0) * (self.first_radius + moved * (self.radius - self.first_radius))

    def draw(self, play: Play, component: jax.Array) -> Code:
        """y one-hot and z ~ p(z|y) (Eq. 12) of components (n,)."""
        y = jax.nn.one_hot(component, self.components)
        mean, logvar = self.moments(play, y)
        return {"y": y, "z": reparametrise(play, mean, logvar)}

    def draw_component(self, play: Play, n: int) -> jax.Array:
        """n components (n,) ~ p(y)."""
        keys, k = play.keys(n), self.components
        if self.weights is None:
            return jax.vmap(lambda key: jax.random.randint(key, (), 0, k))(keys)
        return jax.vmap(lambda key: jax.random.categorical(key, self._log_weights()))(keys)

    def log_joint(self, play: Play, z: jax.Array) -> jax.Array:
        """log p(z|y=k) + log p(y=k) of Eq. 19, (n, K)."""
        mean, logvar = self.moments(play, jnp.eye(self.components))
        return log_prob_by_component(z, mean, logvar) + self._log_weights()[None]

    def _log_weights(self) -> jax.Array:
        k = self.components
        return jnp.log(jnp.asarray(self.weights or (1 / k,) * k))


def make_mixture(
    config: ConfigDict, steps_per_epoch: int, frequencies: Sequence[float] | None = None
) -> JointPrior:
    """The p(y, z) that `config.game` describes.

    Args:
        config: an experiment's config.
        steps_per_epoch: updates in one pass over the training data.
        frequencies: shares of the classes, which p(y) takes; None for equal ones.

    Raises:
        UserError: there are not as many classes as components, or none of one class.
    """
    game = config.game
    if frequencies is not None:
        if len(frequencies) != game.components:
            raise UserError(
                f"game.components is {game.components}: the labels are of {len(frequencies)} "
                "classes, and each needs a component"
            )
        if min(frequencies) == 0:
            raise UserError(
                f"no label is of class {np.argmin(frequencies)}, so p(y) would leave it out: raise "
                "data.labelled, or set data.labelled_balanced=True"
            )
        frequencies = tuple(map(float, frequencies))
    return JointPrior(
        components=game.components,
        code=game.code,
        kind=game.prior,
        radius=game.prior_radius,
        directions=game.prior_directions,
        first_radius=game.prior_first_radius,
        moving_steps=game.prior_epochs * steps_per_epoch,
        weights=frequencies,
    )


def mixture_means(
    components: int, dim: int, radius: float, directions: str = "orthogonal"
) -> np.ndarray:
    """Means of a fixed mixture of unit Gaussians: directions of one length, drawn once.

    "Adversarially Learned Mixture Model" fixes no means. Orthogonal ones all keep a distance of
    `radius * sqrt(2)` at least; of ten random ones in 16 dimensions the nearest two come to
    `0.88 * radius`.

    Args:
        components: K.
        dim: dimensions d of z.
        radius: length of each mean.
        directions: one of `DIRECTIONS`: orthogonal, and beyond d of them their opposites, or drawn
            independently.

    Returns:
        Means (K, d), the same in every run.

    Raises:
        ValueError: `directions` has another value, or is "orthogonal" while K > 2 d.
    """
    if directions not in DIRECTIONS:
        raise ValueError(f"directions is {directions!r}: choose one of {', '.join(DIRECTIONS)}")
    rng = np.random.default_rng(0)
    if directions == "random":
        means = rng.normal(size=(components, dim))
        means /= np.linalg.norm(means, axis=1, keepdims=True)
    elif components <= 2 * dim:
        basis = np.linalg.qr(rng.normal(size=(dim, dim)))[0].T
        means = np.concatenate([basis, -basis])[:components]
    else:
        raise ValueError(
            f"{components} orthogonal means do not fit {dim} dimensions: at most {2 * dim} do"
        )
    return (radius * means).astype(np.float32)


def log_prob_by_component(z: jax.Array, mean: jax.Array, logvar: jax.Array) -> jax.Array:
    """Log density of z (B, d) under K diagonal Gaussians with moments (K, d); returns (B, K)."""

    def of_component(mean: jax.Array, logvar: jax.Array) -> jax.Array:
        moments = (jnp.broadcast_to(moment, z.shape) for moment in (mean, logvar))
        return -losses.gaussian_nll(z, *moments)

    return jax.vmap(of_component, out_axes=1)(mean, logvar)
