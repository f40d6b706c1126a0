"""The papers' experiments in small, by narrow networks or on few images: what a CPU can train.

What differs from the configs is in each row, and said in each table's protocol.
"""

from aae_jax.reproduction.small import aae, aim, amm, iae, learned_prior, svhn

TABLES = (
    *aae.TABLES,
    *iae.TABLES,
    *amm.TABLES,
    *aim.TABLES,
    *svhn.TABLES,
    *learned_prior.TABLES,
)
