"""Every table and figure of the papers: what is run for it, how, and what came out.

A paper is a file here and a line in `PAPERS`.
"""

import difflib

from aae_jax.errors import UserError
from aae_jax.reproduction import aae, aim, amm, iae, learned_prior, ours
from aae_jax.reproduction.tables import Paper, Table

PAPERS: tuple[Paper, ...] = (
    amm.PAPER,
    aae.PAPER,
    learned_prior.PAPER,
    iae.PAPER,
    aim.PAPER,
    ours.PAPER,
)


def find_table(name: str) -> Table:
    """The table of a name.

    Raises:
        UserError: there is none.
    """
    tables = {table.name: table for paper in PAPERS for table in paper.tables}
    if name not in tables:
        near = difflib.get_close_matches(name, tables) or list(tables)[:3]
        raise UserError(f"no table {name!r}; the nearest are {', '.join(near)}; --list shows all")
    return tables[name]
