"""SAMM, the semi-supervised game of "Adversarially Learned Mixture Model": Algorithm 2, Eq. 14."""

from collections.abc import Sequence

import jax
from ml_collections import ConfigDict

from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import adversarial_mixture as shared
from aae_jax.methods import amm
from aae_jax.methods.method import Method
from aae_jax.methods.mixture_prior import make_mixture


def build(
    config: ConfigDict,
    shape: tuple[int, ...],
    steps_per_epoch: int,
    class_frequencies: Sequence[float] | None = None,
) -> Game:
    """Builds the game: AMM's on all images, and one on the labelled images, played together.

    Both share the discriminator, the decoder and p(z|y). Algorithm 2 updates one G_z by both games
    and G_y by the first alone, while Fig. 1 gives the labelled game a G_z(x, y) of its own. Here
    the labelled game has z's branch of the encoder, and a player of its own, the label reader,
    which puts the given y in the place of the features of y's branch. That branch is out of the
    labelled game's reach, under q1 and q2 alike; the stages before the branches part, on SVHN,
    belong to both games.

    Args:
        config: an experiment's config; `config.game` as `amm.options()`, with a component for each
            class, `config.network` as `adversarial_mixture.network()`, `config.data.labelled` at
            least 1.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
        class_frequencies: shares of the classes among the labels, which are p(y); None for equal
            ones.

    Raises:
        UserError: a field has an impossible value, the images do not fit the network, or a class
            has no component or no label.
    """
    shared.check(config, shape)
    if config.data.labelled < 1:
        raise UserError(
            "method samm learns from labels too: set data.labelled to their number, or method=amm"
        )
    mixture = make_mixture(config, steps_per_epoch, class_frequencies)
    k, penalty = mixture.components, config.game.gradient_penalty
    nets, players = shared.make_networks(config, shape, shared.LEADERS[config.game.inference])
    players = {
        "encoder": Player(nets.encoder, (spec(*shape),)),
        **players,
        "label_reader": shared.make_label_reader(nets, k),
    }

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        y = jax.nn.one_hot(batch["label_labelled"], k)

        def infer_labelled(play: Play, x: jax.Array) -> Code:
            # Evaluation infers y and z, so the running statistics are those of that game.
            return shared.infer_given(play, x, y, look=True)

        unlabelled = shared.compete(play, mixture, batch["x"], shared.infer, penalty)
        labelled = shared.compete(play, mixture, batch["x_labelled"], infer_labelled, penalty)
        # Every sum of either game is divided by 2M.
        by_player = {
            name: (loss + shared.of_players(players, labelled)[name]) / 2
            for name, loss in shared.of_players(players, unlabelled).items()
        }
        by_player["label_reader"] = labelled.inference / 2  # it has no part in the other game
        of_labelled = {f"{name}_labelled": value for name, value in labelled.metrics.items()}
        return Outcome(by_player, {**unlabelled.metrics, **of_labelled})

    return Game(
        players=players,
        phases=shared.one_phase("samm", loss_fn, players, config, steps_per_epoch),
        inference=shared.inference(mixture),
        components=k,
        classes=k,
        reads_labelled_subset=True,
    )


METHOD = Method(
    build,
    "SAMM",
    "Adversarially Learned Mixture Model",
    amm.options,
    reads_frequencies=True,
)
