package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is given when a plan for training is made: a {@link Binding} whose weights change from step to step, and the
 * means to keep what the adjoint reads, to find gradients, and to draw at random.
 *
 * <p>{@link #weight} and {@link #padded} are views of the weights as they are at the time of the step, and matrices that are
 * {@link #packed} are packed anew before each step. {@link #shared} must not be used: what is derived from weights would not
 * follow them.
 */
public interface TrainingBinding extends Binding {
    /** Whether the layer is trained at all: Keras's {@code trainable}, of a wrapper that of what it wraps. */
    boolean trainable();

    /** Keeps a buffer of forward, such as an input, until backward of this layer has run; returns the same slot. */
    Slot keep(Slot slot);

    /** Reserves a FLOAT buffer that forward writes and backward reads. */
    default Slot saved(int rowSize) {
        return keep(scratch(rowSize));
    }

    /** Reserves a FLOAT buffer for backward alone. */
    Slot adjointScratch(int rowSize);

    /** Gradient with respect to an output, which backward may overwrite; null if nothing depends on that output. */
    @Nullable
    Slot outputGradient(int output);

    /** Where backward writes the gradient with respect to an input, all of it; null if nobody asks. */
    @Nullable
    Slot inputGradient(int input);

    /** The gradient of a weight by its {@link WeightSpec#path}; null if it is not trained. */
    @Nullable
    WeightGradient gradient(String path);

    /**
     * Says that the gradient of a weight {@code [n, features]} is the sum, for each of its rows, of the vectors of a gradient
     * that belong to it: the adjoint of looking rows up. Nothing is left to do for backward. If the weight is not trained, this
     * does nothing.
     *
     * @param path of the weight; one that begins with a slash is that of another layer: {@code /embedding/embeddings}
     * @param ids row numbers, an INT or FLOAT slot
     * @param vectors a gradient with {@code features} floats for each id
     */
    void addRows(String path, Slot ids, Slot vectors);

    /**
     * The same for rows that the layer has already summed up, each of which comes once.
     *
     * @param rows asked after backward has run
     */
    void addRows(String path, SummedRows rows);

    /** Gradients of some rows of a table. */
    interface SummedRows {
        /** How many there are. */
        int count();

        /** Which row of the table the {@code index}-th is. */
        int row(int index);

        /** The gradients of all rows. */
        float[] gradients();

        /** Where those of the {@code index}-th row begin. */
        int at(int index);
    }

    /** Columns of a weight {@code [in, out]}, packed for the kernels anew before each step. */
    PackedMatrix packed(String path, int firstColumn, int columns);

    /** The transpose of columns of a weight {@code [in, out]}, packed anew before each step. */
    PackedMatrix packedTransposed(String path, int firstColumn, int columns);

    /** The transpose of a weight {@code [in, out]}. */
    default PackedMatrix packedTransposed(String path) {
        return packedTransposed(path, 0, weight(path).shape().dimension(1));
    }

    /** The live values of a weight that training moves without a gradient; a {@link TrainingOperation.WholeBatch} writes to it. */
    float[] statistic(String path);

    /**
     * Reserves a FLOAT buffer for {@link TrainingWorkspace#tracesStates}: its first {@code 2 * steps} floats take, for each
     * step in the order in which steps are computed, the Euclidean norm of the gradient with respect to the states after it, over all
     * rows of the shard; and then, for each step, that of the gradient with respect to its output.
     *
     * @param owner path of the cell below the layer, with a slash at the end
     */
    Slot stateTrace(String owner, int steps);

    /** Key of random numbers that nobody else draws: combined with the step and the place, it gives the number. */
    long randomKey();
}
