"""The train step of "Adversarial Autoencoders", Section 2, in PyTorch."""

import math

import torch
import torch.nn.functional as F
from ml_collections import ConfigDict

from tests.peers.draws import TORCH, Draws
from tests.peers.layers import MLP, initialise
from tests.peers.peer import Peer, require


class AAE(Peer):
    """The three phases of an adversarial autoencoder with a Gaussian prior, on images.

    Args:
        config: an experiment's config.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
    """

    def __init__(self, config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> None:
        only = {"posterior": "deterministic", "labels": "none", "input_noise": 0.0}
        require(config, {f"game.{field}": value for field, value in only.items()})
        require(config, {"game.prior.name": "gaussian", "network.output": "sigmoid"})
        hidden, size, code = config.network.hidden, math.prod(shape), config.game.prior.dim
        players = {
            "encoder": MLP(size, *hidden, code),
            "decoder": MLP(code, *hidden, size),
            "discriminator": MLP(code, *hidden, 1),
        }
        for network in players.values():
            initialise(network, config.network.init_std)
        updated = {
            "reconstruction": ("encoder", "decoder"),
            "discriminator": ("discriminator",),
            "generator": ("encoder",),
        }
        phases = {phase: (config.optimizer[phase], names) for phase, names in updated.items()}
        super().__init__(config, players, phases, steps_per_epoch)
        self.prior_std = config.game.prior.std

    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        x = x.permute(0, 2, 3, 1).flatten(1)  # JAX's order; copies nothing where C is 1
        encoder, decoder, discriminator = (
            self.players[name] for name in ("encoder", "decoder", "discriminator")
        )
        loss = 0.5 * (x - torch.sigmoid(decoder(encoder(x)))).square().sum(dim=1).mean()
        report = {
            "reconstruction/encoder": loss,
            "reconstruction/decoder": loss,
            "mse": 2 * loss / x.shape[1],
        }
        self._descend("reconstruction", {("encoder", "decoder"): loss})

        # The last two phases see the same encoder, so they share its forward pass.
        z = encoder(x)
        real = discriminator(self.prior_std * draws.normal(z.shape, device=x.device)).squeeze(1)
        fake = discriminator(z.detach()).squeeze(1)
        loss = F.softplus(-real).mean() + F.softplus(fake).mean()
        report |= {"discriminator/discriminator": loss, "d_z": torch.sigmoid(fake).mean()}
        self._descend("discriminator", {("discriminator",): loss})

        loss = F.softplus(-discriminator(z).squeeze(1)).mean()
        report["generator/encoder"] = loss
        self._descend("generator", {("encoder",): loss})
        self._update_average()
        return {name: value.detach() for name, value in report.items()}
