package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is given when a plan for training is made: a {@link Binding} whose weights change from step to step, and the
 * means to keep what the adjoint reads, to find gradients, and to draw at random.
 *
 * <p>{@link #weight} and {@link #padded} are views of the weights as they are at the time of the step, and matrices that are
 * {@link #packed} are packed anew before each step. {@link #shared} must not be used: what is derived from weights would not
 * follow them.
 */
public final class TrainingBinding extends Binding {
    private final TrainingResources resources;

    /**
     * The binding of a layer that stands by itself in a model.
     *
     * @param layerName for messages
     * @param inputs with their gradients where somebody asks for these
     * @param outputs with their gradients where something depends on these
     */
    public TrainingBinding(String layerName, List<Port> inputs, List<Port> outputs, TrainingResources resources) {
        super(layerName, inputs, outputs, resources);
        this.resources = resources;
    }

    private TrainingBinding(Scope scope, List<Port> inputs, List<Port> outputs, TrainingResources resources) {
        super(scope, inputs, outputs, resources);
        this.resources = resources;
    }

    @Override
    public TrainingBinding connectedTo(List<Port> otherInputs, List<Port> otherOutputs) {
        return new TrainingBinding(scope(), otherInputs, otherOutputs, resources);
    }

    @Override
    public TrainingBinding wrapped(String attribute, int rowsOfEach, List<Port> innerInputs, List<Port> innerOutputs) {
        return new TrainingBinding(scopeOfWrapped(attribute, rowsOfEach), innerInputs, innerOutputs, resources);
    }

    /** Whether the layer is trained at all: Keras's {@code trainable}, of a wrapper that of what it wraps. */
    public boolean trainable() {
        return resources.trainable();
    }

    /** Keeps a buffer of forward, such as an input, until backward of this layer has run; returns the same slot. */
    public Slot keep(Slot slot) {
        resources.keep(inPlan(slot));
        return slot;
    }

    /** Reserves a FLOAT buffer that forward writes and backward reads. */
    public Slot saved(int rowSize) {
        return keep(scratch(rowSize));
    }

    /** Reserves a FLOAT buffer for backward alone. */
    public Slot adjointScratch(int rowSize) {
        return inScope(resources.adjointScratch(reserved(rowSize)), rowSize);
    }

    /** Gradient with respect to an output, which backward may overwrite; null if nothing depends on that output. */
    public @Nullable Slot outputGradient(int output) {
        return outputPorts().get(output).gradient();
    }

    /** Where backward writes the gradient with respect to an input, all of it; null if nobody asks. */
    public @Nullable Slot inputGradient(int input) {
        return inputPorts().get(input).gradient();
    }

    /** The gradient of a weight by its {@link WeightSpec#path}; null if it is not trained. */
    public @Nullable WeightGradient gradient(String path) {
        return resources.gradient(scope().path(path));
    }

    /**
     * Says that the gradient of a weight {@code [n, features]} is the sum, for each of its rows, of the vectors of a gradient
     * that belong to it: the adjoint of looking rows up. Nothing is left to do for backward. If the weight is not trained, this
     * does nothing.
     *
     * @param path of the weight; one that begins with a slash is that of another layer: {@code /embedding/embeddings}
     * @param ids row numbers, an INT or FLOAT slot
     * @param vectors a gradient with {@code features} floats for each id
     */
    public void addRows(String path, Slot ids, Slot vectors) {
        resources.addRows(scope().path(path), inPlan(ids), inPlan(vectors));
    }

    /**
     * The same for rows that the layer has already summed up, each of which comes once.
     *
     * @param rows asked after backward has run
     */
    public void addRows(String path, SummedRows rows) {
        resources.addRows(scope().path(path), rows);
    }

    @Override
    public float[] padded(String path) {
        return resources.values(scope().path(path));
    }

    @Override
    public PackedMatrix packed(String path) {
        return packed(path, 0, matrix(path).shape().dimension(1));
    }

    @Override
    public PackedMatrix packed(String path, int axis) {
        Shape matrix = asMatrix(weight(path), axis).shape();
        return resources.packed(scope().path(path), matrix.dimension(0), 0, matrix.dimension(1), false);
    }

    /** Columns of a weight {@code [in, out]}, packed for the kernels anew before each step. */
    public PackedMatrix packed(String path, int firstColumn, int columns) {
        return resources.packed(scope().path(path), matrix(path).shape().dimension(0), firstColumn, columns, false);
    }

    /** The transpose of columns of a weight {@code [in, out]}, packed anew before each step. */
    public PackedMatrix packedTransposed(String path, int firstColumn, int columns) {
        return resources.packed(scope().path(path), matrix(path).shape().dimension(0), firstColumn, columns, true);
    }

    /** The transpose of a weight {@code [in, out]}. */
    public PackedMatrix packedTransposed(String path) {
        return packedTransposed(path, 0, matrix(path).shape().dimension(1));
    }

    /** The transpose of a weight of any rank, seen as a matrix as {@link #packed(String, int)} does. */
    public PackedMatrix packedTransposed(String path, int axis) {
        Shape matrix = asMatrix(weight(path), axis).shape();
        return resources.packed(scope().path(path), matrix.dimension(0), 0, matrix.dimension(1), true);
    }

    /** The live values of a weight that training moves without a gradient; a {@link TrainingOperation.WholeBatch} writes to it. */
    public float[] statistic(String path) {
        return resources.statistic(scope().path(path));
    }

    /**
     * Reserves a FLOAT buffer for {@link TrainingWorkspace#tracesStates}: its first {@code 2 * steps} floats take, for each
     * step in the order in which steps are computed, the Euclidean norm of the gradient with respect to the states after it, over
     * all rows of the shard; and then, for each step, that of the gradient with respect to its output. Those who watch know a layer
     * that is wrapped by the name of the wrapper and the path of its cell.
     *
     * @param owner path of the cell below the layer, with a slash at the end
     */
    public Slot stateTrace(String owner, int steps) {
        return resources.stateTrace(owner, steps);
    }

    /** Key of random numbers that nobody else draws: combined with the step and the place, it gives the number. */
    public long randomKey() {
        return resources.randomKey();
    }
}
