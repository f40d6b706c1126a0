"""The experiment configs, as tests see them."""

import importlib
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "configs"


def config_names():
    """Names of all files in configs/."""
    return sorted(path.stem for path in _FOLDER.glob("[!_]*.py"))


def experiment(name):
    """A config as it is run."""
    return importlib.import_module(f"configs.{name}").get_config()


def test_config(name):
    """The tiny variant of a config."""
    return importlib.import_module(f"configs.{name}").get_test_config()


test_config.__test__ = False
