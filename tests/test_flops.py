"""The generic step costs what a step wired by hand for one method costs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import losses
from aae_jax.methods import get_method
from aae_jax.state import init_state
from aae_jax.step import differentiate
from configs import amm_digits

BATCH, COMPONENTS = 8, 3


def by_hand(config, game, params, batch_stats, batch, key):
    """Gradients of AMM as one would write them for AMM alone.

    One forward pass, stop_gradients around the discriminator, and one backward pass through the
    sum of all losses. Keys are those that the game's functions draw, in their order.
    """
    stats = dict(batch_stats)
    draws = iter(range(1, 100))

    def next_key():
        return jax.random.fold_in(key, next(draws))

    def example_keys():
        return jax.vmap(jax.random.fold_in, (None, 0))(next_key(), jnp.arange(BATCH))

    def normal(shape):
        return jax.vmap(lambda k: jax.random.normal(k, shape))(example_keys())

    def surrogate(params):
        def apply(player, *inputs, key=None, frozen=False):
            own = params[player]
            own = jax.lax.stop_gradient(own) if frozen else own
            variables = {"params": own}
            if player in stats:
                variables["batch_stats"] = stats[player]
            out, new = game.players[player].network.apply(
                variables,
                *inputs,
                train=True,
                rngs={"dropout": next_key() if key is None else key},
                mutable=["batch_stats"],
            )
            if "batch_stats" in new:
                stats[player] = new["batch_stats"]
            return out

        component = jax.vmap(lambda k: jax.random.randint(k, (), 0, COMPONENTS))(example_keys())
        y = jax.nn.one_hot(component, COMPONENTS)
        mean, logvar = apply("prior", y)
        z = mean + jnp.exp(0.5 * logvar) * normal(mean.shape[1:])
        x_p = apply("decoder", y, z)
        q = apply("encoder", batch["x"])
        h_y = q.y_mean + jnp.exp(0.5 * q.y_logvar) * normal(q.y_mean.shape[1:])
        z_q = q.z_mean + jnp.exp(0.5 * q.z_logvar) * normal(q.z_mean.shape[1:])
        inferred, synthesised = (batch["x"], jax.nn.softmax(h_y), z_q), (x_p, y, z)

        key_q, key_p = next_key(), next_key()
        fixed_q, fixed_p = jax.lax.stop_gradient((inferred, synthesised))
        rho_q = apply("discriminator", *fixed_q, key=key_q)
        rho_p = apply("discriminator", *fixed_p, key=key_p)
        alpha = jax.vmap(jax.random.uniform)(example_keys())
        penalty = losses.gradient_penalty(
            lambda *inputs: apply("discriminator", *inputs), fixed_q, fixed_p, alpha
        ).mean()
        for_d = losses.real_loss(rho_q).mean() + losses.fake_loss(rho_p).mean()
        for_d += config.game.gradient_penalty * penalty
        seen_q = apply("discriminator", *inferred, key=key_q, frozen=True)
        seen_p = apply("discriminator", *synthesised, key=key_p, frozen=True)
        for_p = losses.non_saturating_generator_loss(seen_p).mean()
        for_q = losses.non_saturating_inference_loss(seen_q).mean()
        return for_d + for_p + for_q, (for_d, for_p, for_q, stats)

    return jax.grad(surrogate, has_aux=True)(params)


@pytest.fixture(scope="module")
def compiled():
    """Both gradient computations, compiled once: (generic, wired by hand), and their arguments."""
    config = amm_digits.get_test_config()
    config.game.prior = "learned"
    game = get_method("amm").build(config, (16, 16, 1), 10)
    state = jax.jit(lambda key: init_state(game, key))(jax.random.key(0))
    batch = {"x": jax.random.uniform(jax.random.key(1), (BATCH, 16, 16, 1))}
    arguments = (state.params, state.batch_stats, batch, jax.random.key(2))

    def generic(params, stats, batch, key):
        grads, outcome, stats = differentiate(game, game.phases[0], params, stats, batch, key)
        return grads, dict(outcome.losses), stats

    def hand(*arguments):
        grads, (for_d, for_p, for_q, stats) = by_hand(config, game, *arguments)
        losses = {"discriminator": for_d, "decoder": for_p, "encoder": for_q, "prior": for_p}
        return grads, losses, stats

    return [jax.jit(f).lower(*arguments).compile() for f in (generic, hand)], arguments


def test_gradients_are_those_wired_by_hand(compiled):
    (generic, hand), arguments = compiled
    jax.tree.map(_assert_equal_to_rounding, generic(*arguments), hand(*arguments))


def _assert_equal_to_rounding(a, b):
    scale = max(float(np.abs(b).max()), 1e-8)
    np.testing.assert_allclose(np.asarray(a) / scale, np.asarray(b) / scale, atol=1e-4)


def test_compiled_operations_are_those_wired_by_hand(compiled):
    costs = [function.cost_analysis() for function in compiled[0]]
    generic, hand = ((c[0] if isinstance(c, list) else c)["flops"] for c in costs)
    print(f"{generic:,.0f} operations, {hand:,.0f} wired by hand")
    assert generic == pytest.approx(hand, rel=0.01)
