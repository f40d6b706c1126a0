"""Priors p(z): adversarial methods only sample them, so a sampler is all that one needs.

`config.game.prior` names one and holds its fields; a function here makes it:

    gaussian       N(0, std^2 I)
    mixture        2-D Gaussians on a circle, each elongated along its radius
    swiss_roll     a ribbon in the plane, rolled up
    categorical    one-hot vectors, or vectors near them
    function       any function of yours, `module:function`
"""

from aae_jax.priors.base import ANY, Prior
from aae_jax.priors.categorical import Categorical
from aae_jax.priors.function import Function
from aae_jax.priors.gaussian import Gaussian
from aae_jax.priors.mixture import Mixture
from aae_jax.priors.swiss_roll import SwissRoll

# After the modules, some of which bear the same names.
from aae_jax.priors.table import (  # isort: skip
    PRIORS,
    categorical,
    function,
    gaussian,
    make_prior,
    mixture,
    swiss_roll,
)

__all__ = [
    "ANY",
    "PRIORS",
    "Categorical",
    "Function",
    "Gaussian",
    "Mixture",
    "Prior",
    "SwissRoll",
    "categorical",
    "function",
    "gaussian",
    "make_prior",
    "mixture",
    "swiss_roll",
]
