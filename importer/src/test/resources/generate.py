"""Makes the files of this folder, with NumPy 2.4, h5py 3.14 and Keras 3.15: python generate.py

The tests know what is in them by formula: element i of every array is i - 5 for signed integers and floats (a quarter of
it for floats), i for unsigned ones, i % 3 == 0 for truth values.
"""

import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
HERE = pathlib.Path(__file__).parent


def element(kind, count):
    import numpy as np

    i = np.arange(count)
    return {"f": (i - 5) / 4, "i": i - 5, "u": i, "b": i % 3 == 0}[kind]


def arrays():
    import numpy as np

    made = {}
    for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"):
        kind = "b" if name == "?" else name[0]
        for order in "<>":
            for layout in "CF":
                key = f"{kind}{name[-1] if kind != 'b' else 1}_{'little' if order == '<' else 'big'}_{layout}"
                made[key] = np.array(element(kind, 24).reshape(2, 3, 4), dtype=np.dtype(order + name), order=layout)
    made["text"] = np.array([["hello", "wörld"], ["", "𝕏y"]])
    made["text_big"] = np.array(["é", "ab"]).astype(">U2")
    made["bytes"] = np.array([b"abc", "é".encode()])
    made["scalar"] = np.float32(1.5)
    made["empty"] = np.zeros((0, 3), "f4")
    np.savez(HERE / "numpy/arrays.npz", **made)
    np.savez_compressed(HERE / "numpy/compressed.npz", x=made["f4_little_C"])
    np.save(HERE / "numpy/single.npy", made["i8_little_C"])
    for name, array in {
        "complex": np.ones(2, "c8"),
        "objects": np.array([{}, 1], dtype=object),
        "structured": np.zeros(2, [("a", "f4"), ("b", "i4")]),
        "dates": np.array(["2026-11-23"], "M8[D]"),
        "large": np.array([[1, 2], [2**40, 3]]),
    }.items():
        np.save(HERE / f"numpy/{name}.npy", array, allow_pickle=True)


def hdf5():
    import h5py
    import ml_dtypes
    import numpy as np

    with h5py.File(HERE / "hdf5/variety.h5", "w") as file:
        for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
            for order in "<>":
                file[f"types/{name}_{'little' if order == '<' else 'big'}"] = element(name[0], 24).reshape(2, 3, 4).astype(order + name)
        file["types/bool"] = element("b", 24).reshape(2, 3, 4)
        bfloat = file.create_dataset("types/bfloat16", data=element("f", 24).reshape(2, 3, 4).astype(ml_dtypes.bfloat16))
        bfloat.attrs["dtype"] = "bfloat16"
        floats = element("f", 37 * 11).reshape(37, 11).astype("f4")
        for name, options in {
            "plain": {"chunks": (10, 4)},
            "gzip": {"chunks": (10, 4), "compression": "gzip"},
            "shuffled": {"chunks": (10, 4), "compression": "gzip", "shuffle": True},
            "checked": {"chunks": (10, 4), "fletcher32": True},
            "everything": {"chunks": (7, 11), "compression": "gzip", "shuffle": True, "fletcher32": True},
            "growing": {"chunks": (5, 3), "maxshape": (None, None)},
        }.items():
            file.create_dataset(f"chunked/{name}", data=floats, **options)
        file["scalar"] = np.float32(1.5)
        file["empty"] = np.zeros((0, 3), "f4")
        for i in range(300):  # more than one leaf of a tree of names
            file[f"many/{i}"] = np.float32(i)
        file.attrs["text"] = "wörld"
        file.attrs["fixed"] = np.bytes_("fixed")
        file.attrs["texts"] = ["a", "", "ccc"]
        file.attrs["fixed_texts"] = np.array([b"abc", b"d"])
        file.attrs["none"] = np.array([])
        file.attrs["number"] = 3
        file["group/with/levels"] = np.float32(7)
    with h5py.File(HERE / "hdf5/latest.h5", "w", libver="latest") as file:
        file["a/b/c"] = element("f", 24).reshape(2, 3, 4).astype("f4")
        file.attrs["text"] = "wörld"


def sharded():
    import h5py
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((5, 30)), keras.layers.SimpleRNN(40), keras.layers.Dense(60), keras.layers.Dense(3)])
    folder = HERE / "sharded"
    (folder / "config.json").write_text(model.to_json())
    model.save_weights(folder / "whole.weights.h5")
    model.save_weights(folder / "model.weights.json", max_shard_size=1e-5)
    old = folder / "keras-2.12.weights.h5"  # the word for layers that Keras 2.12 used, and Keras still reads
    old.write_bytes((folder / "whole.weights.h5").read_bytes())
    with h5py.File(old, "r+") as file:
        file.move("layers", "_layer_checkpoint_dependencies")


if __name__ == "__main__":
    arrays()
    hdf5()
    sharded()
