"""Make the reference values and the small TorchScript files that the tests of heddle-cnn read.

    pip install torch==2.7.1 numpy
    python make_reference.py

Everything is written to ../resources/io/heddle/cnn. The images are computed from whole numbers only, so that the tests
compute the very same ones (TestImages.java).
"""
import json
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
ENCODERS = HERE / "../../main/resources/io/heddle/cnn/encoders"
TARGET = HERE / "../resources/io/heddle/cnn"
COUNT, WIDTH, HEIGHT = 6, 28, 28
RESIZES = [(28, 28, 96), (30, 20, 17), (20, 30, 64), (100, 120, 32), (12, 12, 12), (1, 1, 4), (5, 1, 9)]


def image(i, width, height):
    """A disc, a bar and a ramp: integers from 0 to 255, divided by 255."""
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            dx, dy = x - (7 + 3 * i), y - (20 - 2 * i)
            disc = max(0, 255 - 3 * (dx * dx + dy * dy))
            bar = 180 if (x + 2 * y + 5 * i) % 13 < 4 else 0
            ramp = (7 * x + (3 + i) * y) % 64
            row.append(max(disc, bar, ramp))
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float32) / 255


def stretch(gray, size):
    return F.interpolate(gray, size=(size, size), mode="bilinear", align_corners=False)


def features():
    gray = torch.stack([image(i, WIDTH, HEIGHT) for i in range(COUNT)]).unsqueeze(1)
    batch = stretch(gray, 96).repeat(1, 3, 1, 1)
    result = {}
    for stem in ("efficientnet-lite0-96-f32", "efficientnet-lite0-96-bf16"):
        with torch.inference_mode():
            out = torch.jit.load(str(ENCODERS / f"{stem}.pt"))(batch).double()
        result[stem] = [
            {
                "everyTenth": [round(v, 6) for v in row[::10].tolist()],
                "mean": row.mean().item(),
                "deviation": row.std(correction=0).item(),
                "norm": row.norm().item(),
                "alternating": (row[::2].sum() - row[1::2].sum()).item(),
            }
            for row in out
        ]
    with torch.inference_mode():
        a, b = (torch.jit.load(str(ENCODERS / f"efficientnet-lite0-96-{s}.pt"))(batch) for s in ("f32", "bf16"))
        difference = (a - b).abs().max().item()
    print("bfloat16 against float32: root mean square", ((a - b).pow(2).mean() / a.pow(2).mean()).sqrt().item())
    return result


def resizes():
    result = []
    for width, height, size in RESIZES:
        out = stretch(image(2, width, height)[None, None], size).flatten()
        step = max(1, len(out) // 150)
        result.append(
            {"width": width, "height": height, "size": size, "step": step, "values": [round(v, 8) for v in out[::step].tolist()]}
        )
    return result


class Probe(torch.nn.Module):
    """Five features that identify the input: the mean, the largest value and one corner of each channel."""

    def forward(self, x):
        s = x.shape[2] - 1
        return torch.stack([x.mean((1, 2, 3)), x.amax((1, 2, 3)), x[:, 0, 0, 0], x[:, 1, s, 0], x[:, 2, 0, s]], 1)


class Unpooled(torch.nn.Module):
    def forward(self, x):
        return x[:, 0, :2, :2]


class Doubles(torch.nn.Module):
    def forward(self, x):
        return x.mean((2, 3)).double()


class NotANumber(torch.nn.Module):
    """Three features; the second is NaN if the image has a pixel above 0.9."""

    def forward(self, x):
        m = x.mean((2, 3))
        m[:, 1] = torch.sqrt(0.9 - x.amax((1, 2, 3)))
        return m


class FailsOnWhite(torch.nn.Module):
    def forward(self, x):
        if bool(x.max() > 0.99):
            raise ValueError("too bright")
        return x.mean((2, 3))


class OnlyEight(torch.nn.Module):
    def forward(self, x):
        return x.reshape(x.shape[0], 3 * 64).mean(1, keepdim=True) + torch.zeros(x.shape[0], 8 * 8)


class Pair(torch.nn.Module):
    def forward(self, x):
        return x.mean((2, 3)), x.amax((2, 3))


def models():
    for name, module in [
        ("probe", Probe()),
        ("unpooled", Unpooled()),
        ("doubles", Doubles()),
        ("not-a-number", NotANumber()),
        ("fails-on-white", FailsOnWhite()),
        ("only-eight", OnlyEight()),
        ("pair", Pair()),
    ]:
        torch.jit.script(module).save(str(TARGET / f"{name}.pt"))
    torch.save(torch.nn.Linear(2, 3).state_dict(), str(TARGET / "state-dict.pt"))


if __name__ == "__main__":
    assert torch.__version__.startswith("2.7.1"), torch.__version__
    TARGET.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    (TARGET / "features.json").write_text(json.dumps(features()) + "\n")
    (TARGET / "resizes.json").write_text(json.dumps(resizes()) + "\n")
    models()
