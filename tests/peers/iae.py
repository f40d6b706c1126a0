"""The train step of "Implicit Autoencoders", Section 2, in PyTorch."""

import torch
import torch.nn.functional as F
from ml_collections import ConfigDict

from aae_jax.methods import implicit
from tests.peers import implicit_networks as networks
from tests.peers.draws import TORCH, Draws
from tests.peers.layers import MLP, initialise
from tests.peers.peer import Peer, require


class IAE(Peer):
    """Both phases of the deterministic implicit autoencoder of grey digits, Fig. 2b.

    Args:
        config: an experiment's config.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
    """

    def __init__(self, config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> None:
        only = {"prior.name": "gaussian", "local_code": 0, "encoder_noise": 0, "regularise": True}
        require(config, {f"game.{field}": value for field, value in only.items()})
        require(config, {"network.name": "mnist", "network.conditioning": "location_dependent"})
        require(config, {"data.labelled": 0})
        prior = config.game.prior
        nets = implicit.make_networks(config, shape, prior.dim)
        players = {
            "encoder": networks.Encoder(nets.encoder, shape),
            "decoder": networks.Decoder(nets.decoder, prior.dim),
            "discriminator_xz": networks.PairDiscriminator(
                nets.image_discriminator, shape, prior.dim
            ),
            "discriminator_z": MLP(prior.dim, *nets.code_discriminator.hidden, 1),
        }
        for network in players.values():
            initialise(network, 0.02)
        updated = {
            "reconstruction": ("discriminator_xz", "encoder", "decoder"),
            "regularisation": ("discriminator_z", "encoder"),
        }
        phases = {phase: (config.optimizer[phase], names) for phase, names in updated.items()}
        super().__init__(config, players, phases, steps_per_epoch)
        self.prior_std = prior.std

    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        encoder, decoder = self.players["encoder"], self.players["decoder"]
        z = encoder(x)
        x_hat = decoder(z)
        judge = self.players["discriminator_xz"]
        real, fake = judge(x, z), judge(x_hat, z)
        loss_d = F.softplus(-real).mean() + F.softplus(fake).mean()
        loss = F.softplus(-fake).mean()
        report = {
            "reconstruction/discriminator_xz": loss_d,
            "reconstruction/encoder": loss,
            "reconstruction/decoder": loss,
            "d_xz": torch.sigmoid(fake).mean(),
            "mse": (x - x_hat).square().mean(),
        }
        self._descend(
            "reconstruction", {("encoder", "decoder"): loss, ("discriminator_xz",): loss_d}
        )

        z = encoder(x)
        judge = self.players["discriminator_z"]
        real = judge(self.prior_std * draws.normal(z.shape, device=x.device)).squeeze(1)
        fake = judge(z).squeeze(1)
        loss_d = F.softplus(-real).mean() + F.softplus(fake).mean()
        loss = F.softplus(-fake).mean()
        report |= {
            "regularisation/discriminator_z": loss_d,
            "regularisation/encoder": loss,
            "d_z": torch.sigmoid(fake).mean(),
        }
        self._descend("regularisation", {("encoder",): loss, ("discriminator_z",): loss_d})
        self._update_average()
        return {name: value.detach() for name, value in report.items()}
