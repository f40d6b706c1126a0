"""Value functions of adversarial games, one side and one example at a time.

A discriminator gives the logit of an example: large for "real" (positive), small for "fake"
(negative). Each value function has a loss for each of the four parties:

    real_loss       discriminator, on the real side
    fake_loss       discriminator, on the fake side
    generator_loss  the players that made the fake side (they fool the discriminator)
    inference_loss  the players that made the real side, where that side is made too, as by the
                    encoders of "Adversarially Learned Mixture Model" (they fool it as well)

so that a game with two fake sides, or with real and fake batches of different sizes, is a sum of
means of these. Below D = sigmoid(logit), except where a value function uses the logit itself.

Every function takes logits of shape (B,), any real number, and returns losses of shape (B,), to be
minimised, in natural logarithms and at least float32. Finite float32 logits up to ±1e4 give finite
losses and gradients. Every function raises an AssertionError (from chex) where logits are not
floating or have another rank: (B, 1) would broadcast silently against (B,).
"""

from collections.abc import Callable
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp

from aae_jax.losses import _checks

# exp(D - 1) is continued by its tangent beyond D - 1 = 20, or float32 would overflow at 88.
_FGAN_KL_LINEAR_FROM = 20.0


def real_loss(d_real_logits: jax.Array) -> jax.Array:
    """Cross entropy of the real side, -log D(real): (B,) logits to (B,) losses, at least 0.

    Source: "Adversarially Learned Mixture Model", Algorithm 1, -log rho_q; "AIM: Adversarial
    Inference by Matching Priors and Conditionals", Eq. 7.
    """
    (logits,) = _checks.logits(d_real_logits)
    return jax.nn.softplus(-logits)


def fake_loss(d_fake_logits: jax.Array) -> jax.Array:
    """Cross entropy of the fake side, -log(1 - D(fake)): (B,) logits to (B,) losses, at least 0.

    Source: "Adversarially Learned Mixture Model", Algorithm 1, -log(1 - rho_p); "AIM: Adversarial
    Inference by Matching Priors and Conditionals", Eq. 7.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return jax.nn.softplus(logits)


def non_saturating_generator_loss(d_fake_logits: jax.Array) -> jax.Array:
    """-log D(fake): (B,) logits to (B,) losses, at least 0; strong gradients while fakes are bad.

    Source: "Adversarially Learned Mixture Model", Algorithm 1, synthesis players, -log rho_p;
    "AIM: Adversarial Inference by Matching Priors and Conditionals", Algorithm 1, L_g.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return jax.nn.softplus(-logits)


def non_saturating_inference_loss(d_real_logits: jax.Array) -> jax.Array:
    """-log(1 - D(real)): (B,) logits to (B,) losses, at least 0.

    Source: "Adversarially Learned Mixture Model", Algorithm 1, inference players,
    -log(1 - rho_q).
    """
    (logits,) = _checks.logits(d_real_logits)
    return jax.nn.softplus(logits)


def minimax_generator_loss(d_fake_logits: jax.Array) -> jax.Array:
    """log(1 - D(fake)): (B,) logits to (B,) losses, at most 0; vanishes while fakes are bad.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 7, as the
    generator descends it.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return -jax.nn.softplus(logits)


def minimax_inference_loss(d_real_logits: jax.Array) -> jax.Array:
    """log D(real): (B,) logits to (B,) losses, at most 0.

    Source: "Adversarially Learned Inference", Section 2, the value function, as the encoder
    descends it.
    """
    (logits,) = _checks.logits(d_real_logits)
    return -jax.nn.softplus(-logits)


def least_squares_real_loss(d_real_logits: jax.Array) -> jax.Array:
    """1/2 (logit - 1)^2, real target b = 1: (B,) logits to (B,) losses, at least 0.

    Source: "Least Squares Generative Adversarial Networks", Eq. 9.
    """
    (logits,) = _checks.logits(d_real_logits)
    return 0.5 * jnp.square(logits - 1.0)


def least_squares_fake_loss(d_fake_logits: jax.Array) -> jax.Array:
    """1/2 logit^2, fake target a = 0: (B,) logits to (B,) losses, at least 0.

    Source: "Least Squares Generative Adversarial Networks", Eq. 9.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return 0.5 * jnp.square(logits)


def least_squares_generator_loss(d_fake_logits: jax.Array) -> jax.Array:
    """1/2 (logit - 1)^2, generator's target c = 1: (B,) logits to (B,) losses, at least 0.

    Source: "Least Squares Generative Adversarial Networks", Eq. 9.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return 0.5 * jnp.square(logits - 1.0)


def least_squares_inference_loss(d_real_logits: jax.Array) -> jax.Array:
    """1/2 logit^2, the generator's loss mirrored: (B,) logits to (B,) losses, at least 0.

    Source: "Least Squares Generative Adversarial Networks", Eq. 9, with the sides exchanged.
    """
    (logits,) = _checks.logits(d_real_logits)
    return 0.5 * jnp.square(logits)


def hinge_real_loss(d_real_logits: jax.Array) -> jax.Array:
    """max(0, 1 - logit): (B,) logits to (B,) losses, at least 0.

    Source: "Geometric GAN", the support vector machine's hinge objective.
    """
    (logits,) = _checks.logits(d_real_logits)
    return jax.nn.relu(1.0 - logits)


def hinge_fake_loss(d_fake_logits: jax.Array) -> jax.Array:
    """max(0, 1 + logit): (B,) logits to (B,) losses, at least 0.

    Source: "Geometric GAN", the support vector machine's hinge objective.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return jax.nn.relu(1.0 + logits)


