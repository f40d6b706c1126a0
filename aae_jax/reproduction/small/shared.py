"""What rows of several methods in small change of their configs."""

# Images of SVHN's published test set to train on, and 2,000 others to test on.
SVHN_IMAGES = {"data.train_split": "test[:8000]", "data.test_split": "test[8000:]"}
# Networks that a CPU trains for 30 epochs in half an hour.
QUARTER = {"network.width": 0.25}
# A rate for networks so narrow, where the configs have 2e-4.
QUICKER = 1e-3
# Noise on what the implicit autoencoder's D(x, z) sees, as FIAE's configs have it.
BLURRED = {"game.noise": 0.3, "game.noise_epochs": 100.0}
