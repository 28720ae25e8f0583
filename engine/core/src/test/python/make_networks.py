"""Writes convolutional networks of PyTorch as ONNX, and the results of ONNX Runtime, for OnnxNetworkTest.

docs/examples/network.onnx is its lenet.onnx.

    python make_networks.py FASHION-MNIST-FOLDER ../resources/io/heddle/model/networks

Needs torch 2.15, onnx, onnxscript, onnxruntime. Each network learns from 6,000 training images for two epochs, so that its
classes mean something. Writes NAME.onnx and, for each network, NAME.outputs: the outputs for the first 40 test images as
little-endian float32, then the class of each of the 10,000 test images as one byte.
"""
import gzip, pathlib, sys
import numpy as np
import onnxruntime
import torch
from torch import nn
from torch.nn import functional as F

source, target = map(pathlib.Path, sys.argv[1:3])
target.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)


def read(name, start, shape):
    data = np.frombuffer(gzip.decompress((source / name).read_bytes()), np.uint8, offset=start)
    return data.reshape(shape)


train = torch.tensor(read("train-images-idx3-ubyte.gz", 16, (-1, 1, 28, 28))[:6000] / np.float32(255))
labels = torch.tensor(read("train-labels-idx1-ubyte.gz", 8, -1)[:6000].astype(np.int64))
test = read("t10k-images-idx3-ubyte.gz", 16, (-1, 1, 28, 28)) / np.float32(255)


class LeNet(nn.Module):
    """ReLU after max pooling, hidden layers, view, dropout, logarithm of the softmax: PyTorch's own MNIST example."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)
        self.conv2 = nn.Conv2d(8, 16, 5)
        self.drop = nn.Dropout2d()
        self.fc1 = nn.Linear(400, 40)
        self.fc2 = nn.Linear(40, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def vgg():
    """Batch norm, 3 x 3 layers by Winograd, flattened planes into a linear layer."""
    return nn.Sequential(
        *block(1, 12), *block(12, 16), nn.MaxPool2d(2), *block(16, 24), *block(24, 24), nn.AvgPool2d(3, 2, 1),
        *block(24, 24), nn.MaxPool2d(2, ceil_mode=False), nn.Flatten(), nn.Linear(24 * 9, 10), nn.Softmax(dim=1))


class Strided(nn.Module):
    """Normalization inside of the graph, uneven padding, strides of 2 and 3, the mean of planes by mean()."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2, padding=1), nn.ReLU(), nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(16, 32, 3, 2),
            nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 40, 2, 1), nn.ReLU())
        self.head = nn.Linear(40, 10)

    def forward(self, x):
        x = (x - 0.2860) / 0.3530
        return self.head(self.body(x).mean((2, 3)))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


def resnet():
    """A smaller form of torchvision's network."""
    return nn.Sequential(
        *block(1, 16), nn.MaxPool2d(3, 2, 1), Residual(16, 16, 1), Residual(16, 24, 2), Residual(24, 24, 1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 10))


class Colour(nn.Module):
    """Three channels with a mean and deviation each, and scores from the mean of planes."""

    def __init__(self):
        super().__init__()
        self.register_buffer("average", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("spread", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.body = nn.Sequential(*block(3, 16), nn.MaxPool2d(2), *block(16, 20), nn.Conv2d(20, 10, 1))

    def forward(self, x):
        x = self.body((x - self.average) / self.spread)
        return torch.softmax(F.adaptive_avg_pool2d(x, 1).flatten(1), 1)


class Mobile(nn.Module):
    """As MobileNetV3, and around it: limits and a residual of the image, dilations, batch norm after ReLU, Max and Min."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU())
        self.open = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.Hardswish())
        self.depth = nn.Sequential(
            nn.Conv2d(16, 16, 3, padding=2, dilation=2, groups=16), nn.ReLU(), nn.BatchNorm2d(16))
        self.share = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 8, 1), nn.ReLU(), nn.Conv2d(8, 16, 1), nn.Hardsigmoid())
        self.wide = nn.Conv2d(16, 24, 3, padding=3, dilation=3, stride=2)
        self.head = nn.Sequential(nn.Linear(24, 32), nn.Hardswish(), nn.Linear(32, 10))

    def forward(self, x):
        x = x.clamp(0.1, 0.9)
        x = self.depth(self.open(x + self.first(x)))
        x = self.wide(x * self.share(x))
        x = torch.minimum(torch.maximum(x, torch.tensor(-0.5)), torch.tensor(2.0))
        return self.head(x.mean((2, 3)))


NETWORKS = {
    # name: network, whether the older exporter writes it, whether the number of images is open
    "colour": (Colour(), True, True),
    "lenet": (LeNet(), False, True),
    "lenet-older": (LeNet(), True, True),
    "vgg": (vgg(), True, True),
    "strided": (Strided(), False, False),
    "resnet": (resnet(), False, True),
    "resnet-older": (resnet(), True, False),
    "mobile": (Mobile(), False, True),
    "mobile-older": (Mobile(), True, True),
}

for name, (network, older, any_number) in NETWORKS.items():
    torch.manual_seed(0)
    network.train()
    channels = 3 if name == "colour" else 1
    # A colour image is three consecutive images.
    shown, seen = (torch.cat([x, x.roll(-1, 0), x.roll(-2, 0)], 1) if channels == 3 else x for x in (train, torch.tensor(test)))
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3)
    for epoch in range(2):
        order = torch.randperm(len(train))
        for part in order.split(100):
            optimizer.zero_grad()
            out = network(shown[part])
            loss = F.nll_loss(out.clamp_min(1e-9).log(), labels[part]) if name in ("vgg", "colour") else F.cross_entropy(out, labels[part])
            loss.backward()
            optimizer.step()
    network.eval()
    file = target / f"{name}.onnx"
    example = torch.zeros(1, channels, 28, 28)
    options = {}
    if any_number and older:
        options["dynamic_axes"] = {"input": {0: "N"}}
        # Otherwise the exporter folds batch norms. These two networks test that Heddle folds them.
        if name in ("vgg", "colour"):
            options["training"] = torch.onnx.TrainingMode.PRESERVE
    elif any_number:
        options["dynamic_shapes"] = ({0: torch.export.Dim("N")},)
        example = torch.zeros(2, channels, 28, 28)
    torch.onnx.export(
        network, (example,), str(file), input_names=["input"], output_names=["output"], dynamo=not older,
        # By default the weights are in a separate file. One network tests that this is read too.
        **({} if older else {"external_data": name == "resnet"}), **options)
    session = onnxruntime.InferenceSession(str(file))
    seen = seen.numpy()
    images = np.split(seen, 100 if any_number else len(seen))
    outputs = np.concatenate([session.run(None, {session.get_inputs()[0].name: some})[0] for some in images])
    truth = read("t10k-labels-idx1-ubyte.gz", 8, -1)
    print(f"{name}: {file.stat().st_size} bytes, test accuracy {(outputs.argmax(1) == truth).mean():.4f}", flush=True)
    (target / f"{name}.outputs").write_bytes(
        outputs[:40].astype("<f4").tobytes() + outputs.argmax(1).astype(np.uint8).tobytes())
