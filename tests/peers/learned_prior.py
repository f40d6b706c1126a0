"""The train step of "Learning Priors for Adversarial Autoencoders", Algorithm 1, in PyTorch."""

import torch
import torch.nn.functional as F
from ml_collections import ConfigDict

from aae_jax.networks import learned_prior as tables
from tests.peers import learned_prior_networks as networks
from tests.peers.draws import TORCH, Draws
from tests.peers.layers import MLP, initialise
from tests.peers.peer import Peer, require


class LearnedPrior(Peer):
    """Both phases of the game with a learned prior and without a condition.

    Args:
        config: an experiment's config.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
    """

    def __init__(self, config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> None:
        only = {
            "condition": "none",
            "prior": "learned",
            "similarity": "features",
            "posterior": "deterministic",
            "decoder_weight": 1.0,
        }
        require(config, {f"game.{field}": value for field, value in only.items()})
        game, channels = config.game, shape[-1]
        nets = tables.networks(channels, game.code, game.noise, 0, width=config.network.width)
        players = {
            "encoder": networks.Encoder(nets.make_encoder(output=(game.code,)), channels),
            "decoder": networks.Decoder(nets.decoder, game.code),
            "code_discriminator": MLP(game.code, *nets.code_discriminator.hidden, 1, slope=0.2),
            "image_discriminator": networks.ImageDiscriminator(nets.image_discriminator, channels),
            "code_generator": networks.CodeGenerator(nets.code_generator, game.noise),
        }
        for network in players.values():
            initialise(network)
        updated = {
            "aae": ("code_discriminator", "encoder", "decoder"),
            "prior_improvement": ("image_discriminator", "decoder", "code_generator"),
        }
        phases = {phase: (config.optimizer[phase], names) for phase, names in updated.items()}
        super().__init__(config, players, phases, steps_per_epoch)
        self.noise, self.weight = game.noise, game.reconstruction

    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        report = self._match_codes(x, draws) | self._improve_prior(x, draws)
        self._update_average()
        return {name: value.detach() for name, value in report.items()}

    def _match_codes(self, x: torch.Tensor, draws: Draws) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            z_c = self._draw_code(x, draws)
        z = self.players["encoder"](x)
        x_rec = self.players["decoder"](z)
        judge = self.players["code_discriminator"]
        real, fake = judge(z_c).squeeze(1), judge(z).squeeze(1)
        see = self.players["image_discriminator"]
        seen = see(x_rec, features=True)
        with torch.no_grad():
            wanted = see(x, features=True)
        loss_rec = self.weight * (seen - wanted).square().sum(dim=(1, 2, 3)).mean()
        loss = loss_rec + F.softplus(-fake).mean()
        loss_d = F.softplus(-real).mean() + F.softplus(fake).mean()
        # The encoder's other term does not depend on the decoder.
        self._descend("aae", {("encoder", "decoder"): loss, ("code_discriminator",): loss_d})
        return {
            "aae/code_discriminator": loss_d,
            "aae/encoder": loss,
            "aae/decoder": loss_rec,
            "d_z": torch.sigmoid(fake).mean(),
            "mse": (x - x_rec).square().mean(),
        }

    def _improve_prior(self, x: torch.Tensor, draws: Draws) -> dict[str, torch.Tensor]:
        judge, decoder = self.players["image_discriminator"], self.players["decoder"]
        real = judge(x)
        made = judge(decoder(self._draw_code(x, draws)))
        with torch.no_grad():
            z = self.players["encoder"](x)
        rec = judge(decoder(z))
        loss_d = F.softplus(-real).mean() + F.softplus(made).mean() + F.softplus(rec).mean()
        loss_cg = F.softplus(-made).mean()
        loss = loss_cg + F.softplus(-rec).mean()
        # The decoder's other term does not depend on the code generator.
        makers = ("decoder", "code_generator")
        self._descend("prior_improvement", {makers: loss, ("image_discriminator",): loss_d})
        return {
            "prior_improvement/image_discriminator": loss_d,
            "prior_improvement/decoder": loss,
            "prior_improvement/code_generator": loss_cg,
            "d_made": torch.sigmoid(made).mean(),
            "d_rec": torch.sigmoid(rec).mean(),
        }

    def _draw_code(self, x: torch.Tensor, draws: Draws) -> torch.Tensor:
        noise = draws.normal((len(x), self.noise), device=x.device)
        return self.players["code_generator"](noise)
