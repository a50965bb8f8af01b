package dev.rekur.layer;

import dev.rekur.tensor.FloatTensor;
import java.util.function.Supplier;

/** What a plan gives the layers that it binds: memory, and weights. Layers use it through their {@link Binding}. */
public interface Resources {
    /** Reserves a buffer for the time of this operation. */
    Slot scratch(ValueKind kind, int rowSize);

    /** Reserves state that outlives the call. */
    StateSlot state(int rowSize);

    /** A weight by its {@link WeightSpec#path}. */
    FloatTensor weight(String path);

    /**
     * Something derived from the weights alone, made once and shared by all plans of the model.
     *
     * @param key unique within the layer
     */
    <T> T shared(String key, Supplier<T> maker);
}
