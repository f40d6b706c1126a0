"""Inception-v3 of FID in PyTorch: torchvision's network with FID's differences patched in."""

from unittest import mock

import pytest

torch = pytest.importorskip("torch")

# A torchvision that was built for another kind of torch lacks operators of its own (detection,
# decoding), and says so when it is imported. This network needs none of them.
with mock.patch("torch.library.register_fake"):
    models = pytest.importorskip("torchvision.models")

import torch.nn.functional as F  # noqa: E402
from torchvision.models import inception as blocks  # noqa: E402

_average = F.avg_pool2d  # a block's is replaced below


def make_inception(seed):
    """The network with random weights and statistics, in evaluation mode."""
    torch.manual_seed(seed)
    network = models.inception_v3(
        weights=None, num_classes=1008, aux_logits=False, init_weights=False, transform_input=False
    )
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.bias, std=0.1)
            torch.nn.init.normal_(module.running_mean, std=0.1)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            # Small: one that kept variances of 1 would let the signal of 48 layers die away.
            torch.nn.init.uniform_(module.running_var, 0.2, 0.5)
        if isinstance(module, (blocks.InceptionA, blocks.InceptionC, blocks.InceptionE)):
            _patch(module, F.max_pool2d if name == "Mixed_7c" else _mean_pool)
    return network.eval()


def _mean_pool(x, **where):
    return _average(x, **where, count_include_pad=False)


def _patch(block, pool):
    """Gives a block's pooled branch another pooling."""
    original = block._forward

    def forward(x):
        with mock.patch.object(blocks.F, "avg_pool2d", lambda x, **where: pool(x, **where)):
            return original(x)

    block._forward = forward


def prepare(x):
    """Images (B, C, H, W) in [0, 1] as the network reads them."""
    x = F.interpolate(x, size=(299, 299), mode="bilinear", align_corners=False)
    return (2 * x - 1).expand(-1, 3, -1, -1)


def outputs_of_layers(network, x):
    """Name of each of the network's parts with weights -> what it gives, and the features."""
    outputs = {}
    for name, part in network.named_children():
        if next(part.parameters(), None) is not None:
            part.register_forward_hook(
                lambda _, __, output, name=name: outputs.update({name: output})
            )
    features = []
    network.avgpool.register_forward_hook(lambda _, __, output: features.append(output))
    with torch.no_grad():
        network(x)
    return outputs, features[0].flatten(1)
