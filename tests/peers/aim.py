"""The train step of "AIM: Adversarial Inference by Matching Priors and Conditionals" in PyTorch."""

import math

import torch
import torch.nn.functional as F
from ml_collections import ConfigDict

from aae_jax.methods import adversarial_inference
from tests.peers import aim_networks as networks
from tests.peers import implicit_networks
from tests.peers.draws import TORCH, Draws
from tests.peers.layers import initialise
from tests.peers.peer import Peer, require


class AIM(Peer):
    """All players of AIM on images, Algorithm 1, which move at once.

    Args:
        config: an experiment's config.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
    """

    def __init__(self, config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> None:
        only = {"value": "non_saturating", "variance": "learned", "noise": 0.0}
        require(config, {f"game.{field}": value for field, value in only.items()})
        require(config, {"game.prior.name": "gaussian"})
        prior = config.game.prior
        nets = adversarial_inference.make_networks(config, shape, prior.dim)
        height, width, channels = nets.features
        maps = (channels, height, width)
        make_generator = {
            "aim_mnist": implicit_networks.Decoder,
            "aim_64": networks.Generator64,
        }[config.network.name]
        players = {
            "generator": make_generator(nets.generator, prior.dim),
            "discriminator": networks.Discriminator(nets.discriminator, shape[-1], maps),
            "encoder": networks.Posterior(nets.posterior, maps),
        }
        for network in players.values():
            initialise(network, 0.02)
        phases = {"aim": (config.optimizer, tuple(players))}
        super().__init__(config, players, phases, steps_per_epoch)
        self.prior, self.weight = prior, config.game.weight

    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        players = self.players
        z = self.prior.std * draws.normal((len(x), self.prior.dim), device=x.device)
        real, _ = players["discriminator"](x)
        fake, features = players["discriminator"](players["generator"](z))
        mean, logvar = players["encoder"](features)
        terms = (z - mean).square() * torch.exp(-logvar) + logvar + math.log(2 * math.pi)
        nll = 0.5 * terms.sum(dim=1).mean()
        loss_d = F.softplus(-real).mean() + F.softplus(fake).mean()
        loss_g = F.softplus(-fake).mean() + self.weight * nll
        report = {
            "aim/discriminator": loss_d,
            "aim/generator": loss_g,
            "aim/encoder": self.weight * nll,
            "logit_real": real.mean(),
            "logit_fake": fake.mean(),
            "code_nll": nll,
        }
        # What the generator's loss has beside the encoder's does not depend on the encoder.
        self._descend("aim", {("generator", "encoder"): loss_g, ("discriminator",): loss_d})
        self._update_average()
        return {name: value.detach() for name, value in report.items()}
