"""What writing and reading share: names of files, and of the numbers in model.safetensors."""

import hashlib
from collections.abc import Mapping
from typing import Any

import jax
import jax.export

FORMAT = 1  # of the folder; raised when an older version could not read it

MANIFEST = "export.json"
CONFIG = "config.json"
WEIGHTS = "model.safetensors"
CARD = "README.md"

_ROOTS = ("params", "batch_stats")


def program_file(name: str, size: int | None) -> str:
    """File of a function's program for any number of examples, or for `size` of them."""
    return f"functions/{name}.bin" if size is None else f"functions/{name}_{size}.bin"


def sha256(content: bytes) -> str:
    """What the manifest holds of each file."""
    return hashlib.sha256(content).hexdigest()


def flatten(params: Mapping[str, Any], batch_stats: Mapping[str, Any]) -> dict[str, Any]:
    """Names each array as in `params/encoder/Dense_0/kernel`, in the order of the tree's leaves."""
    both = dict(zip(_ROOTS, (params, batch_stats), strict=True))
    return {
        "/".join(part.key for part in path): leaf
        for root in _ROOTS
        for path, leaf in jax.tree.leaves_with_path({root: both[root]})
    }


def unflatten(weights: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Undoes `flatten`: parameters and batch statistics by player."""
    trees: dict[str, Any] = {root: {} for root in _ROOTS}
    for name, leaf in weights.items():
        *path, last = name.split("/")
        place = trees
        for part in path:
            place = place.setdefault(part, {})
        place[last] = leaf
    return trees["params"], trees["batch_stats"]


def this_platform() -> str:
    """What this machine's devices are, as `jax.export` names it."""
    here = jax.devices()[0].platform
    return {"gpu": "cuda"}.get(here, here)
