package dev.rekur.layer;

import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A layer alone with its buffers, each in an array of its own with guards around it: the strictest reading of what a
 * {@link Binding} promises.
 */
class RoomBinding implements Resources {
    /** Elements before each buffer, and behind each that may not be touched at all. */
    static final int GUARD = 32;

    private final Map<String, FloatTensor> weights;
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();
    private final List<OutputMask> outputMasks = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final List<Integer> states = new ArrayList<>();
    private final Map<String, Object> shared = new HashMap<>();

    /**
     * @param kinds of the inputs
     * @param maskSteps flags a row of each input's mask, or -1
     * @param inPlace whether output 0 is the buffer of input 0
     */
    RoomBinding(
            Layer layer,
            Map<String, FloatTensor> weights,
            List<Shape> inputShapes,
            List<ValueKind> kinds,
            List<Integer> maskSteps,
            boolean inPlace) {
        this.weights = weights;
        List<@Nullable Shape> maskShapes = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            Shape shape = inputShapes.get(i);
            Slot values = slot(kinds.get(i), shape.rowSize());
            int steps = i < maskSteps.size() ? maskSteps.get(i) : -1;
            Shape maskShape =
                    steps < 0 ? null : OutputMask.Computed.ofVectors(shape).shape();
            maskShapes.add(maskShape);
            inputs.add(new Port(shape, values, steps < 0 ? null : slot(ValueKind.FLAG, steps), maskShape));
        }
        List<Shape> outputShapes = layer.outputShapes(inputShapes);
        InputMasks masks = new InputMasks(inputShapes, maskShapes);
        for (int i = 0; i < outputShapes.size(); i++) {
            Shape shape = outputShapes.get(i);
            Slot values = i == 0 && inPlace ? inputs.get(0).slot() : slot(layer.outputKind(i, kinds), shape.rowSize());
            OutputMask mask = layer.outputMask(i, masks);
            outputMasks.add(mask);
            outputs.add(
                    mask instanceof OutputMask.Computed computed
                            ? new Port(
                                    shape,
                                    values,
                                    slot(ValueKind.FLAG, computed.shape().rowSize()),
                                    computed.shape())
                            : new Port(shape, values, null, null));
        }
    }

    /** What the layer is given. */
    Binding binding() {
        return new Binding("room", inputs, outputs, this);
    }

    /** The inputs. */
    final List<Port> inputPorts() {
        return inputs;
    }

    /** The outputs. */
    final List<Port> outputPorts() {
        return outputs;
    }

    /** What the layer says of the mask of an output. */
    final OutputMask mask(int output) {
        return outputMasks.get(output);
    }

    final Slot slot(ValueKind kind, int rowSize) {
        Slot slot = new Slot(slots.size(), kind, rowSize);
        slots.add(slot);
        return slot;
    }

    final Slot input(int input) {
        return inputs.get(input).slot();
    }

    final @Nullable Slot inputMask(int input) {
        return inputs.get(input).mask();
    }

    final Shape inputShape(int input) {
        return inputs.get(input).shape();
    }

    final Shape outputShape(int output) {
        return outputs.get(output).shape();
    }

    final Slot output(int output) {
        return outputs.get(output).slot();
    }

    final Slot outputMask(int output) {
        return binding().outputMask(output);
    }

    @Override
    public Slot scratch(ValueKind kind, int rowSize) {
        return slot(kind, rowSize);
    }

    @Override
    public StateSlot state(int rowSize) {
        states.add(rowSize);
        return new StateSlot(states.size() - 1, rowSize);
    }

    @Override
    public FloatTensor weight(String path) {
        FloatTensor weight = weights.get(path);
        if (weight == null) {
            throw new AssertionError("no weight " + path + " among " + weights.keySet());
        }
        return weight;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T shared(String key, Supplier<T> maker) {
        if (!shared.containsKey(key)) {
            shared.put(key, maker.get());
        }
        return (T) shared.get(key);
    }

    /** Whether the layer writes the mask of an output. */
    final boolean computesMask(int output) {
        return outputs.get(output).mask() != null;
    }

    /** All buffers. */
    final List<Slot> slots() {
        return slots;
    }

    /** All arrays that were derived from weights, which nobody may write to. */
    List<float[]> sharedArrays() {
        List<float[]> arrays = new ArrayList<>();
        for (Object value : shared.values()) {
            if (value instanceof float[] array) {
                arrays.add(array);
            } else if (value instanceof PackedMatrix matrix) {
                arrays.add(matrix.values());
            }
        }
        return arrays;
    }

    /** Memory for a number of rows, everything not a number. */
    Memory memory(int capacity) {
        return new Memory(capacity);
    }

    /** The arrays. */
    class Memory implements Workspace {
        private final int capacity;
        private final List<float[]> floats = new ArrayList<>();
        private final List<int[]> ints = new ArrayList<>();
        private final List<boolean[]> flags = new ArrayList<>();
        private final List<float[]> states = new ArrayList<>();
        private boolean stateful;

        Memory(int capacity) {
            this.capacity = capacity;
            for (Slot slot : slots) {
                int length = 2 * GUARD + capacity * slot.rowSize();
                floats.add(new float[slot.kind() == ValueKind.FLOAT ? length : 0]);
                ints.add(new int[slot.kind() == ValueKind.INT ? length : 0]);
                flags.add(new boolean[slot.kind() == ValueKind.FLAG ? length : 0]);
            }
            RoomBinding.this.states.forEach(rowSize -> states.add(new float[capacity * rowSize]));
            poison(Float.NaN, Integer.MIN_VALUE, true);
        }

        /** Fills one buffer, guards included. */
        final void poison(Slot slot, float number, int integer, boolean flag) {
            java.util.Arrays.fill(floats(slot), number);
            java.util.Arrays.fill(ints(slot), integer);
            java.util.Arrays.fill(flags(slot), flag);
        }

        /** Fills everything, guards included. */
        final void poison(float number, int integer, boolean flag) {
            floats.forEach(array -> java.util.Arrays.fill(array, number));
            ints.forEach(array -> java.util.Arrays.fill(array, integer));
            flags.forEach(array -> java.util.Arrays.fill(array, flag));
        }

        /** Gives the layer state that outlives the call. */
        Memory stateful() {
            stateful = true;
            return this;
        }

        /** Whether all guards hold what they were poisoned with. */
        final boolean guardsHold(float number, int integer, boolean flag) {
            for (Slot slot : slots) {
                int end = GUARD + capacity * slot.rowSize();
                for (int i = 0; i < GUARD; i++) {
                    boolean holds =
                            switch (slot.kind()) {
                                case FLOAT -> same(floats(slot)[i], number) && same(floats(slot)[end + i], number);
                                case INT -> ints(slot)[i] == integer && ints(slot)[end + i] == integer;
                                default -> flags(slot)[i] == flag && flags(slot)[end + i] == flag;
                            };
                    if (!holds) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean same(float a, float b) {
            return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
        }

        @Override
        public int capacity() {
            return capacity;
        }

        @Override
        public Kernels kernels() {
            return KernelSelection.scalar().kernels();
        }

        @Override
        public float[] floats(Slot slot) {
            return floats.get(slot.id());
        }

        @Override
        public int[] ints(Slot slot) {
            return ints.get(slot.id());
        }

        @Override
        public boolean[] flags(Slot slot) {
            return flags.get(slot.id());
        }

        @Override
        public int at(Slot slot) {
            return GUARD;
        }

        @Override
        public float @Nullable [] state(StateSlot state) {
            return stateful ? states.get(state.id()) : null;
        }

        @Override
        public int firstRow() {
            return 0;
        }
    }
}
