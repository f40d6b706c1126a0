"""`aae_jax.losses` in a project of Flax NNX: four objectives, each player on its own loss."""

import jax.numpy as jnp
from flax import nnx

from aae_jax import losses


class Network(nnx.Module):
    def __init__(self, inputs, outputs, rngs):
        self.first = nnx.Linear(inputs, 32, use_bias=False, rngs=rngs)
        self.last = nnx.Linear(32, outputs, use_bias=False, rngs=rngs)

    def __call__(self, a):
        return self.last(jnp.tanh(self.first(a)))


def player_losses(encoder, decoder, critic, code_critic, x, noise, z_p, alpha):
    mean, log_variance = jnp.split(encoder(x), 2, axis=1)
    z = mean + jnp.exp(log_variance / 2) * noise
    x_hat, x_p = decoder(z), decoder(z_p)
    d_x, d_x_hat = critic(x)[:, 0], critic(x_hat)[:, 0]
    d_z_p, d_z = code_critic(z_p)[:, 0], code_critic(z)[:, 0]
    reconstruction = losses.non_saturating_generator_loss(d_x_hat).mean()
    prior = losses.non_saturating_generator_loss(d_z).mean()
    posterior = losses.gaussian_nll(z_p, *jnp.split(encoder(x_p), 2, axis=1)).mean()
    penalty = losses.gradient_penalty(lambda a: critic(a)[:, 0], (x,), (x_hat,), alpha).mean()
    contest = (losses.real_loss(d_x) + losses.fake_loss(d_x_hat)).mean()
    code_contest = (losses.real_loss(d_z_p) + losses.fake_loss(d_z)).mean()
    cost = reconstruction + posterior
    return cost + prior, cost, contest + penalty, code_contest


@nnx.jit
def step(players, optimizers, *batch):
    for i, optimizer in enumerate(optimizers):  # one after the other
        grad = nnx.grad(lambda *given: player_losses(*given)[i], argnums=i)  # noqa: B023
        optimizer.update(players[i], grad(*players, *batch))
