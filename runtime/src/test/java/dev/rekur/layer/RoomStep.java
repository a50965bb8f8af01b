package dev.rekur.layer;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.ContractVectors.Gradients;
import dev.rekur.layer.ContractVectors.Value;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step of training of a {@link TrainingRoom}: what it is fed, how it runs and what it results in. */
public final class RoomStep {
    private RoomStep() {}

    /** What buffers hold that nobody has written to. */
    public enum Poison {
        NANS(Float.NaN, Integer.MIN_VALUE, true),
        NUMBERS(12345f, 54321, false);

        private final float number;
        private final int integer;
        private final boolean flag;

        Poison(float number, int integer, boolean flag) {
            this.number = number;
            this.integer = integer;
            this.flag = flag;
        }

        float number() {
            return number;
        }

        int integer() {
            return integer;
        }

        boolean flag() {
            return flag;
        }
    }

    /**
     * What a step is fed.
     *
     * @param cotangents gradients with respect to the outputs
     */
    public record Fed(
            List<? extends Tensor> inputs,
            List<? extends @Nullable Tensor> masks,
            List<@Nullable FloatTensor> cotangents) {
        /** A float input without a mask, and the gradient with respect to the only output. */
        public static Fed of(FloatTensor input, FloatTensor cotangent) {
            return new Fed(List.of(input), Arrays.asList((Tensor) null), List.of(cotangent));
        }

        /** What the room of a case is fed. */
        static Fed of(Case contract) {
            List<@Nullable Tensor> masks = new ArrayList<>();
            contract.masks().forEach(mask -> masks.add(mask == null ? null : mask.tensor()));
            Gradients gradients = contract.gradients();
            return new Fed(
                    contract.inputs().stream().map(Value::tensor).toList(),
                    masks,
                    gradients == null ? List.of() : gradients.cotangents());
        }

        /** The same with another tensor for one input. */
        Fed with(int input, Tensor tensor) {
            List<Tensor> changed = new ArrayList<>(inputs);
            changed.set(input, tensor);
            return new Fed(changed, masks, cotangents);
        }

        int rows() {
            return inputs.get(0).shape().dimension(0);
        }
    }

    /**
     * How a step runs.
     *
     * @param shards number of rows in each
     * @param step its number
     * @param times how often forward and backward run, gradients of weights adding up
     */
    public record Way(List<Integer> shards, long step, int times, Poison poison) {
        /** All rows at once, once. */
        public static Way whole(int rows) {
            return new Way(List.of(rows), 0, 1, Poison.NANS);
        }

        /** Shards of so many rows, the last of what is left. */
        public Way split(int share) {
            int rows = shards.stream().mapToInt(Integer::intValue).sum();
            List<Integer> shares = new ArrayList<>();
            for (int row = 0; row < rows; row += share) {
                shares.add(Math.min(share, rows - row));
            }
            return new Way(shares, step, times, poison);
        }

        public Way atStep(long number) {
            return new Way(shards, number, times, poison);
        }

        Way repeated(int count) {
            return new Way(shards, step, count, poison);
        }

        Way poisonedWith(Poison other) {
            return new Way(shards, step, times, other);
        }
    }

    /**
     * What a step results in.
     *
     * @param inputGradients null where they were not asked for
     * @param weightGradients by path
     * @param weights as they are after the step
     */
    public record Result(
            List<Tensor> outputs,
            List<@Nullable FloatTensor> inputGradients,
            Map<String, FloatTensor> weightGradients,
            Map<String, FloatTensor> weights) {
        /** Output 0. */
        public FloatTensor output() {
            return (FloatTensor) outputs.get(0);
        }

        /** The gradient with respect to input 0. */
        public FloatTensor inputGradient() {
            return Objects.requireNonNull(inputGradients.get(0));
        }
    }
}
