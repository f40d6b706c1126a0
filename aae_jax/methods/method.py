"""What a method is to the rest of the package: how its game is built, and what it is called."""

from collections.abc import Callable
from dataclasses import dataclass

from ml_collections import ConfigDict

from aae_jax.game import Game


@dataclass(frozen=True)
class Method:
    """A method and where it comes from.

    Attributes:
        build: `build(config, example shape, steps per epoch) -> Game`; raises UserError on values
            that cannot work, before anything is compiled.
        title: what the method is called in a report.
        paper: title of the paper, '' for what is no paper's method.
        options: gives `config.game` with all its fields, at their defaults; None for any fields.
        reads_frequencies: whether `build` takes, as a fourth argument, the frequencies of the
            classes among the labels that training sees.
        variant: `variant(config.game)`, title and paper where settings make it a method of another
            name; else None.
    """

    build: Callable[..., Game]
    title: str
    paper: str = ""
    options: Callable[[], ConfigDict] | None = None
    reads_frequencies: bool = False
    variant: Callable[[ConfigDict], tuple[str, str] | None] = lambda game: None

    def named(self, config: ConfigDict) -> tuple[str, str]:
        """What a config's game is called, and the title of its paper, '' where there is none."""
        return self.variant(config.game) or (self.title, self.paper)
