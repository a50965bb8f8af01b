package dev.rekur.plan;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TextLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.DType;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks what a caller feeds a model, runs the text layers, and copies rows into buffers. */
public final class Inputs {
    private final Graph graph;
    private final Stages stages;

    public Inputs(Graph graph, Stages stages) {
        this.graph = graph.flat();
        this.stages = stages;
    }

    /**
     * The numbers that enter the plan: inputs of the model, and what text layers make of texts.
     *
     * @throws InvalidInputException if the inputs do not fit the model
     */
    public Map<Value, Tensor> prepare(List<? extends Tensor> given) {
        if (given.size() != graph.inputs().size()) {
            throw new InvalidInputException(
                    "expected " + graph.inputs().size() + " inputs " + graph.inputNames() + ", found " + given.size());
        }
        Map<Value, Tensor> fed = new LinkedHashMap<>();
        int batch = -1;
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i) == null) {
                throw new InvalidInputException("input '" + graph.inputNames().get(i) + "' is null");
            }
            Tensor tensor = check(i, given.get(i));
            int rows = tensor.shape().dimension(0);
            if (batch >= 0 && rows != batch) {
                throw new InvalidInputException("input '" + graph.inputNames().get(i) + "' has " + rows
                        + " rows, but '" + graph.inputNames().get(0) + "' has " + batch
                        + "; all inputs of a call must have the same number");
            }
            batch = rows;
            fed.put(graph.inputs().get(i), tensor);
        }
        Map<Value, Tensor> numbers = new LinkedHashMap<>();
        fed.forEach((value, tensor) -> {
            if (tensor.dtype() != DType.TEXT) {
                numbers.put(value, tensor);
            }
        });
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            if (stage != null && stage.layer() instanceof TextLayer layer) {
                if (!(fed.get(stage.inputs().get(0)) instanceof TextTensor texts)) {
                    throw new InvalidInputException(
                            "layer '" + stage.name() + "' (" + layer.className() + ") expects texts");
                }
                numbers.put(new Value(i, 0), layer.transform(stage.name(), texts));
            }
        }
        return numbers;
    }

    private Tensor check(int index, Tensor tensor) {
        Value value = graph.inputs().get(index);
        String name = graph.inputNames().get(index);
        Shape expected = graph.shape(value);
        boolean text = graph.kind(value) == ValueKind.TEXT;
        if (text != (tensor.dtype() == DType.TEXT)) {
            throw new InvalidInputException("input '" + name + "': expected " + (text ? "texts" : "numbers") + " "
                    + expected + ", found " + (text ? "numbers " : "texts ") + tensor.shape());
        }
        Tensor fitted = fitRank(tensor, expected);
        if (fitted.shape().rank() == 0 || !fitted.shape().isCompatibleWith(expected)) {
            throw new InvalidInputException(
                    "input '" + name + "': expected shape " + expected + ", found " + tensor.shape()
                            + ". None stands for any number",
                    "docs/TROUBLESHOOTING.md#shapes-of-inputs");
        }
        return fitted;
    }

    /** Adds or drops a last dimension of 1, as Keras does. */
    private static Tensor fitRank(Tensor tensor, Shape expected) {
        int[] dimensions = tensor.shape().dimensions();
        int[] fitted = dimensions;
        if (dimensions.length == expected.rank() - 1 && dimensions.length > 0 && expected.last() == 1) {
            fitted = Arrays.copyOf(dimensions, dimensions.length + 1);
            fitted[dimensions.length] = 1;
        } else if (dimensions.length == expected.rank() + 1 && dimensions[dimensions.length - 1] == 1) {
            fitted = Arrays.copyOf(dimensions, dimensions.length - 1);
        }
        if (fitted == dimensions) {
            return tensor;
        }
        if (tensor instanceof FloatTensor floats) {
            return floats.reshape(fitted);
        }
        return tensor instanceof IntTensor ints ? ints.reshape(fitted) : ((TextTensor) tensor).reshape(fitted);
    }

    /** Copies rows of a tensor into a buffer; integers feed float buffers, whole floats feed integer buffers. */
    public static void copy(String name, Tensor tensor, int firstRow, int rows, Workspace workspace, Slot slot) {
        int length = rows * slot.rowSize();
        int from = firstRow * slot.rowSize();
        int at = workspace.at(slot);
        if (slot.kind() == ValueKind.FLOAT) {
            float[] target = workspace.floats(slot);
            if (tensor instanceof FloatTensor floats) {
                floats.copyTo(from, target, at, length);
            } else {
                IntTensor ints = (IntTensor) tensor;
                for (int i = 0; i < length; i++) {
                    target[at + i] = ints.get(from + i);
                }
            }
            return;
        }
        int[] target = workspace.ints(slot);
        if (tensor instanceof IntTensor ints) {
            ints.copyTo(from, target, at, length);
            return;
        }
        FloatTensor floats = (FloatTensor) tensor;
        for (int i = 0; i < length; i++) {
            target[at + i] = whole(name, floats.get(from + i), from + i, slot.rowSize());
        }
    }

    static int whole(String name, float value, int index, int rowSize) {
        int integer = (int) value;
        if (integer != value) {
            throw new InvalidInputException(
                    "input '" + name + "': expected whole numbers, found " + value + " at row "
                            + index / rowSize + ", position " + index % rowSize
                            + ". Token ids are never rounded",
                    "docs/TROUBLESHOOTING.md#token-ids");
        }
        return integer;
    }
}
