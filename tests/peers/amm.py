"""The train step of "Adversarially Learned Mixture Model", Algorithm 1, in PyTorch."""

import torch
import torch.nn.functional as F
from ml_collections import ConfigDict

from aae_jax.methods.mixture_prior import mixture_means
from aae_jax.networks import amm_tables as tables
from tests.peers import amm_networks as networks
from tests.peers.draws import TORCH, Draws
from tests.peers.layers import initialise
from tests.peers.peer import Peer


class AMM(Peer):
    """All players of AMM, which move at once.

    Args:
        config: an experiment's config.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
    """

    def __init__(self, config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> None:
        game, channels = config.game, shape[-1]
        k, d = game.components, game.code
        make, _ = tables.TABLES[config.network.name]
        leader = {"q1": "y", "q2": "z"}[game.inference]
        nets = tables.scale(make(k, d, leader, channels), config.network.width)
        players = {
            "encoder": networks.CoupledEncoder(nets.encoder, channels),
            "decoder": networks.CoupledDecoder(nets.decoder, k, d),
            "discriminator": networks.JointDiscriminator(nets.discriminator, channels, k, d),
        }
        if game.prior == "learned":
            players["prior"] = networks.MixturePrior(nets.prior, k)
        for network in players.values():
            initialise(network, 0.02)
        phases = {"amm": (config.optimizer, tuple(players))}
        super().__init__(config, players, phases, steps_per_epoch)
        self.components, self.penalty = k, game.gradient_penalty
        means = torch.from_numpy(mixture_means(k, d, game.prior_radius, game.prior_directions))
        self.register_buffer("means", means)  # of the fixed prior

    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        players, (n, device) = self.players, (len(x), x.device)
        component = draws.integers(0, self.components, (n,), device=device)
        y_p = F.one_hot(component, self.components).float()
        z_p = self._draw_code(component, y_p, draws)
        x_p = players["decoder"](y_p, z_p, draws)

        y_mean, y_logvar, z_mean, z_logvar = players["encoder"](x, draws)
        noise = draws.normal(y_mean.shape, device=device)
        y_q = torch.softmax(y_mean + torch.exp(0.5 * y_logvar) * noise, dim=1)
        z_q = z_mean + torch.exp(0.5 * z_logvar) * draws.normal(z_mean.shape, device=device)

        discriminator = players["discriminator"]
        rho_q = discriminator(x, y_q, z_q, draws)
        rho_p = discriminator(x_p, y_p, z_p, draws)
        loss_d = F.softplus(-rho_q).mean() + F.softplus(rho_p).mean()
        loss_p = F.softplus(-rho_p).mean()
        loss_q = F.softplus(rho_q).mean()
        report = {"d_q": torch.sigmoid(rho_q).mean(), "d_p": torch.sigmoid(rho_p).mean()}
        if self.penalty:
            norm = self._gradient_penalty((x, y_q, z_q), (x_p, y_p, z_p), draws)
            loss_d = loss_d + self.penalty * norm
            report["gradient_penalty"] = norm
        report |= {"amm/discriminator": loss_d, "amm/decoder": loss_p, "amm/encoder": loss_q}
        makers = ["encoder", "decoder"]
        if "prior" in players:
            report["amm/prior"] = loss_p
            makers.append("prior")

        # Of the two losses that the makers share, each depends on its own makers only. They come
        # first, so that the penalty's graph is freed as it is differentiated.
        self._descend("amm", {tuple(makers): loss_p + loss_q, ("discriminator",): loss_d})
        self._update_average()
        return {name: value.detach() for name, value in report.items()}

    def _draw_code(self, component: torch.Tensor, y: torch.Tensor, draws: Draws) -> torch.Tensor:
        if "prior" in self.players:
            mean, logvar = self.players["prior"](y, draws)
        else:
            mean, logvar = self.means[component], None
        noise = draws.normal(mean.shape, device=mean.device)
        return mean + (noise if logvar is None else torch.exp(0.5 * logvar) * noise)

    def _gradient_penalty(
        self, real: tuple[torch.Tensor, ...], fake: tuple[torch.Tensor, ...], draws: Draws
    ) -> torch.Tensor:
        """The gradient penalty of Eq. 18, differentiable with respect to the discriminator."""
        n = len(real[0])
        alpha = draws.uniform((n,), device=real[0].device)
        points = []
        for one, other in zip(real, fake, strict=True):
            weight = alpha.view(n, *[1] * (one.ndim - 1))
            points.append(torch.lerp(other.detach(), one.detach(), weight).requires_grad_())
        # `forward`, since PyTorch's compiler differentiates but once.
        logits = self.players["discriminator"].forward(*points, draws)
        gradients = torch.autograd.grad(logits.sum(), points, create_graph=True)
        norms = torch.cat([g.flatten(1) for g in gradients], dim=1).norm(dim=1)
        return (norms - 1).square().mean()
