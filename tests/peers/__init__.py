"""PyTorch versions of the train steps, written for one method alone as its user would.

They are an oracle (the same weights and draws must give the same losses and gradients) and a
yardstick of speed. Nothing here imports torch before a peer is made.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ml_collections import ConfigDict

    from tests.peers.peer import Peer

# Method -> name of its peer, in the module here that is called like the method.
PEERS = {
    "aae": "AAE",
    "aim": "AIM",
    "amm": "AMM",
    "iae": "IAE",
    "learned_prior": "LearnedPrior",
}


def make_peer(config: ConfigDict, example_shape: tuple[int, ...], steps_per_epoch: int) -> Peer:
    """Builds the PyTorch version of the train step of `config.method`, on the CPU.

    Args:
        config: an experiment's config.
        example_shape: shape of one example, (H, W, C) for images.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        KeyError: the method has no peer.
        ValueError: the config asks for what peers do not do.
    """
    name = PEERS[config.method]
    module = importlib.import_module(f"tests.peers.{config.method}")
    return getattr(module, name)(config, example_shape, steps_per_epoch)
