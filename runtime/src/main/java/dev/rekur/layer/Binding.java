package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is given when a plan is made: the {@link Port ports} that its call is connected to, its weights, and the means to
 * reserve memory. A layer that wraps another one gives it a copy with other ports, or weights further down.
 */
public class Binding {
    private final Scope scope;
    private final List<Port> inputs;
    private final List<Port> outputs;
    private final Resources resources;

    /**
     * Where in a model a layer stands.
     *
     * @param layerName name of the layer, for messages
     * @param path of the wrapped layer below it, with a slash at the end; empty for the layer itself
     * @param rowsOfEach how many rows the layer runs on for each row of the batch: 1, or the steps that a layer around it folds
     *     into the batch
     */
    protected record Scope(String layerName, String path, int rowsOfEach) {
        String path(String weight) {
            return weight.startsWith("/") ? weight : path + weight;
        }
    }

    /**
     * The binding of a layer that stands by itself in a model.
     *
     * @param layerName for messages
     */
    public Binding(String layerName, List<Port> inputs, List<Port> outputs, Resources resources) {
        this(new Scope(layerName, "", 1), inputs, outputs, resources);
    }

    /** A binding in a scope. */
    protected Binding(Scope scope, List<Port> inputs, List<Port> outputs, Resources resources) {
        this.scope = scope;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.resources = resources;
    }

    /** The same layer connected to other ports. */
    public Binding connectedTo(List<Port> otherInputs, List<Port> otherOutputs) {
        return new Binding(scope, otherInputs, otherOutputs, resources);
    }

    /**
     * The binding of a layer that this one wraps.
     *
     * @param attribute Keras's attribute that holds the wrapped layer, under which its weights lie
     * @param rowsOfEach how many of its rows are a row of this layer
     */
    public Binding wrapped(String attribute, int rowsOfEach, List<Port> innerInputs, List<Port> innerOutputs) {
        return new Binding(scopeOfWrapped(attribute, rowsOfEach), innerInputs, innerOutputs, resources);
    }

    /** The scope of a layer that this one wraps. */
    protected final Scope scopeOfWrapped(String attribute, int rowsOfEach) {
        return new Scope(
                scope.layerName(), scope.path() + attribute + "/", Math.multiplyExact(scope.rowsOfEach(), rowsOfEach));
    }

    /** The scope of the layer. */
    protected final Scope scope() {
        return scope;
    }

    /** Name of the layer, for messages. */
    public final String layerName() {
        return scope.layerName();
    }

    /** How many rows the layer runs on for each row of the batch: 1, or the steps that a layer around it folds into the batch. */
    public final int rowsOfEach() {
        return scope.rowsOfEach();
    }

    /** Number of inputs: the tensors of the call, in order. */
    public final int inputs() {
        return inputs.size();
    }

    /** The inputs, in order. */
    public final List<Port> inputPorts() {
        return inputs;
    }

    /** The outputs, in order. */
    public final List<Port> outputPorts() {
        return outputs;
    }

    /** Shape of an input; everything but the batch is known. */
    public final Shape inputShape(int input) {
        return inputs.get(input).shape();
    }

    /** Buffer of an input. */
    public final Slot input(int input) {
        return inputs.get(input).slot();
    }

    /** Buffer of the mask that goes with an input; null if there is none. */
    public final @Nullable Slot inputMask(int input) {
        return inputs.get(input).mask();
    }

    /** Shape of an output; everything but the batch is known. */
    public final Shape outputShape(int output) {
        return outputs.get(output).shape();
    }

    /** Buffer of an output. */
    public final Slot output(int output) {
        return outputs.get(output).slot();
    }

    /** Buffer of the mask that the layer computes for an output; see {@link OutputMask.Computed}. */
    public final Slot outputMask(int output) {
        return Objects.requireNonNull(outputs.get(output).mask(), "the layer computes no mask");
    }

