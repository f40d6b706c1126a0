"""A prior that a user's own function draws, from a file outside of this package."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.priors.base import ANY, Prior, require

_TRIED_KEYS = 64  # whose draws may not all be the same


@dataclass(frozen=True)
class Function(Prior):
    """Draws of `function(key, n, labels) -> z (n, dim)`.

    `labels` is int32 (n,), in [0, components) or -1 where z may come from the whole prior. The
    function is called for one example at a time (n = 1) under `jax.vmap`, so that a draw belongs
    to its example and not to a device; it must use `jax.random` with the key.

    Attributes:
        function: "module:function", the module importable from the current folder or PYTHONPATH.
        dim: dimensions of z.
        components: K, number of labels that the function tells apart; 0 for none.
    """

    function: str
    dim: int
    components: int = 0

    def __post_init__(self) -> None:
        require(self.dim >= 1, "dim", self.dim, "at least 1")
        require(self.components >= 0, "components", self.components, "0 or more")
        self._check_draws()

    @functools.cached_property
    def _fn(self) -> Callable[[jax.Array, int, jax.Array], jax.Array]:
        return user_code.find(self.function, "game.prior.function")

    def _check_draws(self) -> None:
        """Draws shapes: a wrong one would broadcast silently in a loss."""
        call = f"{self.function}(key, 1, labels)"
        with user_code.blamed(call):
            z = jax.eval_shape(
                lambda key, labels: jnp.asarray(self._fn(key, 1, labels)),
                jax.random.key(0),
                jax.ShapeDtypeStruct((1,), jnp.int32),
            )
        if z.shape != (1, self.dim) or not jnp.issubdtype(z.dtype, jnp.floating):
            raise UserError(
                f"{call} gives {z.dtype}{list(z.shape)}: it must give floats [1, {self.dim}], "
                "game.prior.dim being the width"
            )
        self._check_randomness()

    def _check_randomness(self) -> None:
        """Draws from several keys: numpy's draws would be one constant in a compiled step."""
        keys = jax.random.split(jax.random.key(0), _TRIED_KEYS)
        any_label = jnp.full(_TRIED_KEYS, ANY, jnp.int32)
        z = jax.jit(self.sample)(keys, any_label)
        if bool((z == z[:1]).all()):
            raise UserError(
                f"{self.function} gives the same z for {_TRIED_KEYS} different keys: draw it by "
                "jax.random from the key that it is given"
            )

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One z (dim,)."""
        return self._fn(key, 1, component[None])[0]
