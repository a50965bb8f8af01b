package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** What a plan for training gives the layers that it binds. Layers use it through their {@link TrainingBinding}. */
public interface TrainingResources extends Resources {
    /** Whether the layer is trained at all: Keras's {@code trainable}, of a wrapper that of what it wraps. */
    boolean trainable();

    /** Keeps a buffer of forward until backward of this layer has run. */
    void keep(Slot slot);

    /** Reserves a FLOAT buffer for backward alone. */
    Slot adjointScratch(int rowSize);

    /** The gradient of a weight; null if it is not trained. */
    @Nullable
    WeightGradient gradient(String path);

    /** Says that the gradient of a table is a sum of vectors for each of its rows. */
    void addRows(String path, Slot ids, Slot vectors);

    /** Says that the gradient of a table is what the layer has summed up for some of its rows. */
    void addRows(String path, SummedRows rows);

    /** The live values of a weight, with {@link Workspace#SLACK} floats behind. */
    float[] values(String path);

    /** The live values of a weight that training moves without a gradient. */
    float[] statistic(String path);

    /**
     * Columns of a weight, or the transpose of them, packed before each step.
     *
     * @param rows of the matrix that the weight is seen as
     */
    PackedMatrix packed(String path, int rows, int firstColumn, int columns, boolean transposed);

    /** Reserves a FLOAT buffer for the norms of the gradients with respect to states. */
    Slot stateTrace(String owner, int steps);

    /** Key of random numbers that nobody else draws. */
    long randomKey();
}
