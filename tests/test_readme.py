"""The README names what there is: configs, modules of methods, tables of results."""

import re
from pathlib import Path

import pytest

from aae_jax import reproduction
from tests.configs import config_names

ROOT = Path(__file__).parent.parent


def _expand(token: str) -> set[str]:
    """What a shell makes of braces: `a{,_b}` is a and a_b."""
    braces = re.search(r"\{([^{}]*)\}", token)
    if not braces:
        return {token}
    parts = braces[1].split(",")
    return set().union(*(_expand(token.replace(braces[0], part, 1)) for part in parts))


@pytest.fixture(scope="module")
def named() -> set[str]:
    """All that stands between backticks, without braces."""
    text = (ROOT / "README.md").read_text()
    return set().union(*map(_expand, re.findall(r"`([^`\n]+)`", text)))


def test_it_names_every_config(named):
    configs = set(config_names())
    assert configs
    assert configs <= named, f"not in README.md: {sorted(configs - named)}"


def test_the_modules_that_it_names_are_there(named):
    modules = {token for token in named if re.fullmatch(r"[a-z_]+\.py", token)} - {"setup.py"}
    methods = {path.name for path in (ROOT / "aae_jax" / "methods").glob("*.py")}
    assert modules
    assert modules <= methods, f"not in aae_jax/methods: {sorted(modules - methods)}"


def test_the_tables_that_it_names_are_there():
    """In its tables a bracketed name is one of RESULTS.md."""
    methods = (ROOT / "README.md").read_text().split("## Methods")[1].split("### Judges")[0]
    tables = re.findall(r"\(`([a-z0-9_]+)`[,)]", methods)
    assert tables
    for table in tables:
        reproduction.find_table(table)  # or it raises
