package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.ContractVectors.Value;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A layer bound to guarded buffers, to be run on its own. */
public final class Room {
    private final Layer layer;
    private final List<Shape> inputShapes;
    private final RoomBinding binding;
    private final Operation operation;

    /**
     * @param inputShapes everything but the batch known
     * @param masked for each input whether a mask goes with it
     */
    public Room(
            Layer layer,
            Map<String, FloatTensor> weights,
            List<Shape> inputShapes,
            List<ValueKind> kinds,
            List<Boolean> masked,
            boolean inPlace) {
        this.layer = layer;
        this.inputShapes = inputShapes;
        this.binding = new RoomBinding(
                layer, weights, inputShapes, taken(layer, kinds), maskSteps(inputShapes, masked), inPlace);
        this.operation = layer.forward(binding.binding());
    }

    /** The room of a case. */
    static Room of(Layer layer, Case contract, boolean inPlace) {
        List<Shape> shapes = contract.inputs().stream()
                .map(input -> input.tensor().shape().withBatch(Shape.UNKNOWN))
                .toList();
        List<ValueKind> kinds = contract.inputs().stream().map(Value::kind).toList();
        List<Boolean> masked = new ArrayList<>();
        contract.masks().forEach(mask -> masked.add(mask != null));
        return new Room(layer, contract.weights(), shapes, kinds, masked, inPlace);
    }

    /** A room of float inputs without masks. */
    public static Room of(Layer layer, Map<String, FloatTensor> weights, Shape... inputs) {
        List<ValueKind> kinds =
                Arrays.stream(inputs).map(input -> ValueKind.FLOAT).toList();
        return new Room(layer, weights, List.of(inputs), kinds, List.of(), false);
    }

    /** Kinds of the inputs as the layer reads them. */
    static List<ValueKind> taken(Layer layer, List<ValueKind> kinds) {
        List<ValueKind> taken = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            taken.add(layer.takes(i, kinds.get(i)) ? kinds.get(i) : ValueKind.FLOAT);
        }
        return taken;
    }

    /** Flags a row of the mask of each input, or -1. */
    static List<Integer> maskSteps(List<Shape> shapes, List<Boolean> masked) {
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < masked.size(); i++) {
            steps.add(masked.get(i) ? steps(shapes.get(i)) : -1);
        }
        return steps;
    }

    private static int steps(Shape shape) {
        return shape.last() == 0 ? 0 : shape.rowSize() / shape.last();
    }

    /**
     * Outputs and the masks that go with them.
     *
     * @param masks 0 and 1, or null
     */
    public record Result(List<Tensor> outputs, List<@Nullable IntTensor> masks) {
        /** Output 0. */
        public FloatTensor floats() {
            return (FloatTensor) outputs.get(0);
        }
    }

    RoomBinding binding() {
        return binding;
    }

    /** Runs in new memory; checks the guards. */
    public Result run(List<? extends Tensor> inputs, List<? extends @Nullable Tensor> masks) {
        RoomBinding.Memory memory = binding.memory(inputs.get(0).shape().dimension(0));
        Result result = run(memory, inputs, masks);
        assertThat(memory.guardsHold(Float.NaN, Integer.MIN_VALUE, true))
                .as("nothing is written outside")
                .isTrue();
        return result;
    }

    /** Runs on float inputs without masks. */
    public FloatTensor run(Tensor... inputs) {
        return run(List.of(inputs), List.of()).floats();
    }

    /** Runs in memory that the caller prepared. */
    Result run(RoomBinding.Memory memory, List<? extends Tensor> inputs, List<? extends @Nullable Tensor> masks) {
        int rows = inputs.get(0).shape().dimension(0);
        for (int i = 0; i < inputs.size(); i++) {
            put(memory, binding.input(i), inputs.get(i));
            Slot mask = binding.inputMask(i);
            if (mask != null) {
                put(memory, mask, masks.get(i));
            }
        }
        operation.run(memory, rows);
        List<Tensor> outputs = new ArrayList<>();
        List<@Nullable IntTensor> outputMasks = new ArrayList<>();
        for (int i = 0; i < layer.outputShapes(inputShapes).size(); i++) {
            outputs.add(get(memory, binding.output(i), binding.outputShape(i).withBatch(rows)));
            outputMasks.add(mask(memory, i, rows, masks));
        }
        return new Result(outputs, outputMasks);
    }

    private @Nullable IntTensor mask(
            RoomBinding.Memory memory, int output, int rows, List<? extends @Nullable Tensor> masks) {
        OutputMask mask = binding.mask(output);
        if (mask instanceof OutputMask.OfInput same) {
            return (IntTensor) masks.get(same.input());
        }
        if (mask instanceof OutputMask.Computed computed) {
            return (IntTensor)
                    get(memory, binding.outputMask(output), computed.shape().withBatch(rows));
        }
        if (mask instanceof OutputMask.Joined joined && joined.any()) {
            return anyOf(masks);
        }
        assertThat(mask).isEqualTo(OutputMask.NONE);
        return null;
    }

    private static @Nullable IntTensor anyOf(List<? extends @Nullable Tensor> masks) {
        if (masks.isEmpty() || masks.contains(null)) {
            return null;
        }
        int[] any = ((IntTensor) masks.get(0)).toArray();
        for (Tensor mask : masks) {
            for (int i = 0; i < any.length; i++) {
                any[i] |= ((IntTensor) mask).get(i);
            }
        }
        return IntTensor.wrap(masks.get(0).shape(), any);
    }

    static void put(RoomBinding.Memory memory, Slot slot, Tensor tensor) {
        int at = memory.at(slot);
        for (int i = 0; i < tensor.size(); i++) {
            float number = tensor instanceof FloatTensor floats ? floats.get(i) : ((IntTensor) tensor).get(i);
            switch (slot.kind()) {
                case FLOAT -> memory.floats(slot)[at + i] = number;
                case INT -> memory.ints(slot)[at + i] = ((IntTensor) tensor).get(i);
                default -> memory.flags(slot)[at + i] = number != 0;
            }
        }
    }

    static Tensor get(RoomBinding.Memory memory, Slot slot, Shape shape) {
        int at = memory.at(slot);
        int length = shape.size();
        if (slot.kind() == ValueKind.FLOAT) {
            return FloatTensor.wrap(shape, Arrays.copyOfRange(memory.floats(slot), at, at + length));
        }
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = slot.kind() == ValueKind.INT ? memory.ints(slot)[at + i] : memory.flags(slot)[at + i] ? 1 : 0;
        }
        return IntTensor.wrap(shape, values);
    }
}
