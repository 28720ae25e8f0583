"""Make convolutions.pt, the TorchScript program through which Heddle trains and runs its own networks.

    pip install torch==2.7.1
    python make_convolutions.py

DJL cannot name bfloat16 from Java, so the steps that turn float32 into it and back are written here. The program holds
no weights: they are arguments, so gradients flow to them.
"""
import pathlib
from typing import List, Tuple

import torch
from torch import Tensor

TARGET = pathlib.Path(__file__).resolve().parent / "../resources/io/heddle/cnn/convolutions.pt"


class Convolutions(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def train_features(
        self,
        x: Tensor,
        weights: List[Tensor],
        scales: List[Tensor],
        shifts: List[Tensor],
        means: List[Tensor],
        variances: List[Tensor],
        strides: Tensor,
        narrow: Tensor,
    ) -> Tensor:
        """[N,1,H,W] to [N,C] pooled; means and variances are overwritten with those of this batch."""
        half = bool(narrow.item())
        if half:
            x = x.to(torch.bfloat16)
        for i in range(len(weights)):
            w = weights[i].to(torch.bfloat16) if half else weights[i]
            s = int(strides[i].item())
            p = w.size(2) // 2
            x = torch.conv2d(x, w, None, [s, s], [p, p])
            x = torch.batch_norm(x, scales[i], shifts[i], means[i], variances[i], True, 1.0, 1e-5, False)
            x = torch.relu(x)
        return x.float().mean([2, 3])

    @torch.jit.export
    def narrowed(self, tensors: List[Tensor]) -> List[Tensor]:
        """The tensors in bfloat16, as encode takes them: kernels channels-last."""
        result: List[Tensor] = []
        for t in tensors:
            t = t.to(torch.bfloat16)
            result.append(t.contiguous(memory_format=torch.channels_last) if t.dim() == 4 else t)
        return result

    @torch.jit.export
    def encode(self, x: Tensor, weights: List[Tensor], biases: List[Tensor], strides: Tensor) -> Tensor:
        """[N,1,H,W] to [N,C] pooled over the image."""
        x = x.to(weights[0].dtype)
        for i in range(len(weights)):
            s = int(strides[i].item())
            p = weights[i].size(2) // 2
            x = torch.relu_(torch.conv2d(x, weights[i], biases[i], [s, s], [p, p]))
        return x.float().mean([2, 3])

    @torch.jit.export
    def encode_grid(
        self, x: Tensor, weights: List[Tensor], biases: List[Tensor], strides: Tensor, grid: Tensor
    ) -> Tensor:
        """[N,1,H,W] to what encode gives and, beside it, means over a grid of windows.

        grid holds the windows of a row and the first layer whose output is pooled so; each channel's windows stand
        together.
        """
        windows = int(grid[0].item())
        first = int(grid[1].item())
        x = x.to(weights[0].dtype)
        parts: List[Tensor] = []
        for i in range(len(weights)):
            s = int(strides[i].item())
            p = weights[i].size(2) // 2
            x = torch.relu(torch.conv2d(x, weights[i], biases[i], [s, s], [p, p]))
            if i >= first:
                parts.append(torch.nn.functional.adaptive_avg_pool2d(x.float(), [windows, windows]).flatten(1))
        return torch.cat([x.float().mean([2, 3])] + parts, 1)


if __name__ == "__main__":
    assert torch.__version__.startswith("2.7.1"), torch.__version__
    torch.jit.script(Convolutions().eval()).save(str(TARGET))