def linear_generator_loss(d_fake_logits: jax.Array) -> jax.Array:
    """-logit: (B,) logits to (B,) losses of either sign.

    The generator of the hinge game, of VEEGAN, and of the f-GAN KL game in its non-saturating
    form: against that game's perfect discriminator its mean is KL(fake || real) - 1.

    Source: "Geometric GAN", the generator's objective; "VEEGAN: Reducing Mode Collapse in GANs
    using Implicit Variational Learning", Algorithm 1; "f-GAN: Training Generative Neural Samplers
    using Variational Divergence Minimization", Section 3.2.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return -logits


def linear_inference_loss(d_real_logits: jax.Array) -> jax.Array:
    """+logit, `linear_generator_loss` mirrored: (B,) logits to (B,) losses of either sign.

    Source: "Geometric GAN", the generator's objective, with the sides exchanged; "AIM: Adversarial
    Inference by Matching Priors and Conditionals", Eq. 6, as the real side's players descend it.
    """
    (logits,) = _checks.logits(d_real_logits)
    return logits


def _exp_minus_one(logits: jax.Array) -> jax.Array:
    """exp(logits - 1), continued by its tangent where it would overflow."""
    exponent = logits - 1.0
    beyond = jnp.maximum(exponent - _FGAN_KL_LINEAR_FROM, 0.0)
    return jnp.exp(jnp.minimum(exponent, _FGAN_KL_LINEAR_FROM)) * (1.0 + beyond)


def fgan_kl_real_loss(d_real_logits: jax.Array) -> jax.Array:
    """-logit, identity output: (B,) logits to (B,) losses of either sign.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 6.
    """
    (logits,) = _checks.logits(d_real_logits)
    return -logits


def fgan_kl_fake_loss(d_fake_logits: jax.Array) -> jax.Array:
    """exp(logit - 1), identity output: (B,) logits to (B,) losses, at least 0.

    Above a logit of 21 the exponential is continued by its tangent, so that float32 neither
    overflows nor stops learning.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 6.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return _exp_minus_one(logits)


def fgan_kl_generator_loss(d_fake_logits: jax.Array) -> jax.Array:
    """-exp(logit - 1), the value as the generator descends it: (B,) logits to (B,), at most 0.

    Vanishes while fakes are bad, and falls without bound where they are good; for the form that
    does neither see `linear_generator_loss`. Tangent above a logit of 21, as `fgan_kl_fake_loss`.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 6.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return -_exp_minus_one(logits)


def wasserstein_real_loss(d_real_logits: jax.Array) -> jax.Array:
    """-logit, the critic's output as it is: (B,) logits to (B,) losses of either sign.

    Source: "Wasserstein GAN", Eq. 2.
    """
    (logits,) = _checks.logits(d_real_logits)
    return -logits


def wasserstein_fake_loss(d_fake_logits: jax.Array) -> jax.Array:
    """The critic's output as it is: (B,) logits to (B,) losses of either sign.

    The generator's side is `linear_generator_loss`. The critic must be kept Lipschitz, as by
    `gradient_penalty`.

    Source: "Wasserstein GAN", Eq. 2.
    """
    (logits,) = _checks.logits(d_fake_logits)
    return logits


LossFn = Callable[[jax.Array], jax.Array]


class AdversarialValue(NamedTuple):
    """The four sides of a value function; each maps logits (B,) to losses (B,).

    Attributes:
        real: the discriminator's loss on the real side.
        fake: the discriminator's loss on the fake side.
        generator: the loss, on the fake side, of the players that made it.
        inference: the loss, on the real side, of the players that made it.
    """

    real: LossFn
    fake: LossFn
    generator: LossFn
    inference: LossFn

    def discriminator(self, d_real_logits: jax.Array, d_fake_logits: jax.Array) -> jax.Array:
        """The discriminator's loss on pairs of a real and a fake example.

        Args:
            d_real_logits: (B,).
            d_fake_logits: (B,), as many as real ones.

        Returns:
            real + fake, shape (B,). For unequal batches add the means of `real` and `fake`.

        Raises:
            AssertionError: if a shape is not (B,) or the two differ.
        """
        chex.assert_rank([d_real_logits, d_fake_logits], 1)
        chex.assert_equal_shape([d_real_logits, d_fake_logits])
        return self.real(d_real_logits) + self.fake(d_fake_logits)


VALUES = {
    "non_saturating": AdversarialValue(
        real_loss, fake_loss, non_saturating_generator_loss, non_saturating_inference_loss
    ),
    "minimax": AdversarialValue(
        real_loss, fake_loss, minimax_generator_loss, minimax_inference_loss
    ),
    "least_squares": AdversarialValue(
        least_squares_real_loss,
        least_squares_fake_loss,
        least_squares_generator_loss,
        least_squares_inference_loss,
    ),
    "hinge": AdversarialValue(
        hinge_real_loss, hinge_fake_loss, linear_generator_loss, linear_inference_loss
    ),
    "wasserstein": AdversarialValue(
        wasserstein_real_loss, wasserstein_fake_loss, linear_generator_loss, linear_inference_loss
    ),
    "fgan_kl": AdversarialValue(
        fgan_kl_real_loss, fgan_kl_fake_loss, fgan_kl_generator_loss, linear_inference_loss
    ),
    "fgan_kl_non_saturating": AdversarialValue(
        fgan_kl_real_loss, fgan_kl_fake_loss, linear_generator_loss, linear_inference_loss
    ),
}
