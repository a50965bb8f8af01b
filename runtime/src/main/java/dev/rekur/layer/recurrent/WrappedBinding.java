package dev.rekur.layer.recurrent;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightGradient;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TimeDistributed} gives the layer that it wraps: its own binding, with weights one level further down, and shapes
 * without time. Where buffers lie is the subclasses' affair. In inference, only the {@link Binding} in it is used.
 */
abstract class WrappedBinding implements TrainingBinding {
    /** Keras's attribute that holds the wrapped layer. */
    static final String ATTRIBUTE = "layer";

    private final Binding binding;
    private final Shape inputShape;
    private final Shape outputShape;

    WrappedBinding(Binding binding) {
        this.binding = binding;
        this.inputShape = withoutTime(binding.inputShape(0));
        this.outputShape = withoutTime(binding.outputShape(0));
    }

    /** {@code [batch, ...]} of {@code [batch, time, ...]}. */
    static Shape withoutTime(Shape shape) {
        int[] dimensions = shape.dimensions();
        int[] rest = Arrays.copyOfRange(dimensions, 1, dimensions.length);
        rest[0] = dimensions[0];
        return Shape.of(rest);
    }

    /** The binding of the wrapper in training. */
    final TrainingBinding training() {
        return (TrainingBinding) binding;
    }

    /** Number of steps. */
    final int time() {
        return binding.inputShape(0).dimension(1);
    }

    /** Flags that the wrapper's mask has for each step. */
    final int flagsOfStep(Slot mask) {
        int time = time();
        if (time == 0) {
            return 0;
        }
        if (mask.rowSize() % time != 0) {
            throw new ShapeMismatchException(
                    "expected a mask with as many flags for each of " + time + " steps, found " + mask.rowSize()
                            + " flags a row",
                    "Give the layer a mask whose first two dimensions are those of its input, or none.");
        }
        return mask.rowSize() / time;
    }

    private static String path(String path) {
        return path.startsWith("/") ? path : ATTRIBUTE + "/" + path;
    }

    @Override
    public final String layerName() {
        return binding.layerName();
    }

    @Override
    public final int inputs() {
        return 1;
    }

    @Override
    public final Shape inputShape(int input) {
        return inputShape;
    }

    @Override
    public final Shape outputShape(int output) {
        return outputShape;
    }

    @Override
    public final StateSlot state(int rowSize) {
        throw new IllegalStateException("no layer with a state that outlives the call is wrapped");
    }

    @Override
    public final FloatTensor weight(String path) {
        return binding.weight(path(path));
    }

    @Override
    public final float[] padded(String path) {
        return binding.padded(path(path));
    }

    @Override
    public final PackedMatrix packed(String path) {
        return binding.packed(path(path));
    }

    @Override
    public final <T> T shared(String key, Supplier<T> maker) {
        return binding.shared(ATTRIBUTE + "/" + key, maker);
    }

    @Override
    public final boolean trainable() {
        return training().trainable();
    }

    @Override
    public final @Nullable WeightGradient gradient(String path) {
        return training().gradient(path(path));
    }

    @Override
    public void addRows(String path, Slot ids, Slot vectors) {
        training().addRows(path(path), ids, vectors);
    }

    @Override
    public final void addRows(String path, SummedRows rows) {
        training().addRows(path(path), rows);
    }

    @Override
    public final PackedMatrix packed(String path, int firstColumn, int columns) {
        return training().packed(path(path), firstColumn, columns);
    }

    @Override
    public final PackedMatrix packedTransposed(String path, int firstColumn, int columns) {
        return training().packedTransposed(path(path), firstColumn, columns);
    }

    @Override
    public final float[] statistic(String path) {
        return training().statistic(path(path));
    }

    /** Under the name that the cell has in the wrapped layer: those who watch know the wrapper by its own. */
    @Override
    public final Slot stateTrace(String owner, int steps) {
        return training().stateTrace(owner, steps);
    }

    @Override
    public final long randomKey() {
        return training().randomKey();
    }

    /**
     * Time folded into the batch: the wrapped layer runs on {@code rows * time} rows, which lie in the wrapper's buffers just as
     * it needs them.
     */
    static final class Folded extends WrappedBinding {
        private final Binding wrapper;
        private final boolean computesMask;
        private @Nullable Slot outputMask;

        /**
         * @param computesMask whether the mask that the wrapped layer computes goes on
         */
        Folded(Binding wrapper, boolean computesMask) {
            super(wrapper);
            this.wrapper = wrapper;
            this.computesMask = computesMask;
        }

