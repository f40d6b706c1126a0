"""`aae_jax.losses` in a project of plain JAX: four objectives, each player on its own loss."""

import jax
import jax.numpy as jnp

from aae_jax import losses


def network(layers, a):
    return jnp.tanh(a @ layers[0]) @ layers[1]


def player_losses(players, x, noise, z_p, alpha):
    def critic(x):
        return network(players["critic"], x)[:, 0]

    mean, log_variance = jnp.split(network(players["encoder"], x), 2, axis=1)
    z = mean + jnp.exp(log_variance / 2) * noise
    x_hat, x_p = network(players["decoder"], z), network(players["decoder"], z_p)
    moments = jnp.split(network(players["encoder"], x_p), 2, axis=1)
    real, fake = (network(players["code_critic"], code)[:, 0] for code in (z_p, z))
    reconstruction = losses.non_saturating_generator_loss(critic(x_hat)).mean()
    prior = losses.non_saturating_generator_loss(fake).mean()
    posterior = losses.gaussian_nll(z_p, *moments).mean()
    penalty = losses.gradient_penalty(critic, (x,), (x_hat,), alpha).mean()
    contest = (losses.real_loss(critic(x)) + losses.fake_loss(critic(x_hat))).mean()
    return {
        "encoder": reconstruction + prior + posterior,
        "decoder": reconstruction + posterior,
        "critic": contest + penalty,
        "code_critic": (losses.real_loss(real) + losses.fake_loss(fake)).mean(),
    }


@jax.jit
def step(players, rate, *batch):
    grads = jax.jacrev(player_losses)(players, *batch)  # of every loss; each player needs its own
    return {k: jax.tree.map(lambda p, g: p - rate * g, players[k], grads[k][k]) for k in players}
