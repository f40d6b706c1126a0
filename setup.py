"""Installs aae_jax; the configs travel inside the package as aae_jax.configs."""

from pathlib import Path

from setuptools import find_packages, setup

TEST = [
    "pytest>=8.0",
    "pytest-xdist>=3.5",
    "ruff>=0.6",
    "submitit>=1.5",
    # They run the notebooks.
    "ipykernel>=6.29",
    "nbclient>=0.10",
    "nbformat>=5.10",
]

setup(
    name="aae_jax",
    version="0.1.0",
    description="Adversarial autoencoders and their relatives in JAX and Flax",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=[*find_packages(include=["aae_jax", "aae_jax.*"]), "aae_jax.configs"],
    package_dir={"aae_jax.configs": "configs"},
    install_requires=[
        "absl-py>=2.1",
        "array_record>=0.5",
        "chex>=0.1.90",
        "flatbuffers>=24.3",
        "flax>=0.12",
        "jax>=0.10",
        "jaxlib>=0.10",
        "matplotlib>=3.8",
        "ml-collections>=1.0",
        "numpy>=1.26",
        "optax>=0.2.5",
        "orbax-checkpoint>=0.11.20",
        "pillow>=10.1",
        "safetensors>=0.4",
        "scikit-learn>=1.4",
        "scipy>=1.12",
        "tensorboardX>=2.6",
        "tensorflow-datasets>=4.9.8",
    ],
    extras_require={
        "test": TEST,
        "prepare": ["tensorflow>=2.16", "importlib_resources"],
        "slurm": ["submitit>=1.5"],
        "wandb": ["wandb>=0.17"],
    },
)
