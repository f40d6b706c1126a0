"""What all tests share. Tests of several devices run in processes of their own (tests/scripts):
eight fake devices would slow down all the others.
"""

import atexit
import gc
import os
import shutil
import subprocess
import sys
import tempfile

# Before anything imports JAX; child processes inherit it.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"
# Most of the tests' time goes into compiling programs that run once: half as long without LLVM's
# optimisations, and half of that without fusion emitters, where this XLA can do without.
if "XLA_FLAGS" not in os.environ:
    _QUICK = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
    _PLAIN = "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"
    os.environ["XLA_FLAGS"] = f"{_QUICK} {_PLAIN}"
    # An unknown flag ends the process that asks for a device, so another one tries.
    _TRY = [sys.executable, "-c", "import jax; jax.devices()"]
    if subprocess.run(_TRY, capture_output=True).returncode != 0:
        os.environ["XLA_FLAGS"] = _QUICK
# Many tests compile the same small programs, in this process, in a child or in another worker.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _COMPILED = tempfile.mkdtemp(prefix="aae_jax_compiled_")
    atexit.register(shutil.rmtree, _COMPILED, ignore_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = _COMPILED
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.1"

import pytest

# Tracing makes millions of objects that stay; looking through them for cycles as often as Python
# does by default takes a twentieth of the time.
gc.set_threshold(10_000, 20, 20)

# What takes longest comes first, so that no worker is left with it at the end; launch/test.sh has
# the tests dealt out in this order.
LONGEST = (
    "tests/test_configs.py",
    "tests/methods/test_contract.py",
    "tests/test_resume.py",
    "tests/test_train.py",
    "tests/reliability/test_full_disk.py",
    "tests/test_two_processes.py",
    "tests/reproduction/test_runs.py",
    "tests/reliability/test_signals.py",
)


def pytest_collection_modifyitems(items):
    files = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: files.get(item.nodeid.partition("::")[0], len(files)))


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory):
    """Keeps the decoded data of tests out of the user's cache; child processes inherit it."""
    before = os.environ.get("AAE_JAX_CACHE")
    os.environ["AAE_JAX_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["AAE_JAX_CACHE"]
    else:
        os.environ["AAE_JAX_CACHE"] = before


@pytest.fixture(scope="module", autouse=True)
def _forget():
    """Lets go of what a module compiled: gigabytes, over all of them."""
    yield
    import jax

    jax.clear_caches()


@pytest.fixture
def toy(monkeypatch):
    """Enters the toy game into the table of methods for one test."""
    from aae_jax.methods import METHODS
    from tests import toy_game

    monkeypatch.setitem(METHODS, "toy", None)  # so that it goes away again
    toy_game.register()
    return toy_game