        private static Slot folded(Slot slot, int rowSize) {
            return new Slot(slot.id(), slot.kind(), rowSize);
        }

        private Slot whole(Slot folded) {
            return new Slot(folded.id(), folded.kind(), Math.multiplyExact(folded.rowSize(), time()));
        }

        private int reserved(int rowSize) {
            return Math.multiplyExact(rowSize, time());
        }

        @Override
        public int rowsOfEach() {
            return wrapper.rowsOfEach() * time();
        }

        @Override
        public Slot input(int input) {
            return folded(wrapper.input(0), inputShape(0).rowSize());
        }

        @Override
        public @Nullable Slot inputMask(int input) {
            Slot mask = wrapper.inputMask(0);
            return mask == null ? null : folded(mask, flagsOfStep(mask));
        }

        @Override
        public Slot output(int output) {
            return folded(wrapper.output(0), outputShape(0).rowSize());
        }

        @Override
        public Slot outputMask(int output) {
            if (outputMask == null) {
                int[] steps = outputShape(0).dimensions();
                int flags = Shape.of(Arrays.copyOf(steps, steps.length - 1)).rowSize();
                outputMask = computesMask ? folded(wrapper.outputMask(0), flags) : scratchFlags(flags);
            }
            return outputMask;
        }

        @Override
        public Slot scratch(int rowSize) {
            return folded(wrapper.scratch(reserved(rowSize)), rowSize);
        }

        @Override
        public Slot scratchFlags(int rowSize) {
            return folded(wrapper.scratchFlags(reserved(rowSize)), rowSize);
        }

        @Override
        public Slot keep(Slot slot) {
            training().keep(whole(slot));
            return slot;
        }

        @Override
        public Slot adjointScratch(int rowSize) {
            return folded(training().adjointScratch(reserved(rowSize)), rowSize);
        }

        @Override
        public @Nullable Slot outputGradient(int output) {
            Slot gradient = training().outputGradient(0);
            return gradient == null ? null : folded(gradient, outputShape(0).rowSize());
        }

        @Override
        public @Nullable Slot inputGradient(int input) {
            Slot gradient = training().inputGradient(0);
            return gradient == null ? null : folded(gradient, inputShape(0).rowSize());
        }

        @Override
        public void addRows(String path, Slot ids, Slot vectors) {
            super.addRows(path, whole(ids), whole(vectors));
        }
    }

    /** One step by itself, in buffers of its own: for layers in training whose rows matter to each other within a step alone. */
    static final class Step extends WrappedBinding {
        private final TrainingBinding wrapper;
        private final Slot input;
        private final Slot output;
        private final @Nullable Slot mask;
        private final @Nullable Slot outputGradient;
        private final @Nullable Slot inputGradient;
        private @Nullable Slot outputMask;

        Step(TrainingBinding wrapper) {
            super(wrapper);
            this.wrapper = wrapper;
            this.input = wrapper.scratch(inputShape(0).rowSize());
            this.output = wrapper.scratch(outputShape(0).rowSize());
            Slot flags = wrapper.inputMask(0);
            this.mask = flags == null ? null : wrapper.scratchFlags(flagsOfStep(flags));
            this.outputGradient = wrapper.outputGradient(0) == null ? null : wrapper.adjointScratch(output.rowSize());
            this.inputGradient = wrapper.inputGradient(0) == null ? null : wrapper.adjointScratch(input.rowSize());
        }

        @Override
        public int rowsOfEach() {
            return wrapper.rowsOfEach();
        }

        @Override
        public Slot input(int index) {
            return input;
        }

        @Override
        public @Nullable Slot inputMask(int index) {
            return mask;
        }

        @Override
        public Slot output(int index) {
            return output;
        }

        @Override
        public Slot outputMask(int index) {
            if (outputMask == null) {
                int[] steps = outputShape(0).dimensions();
                outputMask = scratchFlags(
                        Shape.of(Arrays.copyOf(steps, steps.length - 1)).rowSize());
            }
            return Objects.requireNonNull(outputMask);
        }

        @Override
        public Slot scratch(int rowSize) {
            return wrapper.scratch(rowSize);
        }

        @Override
        public Slot scratchFlags(int rowSize) {
            return wrapper.scratchFlags(rowSize);
        }

        @Override
        public Slot keep(Slot slot) {
            return wrapper.keep(slot);
        }

        @Override
        public Slot adjointScratch(int rowSize) {
            return wrapper.adjointScratch(rowSize);
        }

        @Override
        public @Nullable Slot outputGradient(int index) {
            return outputGradient;
        }

        @Override
        public @Nullable Slot inputGradient(int index) {
            return inputGradient;
        }
    }
}
