"""Where a number comes from: the code, the versions and the machine that made it."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import jax

PACKAGES = ("aae_jax", "jax", "jaxlib", "flax", "optax", "numpy", "scikit-learn")

_ROOT = Path(__file__).parent.parent
_GIT_SECONDS = 10  # a slow file system must not hold up a run


def here() -> dict[str, Any]:
    """The commit, the versions and the hardware of this process, as the functions below say."""
    return {"commit": commit(), "versions": versions(), "hardware": hardware()}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result depends on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # a checkout that is not installed
            found[name] = "not installed"
    return found


def hardware() -> str:
    """The devices in words, such as "4 x NVIDIA H100" or "x86_64 CPU, 2 cores"."""
    devices = jax.devices()
    name, count = devices[0].device_kind, len(devices)
    if devices[0].platform == "cpu":  # whose cores may count as devices
        name, count = f"{platform.machine()} CPU, {os.cpu_count()} cores", jax.process_count()
    return f"{count} x {name}" if count > 1 else name


def commit(root: Path = _ROOT) -> str | None:
    """The commit of the checkout that the package runs from.

    Returns:
        Its hash, with "+changes" where tracked files differ from it; None outside a checkout, or
        where git cannot say.
    """
    if not (root / ".git").exists():  # an installed package may lie in someone else's checkout
        return None
    try:
        revision = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return revision + ("+changes" if changed else "")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=_GIT_SECONDS,
    )
    return done.stdout.strip()
