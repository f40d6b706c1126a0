"""aae_jax: adversarial autoencoders and their relatives in JAX and Flax.

`aae_jax.load(folder)` gives a trained model, `aae_jax.export(folder, to)` writes one that runs
without the code that trained it; see `aae_jax.library`.
"""

from importlib import import_module
from typing import Any

__all__ = ["export", "load"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: `import aae_jax.losses` needs no more than jax, optax and chex.
    if name in __all__:
        return getattr(import_module("aae_jax.library"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
