"""The encoder "fashion" in PyTorch, ONNX Runtime and OpenVINO: processor time an image with one thread, and of one image.

    python encoder_peers.py fashion.safetensors t10k-images-idx3-ubyte.gz [IMAGES]

Needs torch, onnxruntime, openvino, onnx, safetensors or none of it: the file is read here. Beside `bench/run engines`, whose figures
are the processor time of a thread too. The peers encode slices of images alternately, so that other programs have little effect on the ratio.
The features of each are compared with those of PyTorch.
"""
import gzip, json, struct, sys, tempfile, time
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
file, images = sys.argv[1:3]
most = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000

data = open(file, "rb").read()
size = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:8 + size])
layers = header["__metadata__"]["layers"].split()


def tensor(name):
    begin, end = header[name]["data_offsets"]
    return torch.tensor(np.frombuffer(data[8 + size + begin:8 + size + end], "<f4").reshape(header[name]["shape"]).copy())


parts, inputs = [], 1
for i, layer in enumerate(layers):
    channels, rest = layer.split("@")
    kernel, _, stride = rest.partition("/")
    conv = nn.Conv2d(inputs, int(channels), int(kernel), int(stride or 1), int(kernel) // 2)
    conv.weight.data, conv.bias.data = tensor(f"layers.{i}.weight"), tensor(f"layers.{i}.bias")
    parts += [conv, nn.ReLU()]
    inputs = int(channels)
network = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
pixels = np.frombuffer(gzip.open(images).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:most] / np.float32(255)

peers = {}
last = network.to(memory_format=torch.channels_last)
frozen = torch.jit.freeze(torch.jit.trace(last, torch.zeros(64, 1, 28, 28)))
peers[f"PyTorch {torch.__version__.split('+')[0]}"] = lambda x: frozen(torch.from_numpy(x)).numpy()
path = tempfile.mkdtemp() + "/fashion.onnx"
torch.onnx.export(network, (torch.zeros(2, 1, 28, 28),), path, input_names=["input"], output_names=["output"],
                  dynamo=False, dynamic_axes={"input": {0: "N"}})
try:
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    peers[f"ONNX Runtime {onnxruntime.__version__}"] = lambda x: session.run(None, {"input": x})[0]
except ImportError:
    print("ONNX Runtime is not installed")
try:
    import openvino
    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1}
    compiled = {n: core.compile_model(core.read_model(path), "CPU", settings) for n in (1,)}[1]
    request = compiled.create_infer_request()
    peers[f"OpenVINO {openvino.__version__.split('-')[0]}"] = lambda x: request.infer({0: x})[0].copy()
except ImportError:
    print("OpenVINO is not installed")

with torch.no_grad():
    for batch in (64, 1):
        micros = {name: [] for name in peers}
        rows = pixels if batch > 1 else pixels[:2000]
        for at in range(0, len(rows) - batch + 1, batch):
            part = np.ascontiguousarray(rows[at:at + batch])
            exact = None
            for name, run in peers.items():
                # CPU time of the process, because OpenVINO computes in another thread. One thread each, so nothing
                # spins.
                start = time.process_time_ns()
                out = run(part)
                micros[name].append((time.process_time_ns() - start) / 1e3 / batch)
                exact = out if exact is None else exact
                assert np.abs(out - exact).max() <= 1e-4 * np.abs(exact).max(), name
        for name, times in micros.items():
            times = np.sort(times[len(times) // 10:])
            print(f"{name:22} batches of {batch:2}: median {times[len(times) // 2]:6.1f} us of processor an image, "
                  f"p99.9 {times[int(len(times) * .999)]:7.1f} us", flush=True)
