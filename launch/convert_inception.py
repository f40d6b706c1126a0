"""Converts the weights of Inception-v3 that FID uses, from PyTorch's format to safetensors.

    python launch/convert_inception.py pt_inception-2015-12-05-6726825d.pth inception.safetensors
    python -m aae_jax.main --config=configs/aim_mnist.py \\
        --config.evaluation.inception=inception.safetensors \\
        "--config.evaluation.metrics=('fid', 'kid', 'inception_score')"

The .pth file is the one that the project pytorch-fid publishes. It is a pickle, which only this
script opens, and only for arrays: `weights_only` runs no code from it. PyTorch is needed here alone
(`pip install torch`); what is written is read without it. Numbers by Inception can be compared with
others' that use the same weights and as many images.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from absl import app

sys.path.insert(0, str(Path(__file__).parent.parent))  # the package of the checkout

from aae_jax import console, output_file
from aae_jax.errors import UserError, reason


def convert(source: Path, target: Path) -> None:
    """Writes the weights in a .pth file as .safetensors, once they are known to fit the network.

    Raises:
        UserError: PyTorch or the file is missing, or it does not hold these weights; nothing is
            written then.
    """
    if target.suffix != ".safetensors":
        raise UserError(f"{target} must end in .safetensors")
    if not source.is_file():
        raise UserError(f"there is no file {source}")
    try:
        import torch
    except ImportError as error:
        raise UserError("PyTorch reads these files: pip install torch, here alone") from error
    from safetensors.numpy import save

    from aae_jax.networks.inception import from_torch

    try:
        state = torch.load(source, map_location="cpu", weights_only=True)
        weights = {
            name: np.ascontiguousarray(tensor.float().numpy()) for name, tensor in state.items()
        }
    except Exception as error:  # whatever a file that is something else makes PyTorch raise
        raise UserError(f"{source} holds no PyTorch weights: {reason(error)}") from error
    try:
        from_torch(weights)
    except UserError as error:
        raise UserError(f"{source} is not the Inception-v3 of FID: {error}") from error
    with output_file.replacing(target) as file:
        file.write(save(weights))


def _main(argv: Sequence[str]) -> None:
    if len(argv) != 3:
        raise UserError("usage: python launch/convert_inception.py FILE.pth FILE.safetensors")
    convert(Path(argv[1]), Path(argv[2]))
    print(f"wrote {argv[2]}")


if __name__ == "__main__":
    with console.one_line("convert_inception"):
        app.run(_main, flags_parser=console.parse)