    /** Reserves a FLOAT buffer for the time of this operation. */
    public final Slot scratch(int rowSize) {
        return inScope(resources.scratch(ValueKind.FLOAT, reserved(rowSize)), rowSize);
    }

    /** Reserves a FLAG buffer for the time of this operation. */
    public final Slot scratchFlags(int rowSize) {
        return inScope(resources.scratch(ValueKind.FLAG, reserved(rowSize)), rowSize);
    }

    /** Reserves an INT buffer for the time of this operation. */
    public final Slot scratchInts(int rowSize) {
        return inScope(resources.scratch(ValueKind.INT, reserved(rowSize)), rowSize);
    }

    /** Elements that a row of the batch needs, for rows of this layer of so many elements. */
    protected final int reserved(int rowSize) {
        return Math.multiplyExact(rowSize, scope.rowsOfEach());
    }

    /** A buffer as this layer sees it, whose rows may be parts of a row of the batch. */
    protected final Slot inScope(Slot slot, int rowSize) {
        return scope.rowsOfEach() == 1 ? slot : new Slot(slot.id(), slot.kind(), rowSize);
    }

    /** A buffer of this layer as the plan sees it. */
    protected final Slot inPlan(Slot slot) {
        return scope.rowsOfEach() == 1 ? slot : new Slot(slot.id(), slot.kind(), reserved(slot.rowSize()));
    }

    /** Reserves state that outlives the call. */
    public final StateSlot state(int rowSize) {
        if (!scope.path().isEmpty()) {
            throw new IllegalStateException("no layer with a state that outlives the call is wrapped");
        }
        return resources.state(rowSize);
    }

    /** A weight by its {@link WeightSpec#path}. */
    public final FloatTensor weight(String path) {
        return resources.weight(scope.path(path));
    }

    /** A weight, a vector or of any shape, as an array with {@link Workspace#SLACK} floats behind; shared, read-only. */
    public float[] padded(String path) {
        return shared("padded:" + path, () -> {
            FloatTensor weight = weight(path);
            float[] values = new float[weight.size() + Workspace.SLACK];
            weight.copyTo(0, values, 0, weight.size());
            return values;
        });
    }

    /**
     * A weight of shape {@code [in, out]}, packed for the kernels; shared, read-only.
     *
     * @throws IllegalArgumentException if it is no matrix; {@link #packed(String, int)} says how to see it as one
     */
    public PackedMatrix packed(String path) {
        return shared("packed:" + path, () -> PackedMatrix.pack(matrix(path)));
    }

    /**
     * A weight of any rank as a matrix, packed for the kernels; shared, read-only. It has a row for each combination of the
     * dimensions before an axis, and a column for each of those from it on.
     *
     * @param axis the first dimension of the columns
     */
    public PackedMatrix packed(String path, int axis) {
        return shared("packed:" + axis + ":" + path, () -> PackedMatrix.pack(asMatrix(weight(path), axis)));
    }

    /** A weight that is a matrix. */
    protected final FloatTensor matrix(String path) {
        FloatTensor weight = weight(path);
        if (weight.shape().rank() != 2) {
            throw new IllegalArgumentException("layer '" + layerName() + "' packs a weight of shape " + weight.shape()
                    + " as if it were a matrix; say which of its dimensions are columns");
        }
        return weight;
    }

    /** A weight with the dimensions before an axis as rows, the others as columns. */
    protected static FloatTensor asMatrix(FloatTensor weight, int axis) {
        int rows = 1;
        for (int i = 0; i < axis; i++) {
            rows = Math.multiplyExact(rows, weight.shape().dimension(i));
        }
        return weight.reshape(rows, rows == 0 ? 0 : weight.size() / rows);
    }

    /**
     * Something derived from the weights alone, made once and shared by all plans of the model.
     *
     * @param key unique within the layer
     */
    public final <T> T shared(String key, Supplier<T> maker) {
        return resources.shared(scope.path() + key, maker);
    }
}
