"""aae_jax: adversarial autoencoders and their relatives in JAX and Flax."""
