"""The two models of the lessons that the benchmark trains, in Keras."""

VOCABULARY = 10_000
CLASSES = 5


def stacked(k, time: int, rates: bool):
    """Embedding and three SimpleRNN: 1,328,517 parameters."""
    layers = k.layers
    model = k.Sequential([k.Input((time,), dtype="int32"), layers.Embedding(VOCABULARY, 128)])
    for units in (128, 64, 32):
        model.add(layers.SimpleRNN(units, return_sequences=units != 32))
        model.add(layers.Dropout(0.3 if rates else 0.0))
    model.add(layers.Dense(CLASSES, activation="softmax"))
    return model


def residual(k, time: int, rates: bool):
    """Dense, two residual blocks of SimpleRNN and LayerNormalization, and a SimpleRNN."""
    layers = k.layers
    inputs = k.Input((time, 128))
    x = layers.Dense(64)(inputs)
    for _ in range(2):
        block = layers.SimpleRNN(64, return_sequences=True)(x)
        x = layers.Add()([x, layers.LayerNormalization()(block)])
    x = layers.SimpleRNN(64)(x)
    x = layers.Dropout(0.5 if rates else 0.0)(x)
    return k.Model(inputs, layers.Dense(CLASSES, activation="softmax")(x))
