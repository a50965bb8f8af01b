package dev.rekur.layer;

/** A function of {@code keras.ops}, which Keras writes between the layers of a model but does not count among them. */
public interface KerasFunction extends Layer {
    @Override
    default CallStyle callStyle() {
        return CallStyle.ARGUMENTS;
    }

    @Override
    default boolean hasTrainableFlag() {
        return false;
    }
}
