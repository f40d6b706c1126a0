"""What importing costs, and that imports go down only."""

import ast
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "aae_jax"

# The floors, from the top. A module imports from lower floors, or from its own room.
FLOORS = [
    {"main"},
    {"reproduction", "console", "dry_run", "sweeps", "experiments"},
    {"train"},
    {"batch_statistics"},
    {"plan"},
    {"evaluate"},
    {"facts"},
    {"scorer", "sentences", "library"},
    {"exports"},
    {"inference", "report", "metric_writer", "evaluated"},
    {
        "checkpoint",
        "workdir",
        "interrupt",
        "distributed",
        "cpu_devices",
        "events",
        "wandb_log",
        "trained_model",
    },
    {"step", "layout", "model", "rehearsal"},
    {"state"},
    {"methods"},
    {"figures"},
    {"metrics"},
    {"networks", "data", "optimizers", "priors"},
    {"game", "config", "losses"},
    {"parallel", "user_code", "output_file"},
    {"checks", "damaged", "log_fields", "progress", "provenance", "quiet_loops"},
    {"errors"},
]


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path):
    """Modules of this package that a file imports, with `from aae_jax import x` as aae_jax.x."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("aae_jax."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aae_jax"):
            if node.module == "aae_jax":
                yield from (f"aae_jax.{a.name}" for a in node.names)
            else:
                yield node.module


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path):
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here == "__init__":
        assert list(imports(path)) == []
        return
    level = {name: floor for floor, names in enumerate(FLOORS) for name in names}
    assert here in level, f"{here} has no floor: enter it in FLOORS"
    for module in imports(path):
        there = room(module)
        assert there == here or level[there] > level[here], f"{path} imports {module}"


def loaded(statement):
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    return {name.split(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import aae_jax", {"jax", "flax", "optax", "numpy"}),
        ("import aae_jax; aae_jax.load", {"flax", "orbax", "tensorflow", "tensorflow_datasets"}),
        (
            "import aae_jax.losses",
            {"flax", "orbax", "tensorflow", "tensorflow_datasets", "ml_collections", "matplotlib"},
        ),
        ("import aae_jax.main", {"jax", "flax", "orbax", "tensorflow", "tensorflow_datasets"}),
        (
            "import aae_jax.train",
            {"tensorflow", "tensorflow_datasets", "sklearn", "tensorboardX"},
        ),
    ],
)
def test_imports_are_light(statement, absent):
    assert loaded(statement) & absent == set()


@pytest.mark.parametrize("category", [UserWarning, DeprecationWarning, RuntimeWarning])
def test_a_warning_from_our_code_is_an_error(category):
    """The filter in pyproject.toml is in force, for our modules and no others."""
    with pytest.raises(category):
        warnings.warn_explicit("mind", category, "train.py", 1, module="aae_jax.train")
    if category is DeprecationWarning:
        warnings.warn_explicit("mind", category, "other.py", 1, module="other")
