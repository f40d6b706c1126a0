"""Weights of Inception-v3 for tests, under the names of the usual files."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax.networks.inception import Inception


def torch_weights(seed=0):
    """Random weights, name -> array in PyTorch's layout, with what such files hold besides."""
    rng = np.random.default_rng(seed)
    shapes = jax.eval_shape(
        Inception().init, jax.random.key(0), jax.ShapeDtypeStruct((1, 299, 299, 3), jnp.float32)
    )
    weights = {}

    def walk(tree, place):
        for name, below in tree.items():
            if name == "bn":
                continue
            if name == "conv":
                height, width, inputs, outputs = below["kernel"].shape
                std = 1.4 / np.sqrt(height * width * inputs)  # keeps the signal's size
                shape = outputs, inputs, height, width
                kernel = rng.standard_normal(shape, np.float32) * np.float32(std)
                weights[f"{place}conv.weight"] = kernel
                for what, value in zip(
                    ("weight", "bias", "running_mean", "running_var"), (1, 0, 0, 1), strict=True
                ):
                    weights[f"{place}bn.{what}"] = np.full(outputs, value, np.float32)
                weights[f"{place}bn.num_batches_tracked"] = np.array(0)
            elif name != "fc":
                walk(below, f"{place}{name}.")

    walk(shapes["params"], "")
    weights["fc.weight"] = rng.standard_normal((1008, 2048), np.float32) * np.float32(0.02)
    weights["fc.bias"] = np.ones(1008, np.float32)
    return weights
