"""Keras on TensorFlow as a peer: `python train_keras.py FOLDER MODEL INPUTS THREADS`, then see protocol.py.

Four ways: a call of train_on_batch a step, or one of fit a lap; the step compiled by XLA, which is Keras's own choice, or
not. Laps go the fastest.
"""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import protocol
import tensorflow as tf


class FitClock(keras.callbacks.Callback):
    """Starts with the first batch and stops with the last: what fit does before and after is not a step."""

    def __init__(self, clock, last: int):
        super().__init__()
        self.clock, self.last = clock, last

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            self.clock.start()

    def on_train_batch_end(self, batch, logs=None):
        if batch == self.last:
            self.clock.stop()


def compiled(file: Path, xla: bool):
    model = keras.models.load_model(file, compile=False)
    model.compile(optimizer=keras.optimizers.Adam(), loss="sparse_categorical_crossentropy", jit_compile=xla)
    return model


def by_batch(model):
    def steps(batches, clock):
        clock.start()
        for x, y in batches:
            model.train_on_batch(x, y)
        clock.stop()

    return steps


def by_fit(model):
    def steps(batches, clock):
        x = np.concatenate([x for x, _ in batches])
        y = np.concatenate([y for _, y in batches])
        clocks = [FitClock(clock, len(batches) - 1)]
        model.fit(x, y, batch_size=protocol.BATCH, shuffle=False, verbose=0, callbacks=clocks)

    return steps


def main(folder: Path, name: str, inputs: str, threads: int) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    with np.load(folder / f"{inputs}.npz") as data:
        rows = protocol.Rows(data["x"], data["y"])

    def losses(batches):
        model = compiled(folder / f"{name}-plain.keras", False)
        values = []
        for x, y in batches:
            model.reset_metrics()  # else the mean over all batches so far
            values.append(float(model.train_on_batch(x, y)))
        return values

    ways = {}
    for xla in (False, True):
        model = compiled(folder / f"{name}-100.keras", xla)
        suffix = "+xla" if xla else ""
        ways[f"train_on_batch{suffix}"] = by_batch(model)
        ways[f"fit{suffix}"] = by_fit(model)
    protocol.serve("keras", f"{keras.__version__},tensorflow={tf.__version__}", losses, ways, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
