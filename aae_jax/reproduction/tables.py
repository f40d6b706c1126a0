"""What a table or figure of a paper is: rows, each a config, and the numbers that are printed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_collections import ConfigDict

# Gives the config of a name, as configs/<name>.py does.
Loader = Callable[[str], ConfigDict]

_PRINTED = re.compile(r"(about )?(-?\d+(?:\.\d+)?)(?: ± (\d+(?:\.\d+)?))?")


@dataclass(frozen=True)
class Number:
    """A number of a row.

    Attributes:
        value: its name in a run's evaluation.json, one of `metrics.VALUES`.
        paper: as the paper prints it, "3.32 ± 0.39" or "about 5", in percent where the value is a
            fraction; "" where the paper gives none.
        needs: what must be at hand to measure it, beyond the data; "" for nothing.
    """

    value: str
    paper: str = ""
    needs: str = ""

    def __post_init__(self) -> None:
        if self.paper and not _PRINTED.fullmatch(self.paper):
            raise ValueError(f"{self.paper!r} is no number as printed, such as '3.32 ± 0.39'")

    @property
    def goal(self) -> float | None:
        """The paper's mean, in the unit that it is printed in; None where it gives none."""
        return float(_PRINTED.fullmatch(self.paper)[2]) if self.paper else None

    @property
    def decimals(self) -> int:
        """How many decimals the paper prints."""
        return len(_PRINTED.fullmatch(self.paper)[2].partition(".")[2]) if self.paper else 0


@dataclass(frozen=True)
class Row:
    """A row: one run, of one trial or of several.

    Attributes:
        label: what the paper calls it.
        config: name of its file in configs/.
        numbers: what the paper prints of it, or what we measure where it prints nothing.
        overrides: config fields, as in `data.train_split`, that differ from the file's.
        first: runs to be made first, config field -> config of the run whose workdir it names, as
            in {"evaluation.classifier": "classifier_mnist"}.
        note: why the row misses the paper's number, where that is known whatever the run.
        figures: figures of the evaluation that show this row, beside the table's.
        steps: length of its run, where the table asks for another than the config's file.
    """

    label: str
    config: str
    numbers: tuple[Number, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    figures: tuple[str, ...] = ()
    steps: int | None = None

    def length(self, file_steps: int) -> int:
        """Steps that it asks for, given those of its config's file."""
        return file_steps if self.steps is None else self.steps


@dataclass(frozen=True)
class Table:
    """A table, a figure, or a set of numbers in a paper's text.

    Attributes:
        name: for the command line.
        place: where it is, "Table 2".
        title: what it shows, one line.
        rows: its runs.
        trials: how many trials of each row reproduce it; a figure shows one.
        figures: figures of the evaluation that show every row, those of `figures.FIGURES`.
        protocol: how our protocol differs from the paper's, one sentence each.
    """

    name: str
    place: str
    title: str
    rows: tuple[Row, ...]
    trials: int = 10
    figures: tuple[str, ...] = ()
    protocol: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper's results: its tables of numbers and its figures, in their order.

    Attributes:
        title: of the paper.
        tables: all that show results; drawings of architectures and lists of layers are left out.
    """

    title: str
    tables: tuple[Table, ...]
