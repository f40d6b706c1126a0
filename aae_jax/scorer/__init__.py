"""The judges of generated images: networks that were trained independently.

`config.evaluation.classifier` names the workdir of a classifier of the house, which tells the
data's own classes apart; `config.evaluation.inception` the weights of Inception-v3, whose features
make numbers that can be compared with others'. Numbers by different judges cannot be compared.
"""

from dataclasses import replace

from ml_collections import ConfigDict

from aae_jax.data import Dataset
from aae_jax.scorer import classifier, inception
from aae_jax.scorer.classifier import Scorer
from aae_jax.scorer.inception import InceptionJudge

__all__ = ["InceptionJudge", "Scorer", "attach", "check"]


def check(config: ConfigDict) -> None:
    """Checks, without the data, that the judges that `evaluation` names are there.

    Raises:
        UserError: one is not.
    """
    if config.evaluation.classifier:
        classifier.load(config.evaluation.classifier)
    if config.evaluation.inception:
        inception.load(config.evaluation.inception)


def attach(config: ConfigDict, dataset: Dataset) -> Dataset:
    """The data set with the judges that `evaluation` names; itself where it names none.

    The scorer is the classifier. The extractor, whose features tell how alike two sets of images
    are, is Inception where its weights are named, else the classifier.

    Raises:
        UserError: a judge is not there, or cannot read such images.
    """
    folder, weights = config.evaluation.classifier, config.evaluation.inception
    if not folder and not weights:
        return dataset
    scorer = classifier.for_data(folder, dataset) if folder else None
    extractor = inception.for_data(weights, dataset) if weights else scorer
    return replace(dataset, scorer=scorer, extractor=extractor)
