package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is given when a plan is made: concrete shapes, the buffers of its inputs and outputs, its weights, and
 * the means to reserve more.
 */
public interface Binding {
    /** Name of the layer, for messages. */
    String layerName();

    /** How many rows the layer runs on for each row of the batch: 1, or the steps that a layer around it folds into the batch. */
    default int rowsOfEach() {
        return 1;
    }

    /** Number of inputs: the tensors of the call, in order. */
    int inputs();

    /** Shape of an input; everything but the batch is known. */
    Shape inputShape(int input);

    /** Buffer of an input. */
    Slot input(int input);

    /** Buffer of the mask that goes with an input, one flag a step; null if there is none. */
    @Nullable
    Slot inputMask(int input);

    /** Shape of an output; everything but the batch is known. */
    Shape outputShape(int output);

    /** Buffer of an output. */
    Slot output(int output);

    /** Buffer of the mask that goes with an output whose rule is {@link MaskRule#COMPUTE}. */
    Slot outputMask(int output);

    /** Reserves a FLOAT buffer for the time of this operation. */
    Slot scratch(int rowSize);

    /** Reserves a FLAG buffer for the time of this operation. */
    Slot scratchFlags(int rowSize);

    /** Reserves state that outlives the call. */
    StateSlot state(int rowSize);

    /** A weight by its {@link WeightSpec#path}. */
    FloatTensor weight(String path);

    /** A weight, a vector or of any shape, as an array with {@link Workspace#SLACK} floats behind; shared, read-only. */
    default float[] padded(String path) {
        return shared("padded:" + path, () -> {
            FloatTensor weight = weight(path);
            float[] values = new float[weight.size() + Workspace.SLACK];
            weight.copyTo(0, values, 0, weight.size());
            return values;
        });
    }

    /** A weight of shape {@code [in, out]}, packed for the kernels; shared, read-only. */
    default PackedMatrix packed(String path) {
        return shared("packed:" + path, () -> PackedMatrix.pack(weight(path)));
    }

    /**
     * Something derived from the weights alone, made once and shared by all plans of the model.
     *
     * @param key unique within the layer
     */
    <T> T shared(String key, Supplier<T> maker);
}
