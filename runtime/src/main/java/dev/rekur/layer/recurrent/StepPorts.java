package dev.rekur.layer.recurrent;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Port;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a layer that {@link TimeDistributed} applies to each step: those of the wrapper without the dimension of time.
 *
 * @param input of the wrapped layer
 * @param output of the wrapped layer
 */
record StepPorts(Port input, Port output) {
    /** The steps of a row lie one behind the other, as rows do: the wrapped layer runs on the wrapper's buffers, row by step. */
    static StepPorts folded(Binding binding, Layer layer) {
        Port input = binding.inputPorts().get(0);
        Port output = binding.outputPorts().get(0);
        int time = input.shape().dimension(1);
        Shape inputShape = withoutTime(input.shape());
        Shape outputShape = withoutTime(output.shape());
        Slot mask = input.mask();
        Slot inputMask = mask == null ? null : withRows(mask, flagsOfStep(mask, time));
        Shape maskShape = maskOfStep(input);
        Shape computed = computedMask(layer, inputShape, maskShape);
        Slot outputMask = null;
        if (computed != null) {
            Slot all = output.mask() == null
                    ? binding.scratchFlags(Math.multiplyExact(time, computed.rowSize()))
                    : output.mask();
            outputMask = withRows(all, computed.rowSize());
        }
        return new StepPorts(
                new Port(
                        inputShape,
                        withRows(input.slot(), inputShape.rowSize()),
                        inputMask,
                        maskShape,
                        withRowsOrNull(input.gradient(), inputShape.rowSize())),
                new Port(
                        outputShape,
                        withRows(output.slot(), outputShape.rowSize()),
                        outputMask,
                        computed,
                        withRowsOrNull(output.gradient(), outputShape.rowSize())));
    }

    /** One step by itself, in buffers of its own: for layers in training whose rows matter to each other within a step alone. */
    static StepPorts single(TrainingBinding binding, Layer layer) {
        Port input = binding.inputPorts().get(0);
        Port output = binding.outputPorts().get(0);
        Shape inputShape = withoutTime(input.shape());
        Shape outputShape = withoutTime(output.shape());
        Slot mask = input.mask();
        Shape maskShape = maskOfStep(input);
        Shape computed = computedMask(layer, inputShape, maskShape);
        return new StepPorts(
                new Port(
                        inputShape,
                        binding.scratch(inputShape.rowSize()),
                        mask == null
                                ? null
                                : binding.scratchFlags(
                                        flagsOfStep(mask, input.shape().dimension(1))),
                        maskShape,
                        input.gradient() == null ? null : binding.adjointScratch(inputShape.rowSize())),
                new Port(
                        outputShape,
                        binding.scratch(outputShape.rowSize()),
                        computed == null ? null : binding.scratchFlags(computed.rowSize()),
                        computed,
                        output.gradient() == null ? null : binding.adjointScratch(outputShape.rowSize())));
    }

    /** {@code [batch, ...]} of {@code [batch, time, ...]}. */
    static Shape withoutTime(Shape shape) {
        int[] dimensions = shape.dimensions();
        int[] rest = Arrays.copyOfRange(dimensions, 1, dimensions.length);
        rest[0] = dimensions[0];
        return Shape.of(rest);
    }

    /** {@code [batch, time, ...]} of {@code [batch, ...]}. */
    static Shape withTime(Shape step, int time) {
        int[] dimensions = step.dimensions();
        int[] longer = new int[dimensions.length + 1];
        longer[0] = dimensions[0];
        longer[1] = time;
        System.arraycopy(dimensions, 1, longer, 2, dimensions.length - 1);
        return Shape.of(longer);
    }

    List<Port> inputs() {
        return List.of(input);
    }

    List<Port> outputs() {
        return List.of(output);
    }

    private static @Nullable Shape maskOfStep(Port input) {
        Shape mask = input.maskShape();
        return mask == null ? null : withoutTime(mask);
    }

    /** Shape of the mask that the wrapped layer computes, or null. */
    private static @Nullable Shape computedMask(Layer layer, Shape input, @Nullable Shape mask) {
        InputMasks masks = new InputMasks(List.of(input), Collections.singletonList(mask));
        return layer.outputMask(0, masks) instanceof OutputMask.Computed computed ? computed.shape() : null;
    }

    /** Flags that the wrapper's mask has for each step. */
    private static int flagsOfStep(Slot mask, int time) {
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

    private static Slot withRows(Slot slot, int rowSize) {
        return new Slot(slot.id(), slot.kind(), rowSize);
    }

    private static @Nullable Slot withRowsOrNull(@Nullable Slot slot, int rowSize) {
        return slot == null ? null : withRows(slot, rowSize);
    }
}
