"""Unrolled GAN, a baseline of AIM's tables: the generator plays against what comes next.

"Unrolled Generative Adversarial Networks", Section 2.2.
"""

from typing import Any

import jax
import optax
from ml_collections import ConfigDict

from aae_jax import parallel
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Phase, Play
from aae_jax.methods import adversarial, gan, implicit, instance_noise
from aae_jax.methods.method import Method
from aae_jax.optimizers import make_optimizer


def options() -> ConfigDict:
    """`config.game` with defaults: a GAN's, the paper's value function and five steps ahead."""
    options = gan.options()
    options.value = "minimax"
    options.unroll = 5  # discriminator updates that the generator looks ahead
    return options


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game, both players updated at once.

    The generator descends the value of the game against the discriminator as it would be after some
    updates on this very batch, and differentiates through them. Real examples are part of it, since
    fakes move the discriminator that judges them. The updates are made by the discriminator's own
    optimiser from its present state, and forgotten again.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` and
            `config.optimizer` as those of `gan.build`.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    unroll = config.game.unroll
    if unroll < 1:
        raise UserError(
            f"game.unroll is {unroll}: it must be at least 1; for a GAN that does not look ahead "
            "choose method gan"
        )
    if config.accumulate > 1:
        raise UserError(
            f"accumulate is {config.accumulate}: it must be 1, as the discriminator that looks "
            "ahead takes a step on the whole batch"
        )
    value, latent = adversarial.make_value(config), implicit.make_latent(config)
    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    # The same, but for what a dead unit's second moment of 0 would make of the gradient: NaN.
    differentiable = make_optimizer(config.optimizer, steps_per_epoch, eps_root=1e-16)
    players = gan.make_players(config, shape, latent)
    blur = instance_noise.make_blur(config, steps_per_epoch)

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        x_p = latent.generate(play, latent.draw_any(play, x.shape[0]))
        x, x_p = blur(play, x), blur(play, x_p)  # once, for all updates ahead
        real, fake = gan.judge(play, x), gan.judge(play, x_p)

        def loss_d(params: Any) -> jax.Array:
            real, fake = (gan.judge(play, data, params) for data in (x, x_p))
            return adversarial.discriminator_loss(real, fake, value)

        ahead, state = play.params["discriminator"], play.opt_state["discriminator"]
        for _ in range(unroll):
            grads = parallel.mean(jax.grad(loss_d)(ahead))  # of the whole batch
            updates, state = differentiable.update(grads, state, ahead)
            ahead = optax.apply_updates(ahead, updates)
        real_ahead, fake_ahead = gan.judge(play, x, ahead), gan.judge(play, x_p, ahead)
        by_player = {
            "discriminator": adversarial.discriminator_loss(real, fake, value),
            "generator": value.generator(fake_ahead).mean() + value.inference(real_ahead).mean(),
        }
        metrics = {"logit_real": real.mean(), "logit_fake": fake.mean()}
        return Outcome(by_player, {**metrics, "logit_fake_ahead": fake_ahead.mean()})

    return Game(
        players=players,
        phases=(Phase("unrolled_gan", loss_fn, dict.fromkeys(players, optimizer)),),
        inference={"decode": latent.generate, "prior": latent.draw},
        components=latent.p_z.components,
    )


METHOD = Method(
    build,
    "Unrolled GAN",
    "Unrolled Generative Adversarial Networks",
    options,
)
