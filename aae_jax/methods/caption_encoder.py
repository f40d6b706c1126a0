"""The recurrent network whose sentence embeddings the text-to-image models read.

"Learning Priors for Adversarial Autoencoders" (Section 4.3) takes embeddings of 200 dimensions from
"a pre-trained recurrent neural network" and says no more of it. Here it is trained on the captions
alone, as "Skip-Thought Vectors" trains its encoder on neighbouring sentences: from the embedding of
one caption a second network must predict, word for word, another caption of the same image. What
two captions of an image share is what the image shows; the wording is left to the second network.
An image with a single caption has it predicted from itself.

It is a game of one phase, so that it is trained, resumed, repeated and evaluated as all others.
`config.data.caption_encoder` of another run names its workdir.
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses
from aae_jax import config as base
from aae_jax.data.captions import END, UNKNOWN
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods.method import Method
from aae_jax.networks.captions import Reader, Writer
from aae_jax.optimizers import make_optimizer


def options() -> ConfigDict:
    """`config.game` with defaults."""
    return ConfigDict(
        {
            "sentence": 200,  # dimensions of an embedding
            # Share of words that the reader sees as unknown in training, so that it learns what to
            # make of a word that is.
            "word_dropout": 0.05,
        }
    )


def network() -> ConfigDict:
    """`config.network` with defaults; no paper prints these."""
    return ConfigDict({"word": 100, "hidden": 200})  # dimensions of a word; units of the writer


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` one optimiser.
        shape: of an example; not read.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value.
    """
    del shape
    check(config)
    game, net, vocabulary = config.game, config.network, config.data.vocabulary
    tokens = jax.ShapeDtypeStruct((2, 3), jnp.int32)  # of any length
    players = {
        "reader": Player(Reader(vocabulary, net.word, (game.sentence,)), (tokens,)),
        "writer": Player(Writer(vocabulary, net.word, net.hidden), (spec(game.sentence), tokens)),
    }

    def embed(play: Play, tokens: jax.Array) -> jax.Array:
        if play.train and game.word_dropout:
            lost = jax.vmap(
                lambda key: jax.random.bernoulli(key, game.word_dropout, tokens.shape[1:])
            )(play.keys(tokens.shape[0]))
            tokens = jnp.where(lost & (tokens != END), UNKNOWN, tokens)
        return play("reader", tokens)

    def caption_nll(play: Play, tokens: jax.Array, other: jax.Array) -> jax.Array:
        """-log p(other | tokens) (B,), nats for each word of `other` and its end."""
        logits = play("writer", embed(play, tokens), other)
        nll = losses.categorical_information_loss(
            logits.reshape(-1, logits.shape[-1]), other.reshape(-1)
        ).reshape(other.shape)
        # The words, and the first END after them.
        counted = jnp.pad(other != END, ((0, 0), (1, 0)), constant_values=True)[:, :-1]
        return jnp.where(counted, nll, 0.0).sum(axis=1) / counted.sum(axis=1)

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        loss = caption_nll(play, batch["caption"], batch["caption_other"]).mean()
        return Outcome({"reader": loss, "writer": loss})

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("translation", loss_fn, dict.fromkeys(players, optimizer)),),
        inference={"embed": embed, "caption_nll": caption_nll},
        vocabulary=vocabulary,
    )


def check(config: ConfigDict) -> None:
    """Raises a UserError where `config.game` or `config.network` cannot work."""
    game, net = config.game, config.network
    base.check_names(net, network(), "config.network", "method caption_encoder")
    fields = {"game.sentence": game.sentence, "network.word": net.word}
    fields["network.hidden"] = net.hidden
    for name, value in fields.items():
        checks.at_least(name, value, 1)
    checks.share("game.word_dropout", game.word_dropout)


METHOD = Method(build, "Caption encoder", "", options)
