"""Loss functions of adversarial autoencoders and their relatives.

Pure functions of arrays: logits in, losses per example out, shape (B,); the caller takes means.
Natural logarithms; shapes are checked first, and a wrong one raises an AssertionError. Only jax,
optax and chex are needed.

`adversarial`: value functions of games; `VALUES[name]` holds the four sides of each
    real_loss, fake_loss                        cross entropy, the discriminator's sides
    non_saturating_generator_loss, non_saturating_inference_loss
    minimax_generator_loss, minimax_inference_loss
    least_squares_real_loss, least_squares_fake_loss,
    least_squares_generator_loss, least_squares_inference_loss
    hinge_real_loss, hinge_fake_loss
    wasserstein_real_loss, wasserstein_fake_loss
    fgan_kl_real_loss, fgan_kl_fake_loss, fgan_kl_generator_loss
    linear_generator_loss, linear_inference_loss    hinge, Wasserstein, VEEGAN, f-GAN KL
    AdversarialValue, VALUES
`gradient_penalty`: penalty on the discriminator
    gradient_penalty, interpolate
`reconstruction`: distance of a reconstruction from its data
    euclidean_reconstruction_loss, mean_squared_reconstruction_loss, cycle_loss,
    bernoulli_reconstruction_loss, feature_reconstruction_loss
`posterior`: diagonal Gaussian densities of codes
    gaussian_nll, gaussian_kl, gaussian_log_prob
`mutual_information`: bounds on what a sample tells of its code
    categorical_information_loss, gaussian_information_loss
"""

from aae_jax.losses.adversarial import (
    VALUES,
    AdversarialValue,
    fake_loss,
    fgan_kl_fake_loss,
    fgan_kl_generator_loss,
    fgan_kl_real_loss,
    hinge_fake_loss,
    hinge_real_loss,
    least_squares_fake_loss,
    least_squares_generator_loss,
    least_squares_inference_loss,
    least_squares_real_loss,
    linear_generator_loss,
    linear_inference_loss,
    minimax_generator_loss,
    minimax_inference_loss,
    non_saturating_generator_loss,
    non_saturating_inference_loss,
    real_loss,
    wasserstein_fake_loss,
    wasserstein_real_loss,
)
from aae_jax.losses.gradient_penalty import gradient_penalty, interpolate
from aae_jax.losses.mutual_information import (
    categorical_information_loss,
    gaussian_information_loss,
)
from aae_jax.losses.posterior import gaussian_kl, gaussian_log_prob, gaussian_nll
from aae_jax.losses.reconstruction import (
    bernoulli_reconstruction_loss,
    cycle_loss,
    euclidean_reconstruction_loss,
    feature_reconstruction_loss,
    mean_squared_reconstruction_loss,
)

__all__ = [
    "VALUES",
    "AdversarialValue",
    "bernoulli_reconstruction_loss",
    "categorical_information_loss",
    "cycle_loss",
    "euclidean_reconstruction_loss",
    "fake_loss",
    "feature_reconstruction_loss",
    "fgan_kl_fake_loss",
    "fgan_kl_generator_loss",
    "fgan_kl_real_loss",
    "gaussian_information_loss",
    "gaussian_kl",
    "gaussian_log_prob",
    "gaussian_nll",
    "gradient_penalty",
    "hinge_fake_loss",
    "hinge_real_loss",
    "interpolate",
    "least_squares_fake_loss",
    "least_squares_generator_loss",
    "least_squares_inference_loss",
    "least_squares_real_loss",
    "linear_generator_loss",
    "linear_inference_loss",
    "mean_squared_reconstruction_loss",
    "minimax_generator_loss",
    "minimax_inference_loss",
    "non_saturating_generator_loss",
    "non_saturating_inference_loss",
    "real_loss",
    "wasserstein_fake_loss",
    "wasserstein_real_loss",
]
