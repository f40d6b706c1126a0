"""AAE on your own images: a folder of PNG or JPEG files of any sizes.

    python -m aae_jax.main --config=configs/aae_image_folder.py --config.data.dir=my_images

Images lie in the folder itself or in a folder for each class; `train` and `test` folders are used
where there are, else a tenth is held out. --config.data.image_size=64 makes the images larger,
--config.data.channels=1 grey, --config.game.prior.dim the code wider or narrower.
The method of "Adversarial Autoencoders" with settings of our own; it reproduces no figure.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior.dim = 16
    experiments.by_adam(config)
    config.data.name = "image_folder"
    config.data.image_size = 32
    config.data.resize = "crop"
    config.data.channels = 3
    config.batch_size = 64
    config.steps = 10_000
    config.evaluation.every = 1000
    config.evaluation.periodic = ("reconstruction", "code_match")
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = (
        "reconstructions",
        "samples",
        "interpolations",
        "samples_with_neighbours",
    )
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)
