"""Makes what all peers train: `python prepare_training.py FOLDER`.

`<model>-<time>.keras` with Keras's own initial weights, `<model>-plain.keras` with the same weights and no dropout,
`<model>-weights.npz` for those who do not read Keras's files, and `<inputs>.npz`, rows to train on: `x` and `y`.
"""

import csv
import gzip
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import lesson_models
import numpy as np

EXAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "example"
SEED = 20_261_125
TIME = 100
TIMES = (50, 100, 200)  # the longest and the shortest show how costs grow
TOKEN_ROWS = 2_048
VECTOR_ROWS = 1_024


def save_models(folder: Path) -> None:
    for name, build in (("stacked", lesson_models.stacked), ("residual", lesson_models.residual)):
        keras.utils.set_random_seed(SEED)
        original = build(keras, TIME, True)
        weights = original.get_weights()
        for time in TIMES:
            save(build(keras, time, True), weights, folder / f"{name}-{time}.keras")
        save(build(keras, TIME, False), weights, folder / f"{name}-plain.keras")
        np.savez(folder / f"{name}-weights.npz", **{f"{i:02d}": weight for i, weight in enumerate(weights)})


def save(model, weights, file: Path) -> None:
    model.set_weights(weights)
    model.save(file)


def random_tokens(random) -> tuple[np.ndarray, np.ndarray]:
    """Every token equally likely: the least favourable to whoever sums up rows of equal tokens."""
    x = random.integers(0, lesson_models.VOCABULARY, (TOKEN_ROWS, TIME))
    return x.astype("int32"), labels(random, TOKEN_ROWS)


def text_tokens(random) -> tuple[np.ndarray, np.ndarray]:
    """The example's texts by the example's vocabulary, padded as TextVectorization pads: what the lesson trains on."""
    with gzip.open(EXAMPLE / "sections.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    chosen = [rows[i] for i in random.permutation(len(rows))[:TOKEN_ROWS]]
    vectorization = keras.models.load_model(EXAMPLE / "debian-sections.keras", compile=False).get_layer("text_vectorization")
    sections = sorted({row["section"] for row in rows})
    x = np.asarray(vectorization([row["text"] for row in chosen]), "int32")
    return x, np.array([sections.index(row["section"]) for row in chosen], "int32")


def vectors(random) -> tuple[np.ndarray, np.ndarray]:
    x = random.standard_normal((VECTOR_ROWS, TIME, 128), dtype="float32")
    return x, labels(random, VECTOR_ROWS)


def labels(random, rows: int) -> np.ndarray:
    return random.integers(0, lesson_models.CLASSES, rows).astype("int32")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_models(folder)
    for name, make in (("random", random_tokens), ("text", text_tokens), ("vectors", vectors)):
        x, y = make(np.random.default_rng(SEED))
        np.savez(folder / f"{name}.npz", x=x, y=y)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
