"""PyTorch as a peer: `python train_torch.py FOLDER MODEL INPUTS THREADS`, then see protocol.py.

The same models with nn.RNN, from the same weights. Adam divides by sqrt(v) + epsilon as Keras does, not by
sqrt(v / (1 - beta2^t)) + epsilon as PyTorch would: its epsilon is set anew for each step. Three ways: PyTorch's three
implementations of Adam. Laps go the fastest.
"""

import sys
from pathlib import Path

import numpy as np
import protocol
import torch
from torch import nn

EPSILON, BETA_2 = 1e-7, 0.999


class Recurrent(nn.Module):
    """SimpleRNN. PyTorch has two biases where Keras has one; the second is zero and stays so."""

    def __init__(self, features: int, units: int, sequences: bool):
        super().__init__()
        self.rnn = nn.RNN(features, units, batch_first=True)
        self.sequences = sequences

    def load(self, kernel, recurrent, bias) -> None:
        copy(self.rnn.weight_ih_l0, kernel.T)
        copy(self.rnn.weight_hh_l0, recurrent.T)
        copy(self.rnn.bias_ih_l0, bias)
        copy(self.rnn.bias_hh_l0, np.zeros_like(bias))
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        outputs, last = self.rnn(x)
        return outputs if self.sequences else last[0]


class Stacked(nn.Module):
    def __init__(self, weights, rate: float):
        super().__init__()
        self.embedding = nn.Embedding(10_000, 128)
        self.layers = nn.ModuleList([Recurrent(128, 128, True), Recurrent(128, 64, True), Recurrent(64, 32, False)])
        self.dropout = nn.Dropout(rate)
        self.dense = nn.Linear(32, 5)
        copy(self.embedding.weight, weights[0])
        for i, layer in enumerate(self.layers):
            layer.load(*weights[1 + 3 * i : 4 + 3 * i])
        load_dense(self.dense, *weights[10:12])

    def forward(self, tokens):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = self.dropout(layer(x))
        return self.dense(x)


class Residual(nn.Module):
    def __init__(self, weights, rate: float):
        super().__init__()
        self.first = nn.Linear(128, 64)
        self.blocks = nn.ModuleList([Recurrent(64, 64, True) for _ in range(2)])
        self.norms = nn.ModuleList([nn.LayerNorm(64, eps=1e-3) for _ in range(2)])
        self.last = Recurrent(64, 64, False)
        self.dropout = nn.Dropout(rate)
        self.dense = nn.Linear(64, 5)
        load_dense(self.first, *weights[:2])
        for i in range(2):
            kernel, recurrent, bias, gamma, beta = weights[2 + 5 * i : 7 + 5 * i]
            self.blocks[i].load(kernel, recurrent, bias)
            copy(self.norms[i].weight, gamma)
            copy(self.norms[i].bias, beta)
        self.last.load(*weights[12:15])
        load_dense(self.dense, *weights[15:17])

    def forward(self, x):
        x = self.first(x)
        for block, norm in zip(self.blocks, self.norms):
            x = x + norm(block(x))
        return self.dense(self.dropout(self.last(x)))


MODELS = {"stacked": (Stacked, 0.3), "residual": (Residual, 0.5)}


def copy(parameter, values) -> None:
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))


def load_dense(linear, kernel, bias) -> None:
    copy(linear.weight, kernel.T)
    copy(linear.bias, bias)


class Training:
    def __init__(self, model, **adam):
        self.model = model.train()
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.Adam(trained, lr=1e-3, betas=(0.9, BETA_2), eps=EPSILON, **adam)
        self.steps_taken = 0

    def step(self, x, y) -> float:
        self.steps_taken += 1
        self.optimizer.param_groups[0]["eps"] = EPSILON / (1 - BETA_2**self.steps_taken) ** 0.5
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(self.model(torch.from_numpy(x)), torch.from_numpy(y).long())
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def steps(self, batches, clock) -> None:
        clock.start()
        for x, y in batches:
            self.step(x, y)
        clock.stop()


def main(folder: Path, name: str, inputs: str, threads: int) -> None:
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    with np.load(folder / f"{inputs}.npz") as data:
        rows = protocol.Rows(data["x"], data["y"])
    with np.load(folder / f"{name}-weights.npz") as archive:
        weights = [archive[key] for key in sorted(archive.files)]
    build, rate = MODELS[name]

    def losses(batches):
        training = Training(build(weights, 0.0))
        return [training.step(x, y) for x, y in batches]

    ways = {"adam": {}, "adam-foreach": {"foreach": True}, "adam-fused": {"fused": True}}
    trainings = {way: Training(build(weights, rate), **adam).steps for way, adam in ways.items()}
    protocol.serve("torch", torch.__version__, losses, trainings, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
