package dev.rekur.training.loss;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Shape;

/**
 * How targets go with predictions: both as vectors, by Keras's rules ({@code squeeze_or_expand_to_same_rank} in {@code
 * keras/src/losses/loss.py}, {@code is_binary_or_sparse_categorical} in {@code keras/src/trainers/compile_utils.py}).
 *
 * <pre>{@code
 * target            prediction           steps  targetFeatures  features
 * [batch, n]        [batch, n]           1      n               n
 * [batch]           [batch, 1]           1      1               1
 * [batch]           [batch, n]           1      1               n            numbers of classes
 * [batch, 1]        [batch, n]           1      1               n            numbers of classes
 * [batch, time]     [batch, time, n]     time   1               n            numbers of classes
 * [batch, time]     [batch, time, 1]     1      time            time         squeezed: one loss for a row
 * [batch, time, n]  [batch, time, n]     time   n               n
 * }</pre>
 *
 * @param steps vectors in a row
 * @param targetFeatures length of a target's vector; 1 for numbers of classes
 * @param features length of a prediction's vector
 * @param squeezed whether Keras takes the last axis, of length 1, from the prediction. It is then no longer known to be an
 *     activation's output: {@link Loss#ofLogits} does not apply
 * @param form what targets look like
 */
public record TargetAlignment(int steps, int targetFeatures, int features, boolean squeezed, Form form) {
    /** What Keras makes of {@code "accuracy"} and {@code "crossentropy"}. */
    public enum Form {
        /** One prediction in a vector. */
        BINARY,
        /** Targets are numbers of classes. */
        SPARSE,
        /** Targets are vectors as long as the predictions. */
        CATEGORICAL
    }

    /**
     * @param output whose targets they are, for messages: {@code "output 'sections'"}
     * @param target shape of the targets; its batch may be unknown, the rest must be known
     * @param prediction shape of the predictions; likewise
     * @throws InvalidInputException if the two do not go together
     */
    public static TargetAlignment of(String output, Shape target, Shape prediction) {
        int targetRank = target.rank();
        int rank = prediction.rank();
        if (targetRank == 0 || rank == 0) {
            throw mismatch(output, target, prediction);
        }
        // the batch itself is the last axis of a shape of rank 1
        int last = rank == 1 ? 1 : prediction.last();
        int targetLast = targetRank == 1 ? 1 : target.last();
        Form form = last == 1 ? Form.BINARY : targetRank < rank || targetLast == 1 ? Form.SPARSE : Form.CATEGORICAL;
        if (targetRank == rank || (targetRank == 1 && rank == 2)) {
            check(output, target, prediction, Math.max(rank - 1, 1));
            return new TargetAlignment(steps(prediction, rank - 1), targetLast, last, false, form);
        }
        if (targetRank == rank + 1 && targetLast == 1) {
            check(output, target, prediction, rank);
            return new TargetAlignment(steps(prediction, rank - 1), last, last, false, form);
        }
        if (rank == targetRank + 1 && last == 1) {
            check(output, target, prediction, targetRank);
            return new TargetAlignment(steps(target, targetRank - 1), targetLast, targetLast, true, form);
        }
        if (rank == targetRank + 1) {
            check(output, target, prediction, targetRank);
            return new TargetAlignment(steps(prediction, rank - 1), 1, last, false, form);
        }
        throw mismatch(output, target, prediction);
    }

    /** Axes before {@code end}, without the batch, as one. */
    private static int steps(Shape shape, int end) {
        int steps = 1;
        for (int axis = 1; axis < end; axis++) {
            steps = Math.multiplyExact(steps, shape.dimension(axis));
        }
        return steps;
    }

    private static void check(String output, Shape target, Shape prediction, int axes) {
        for (int axis = 0; axis < axes; axis++) {
            int expected = prediction.dimension(axis);
            int found = target.dimension(axis);
            boolean unknownBatch = axis == 0 && (expected == Shape.UNKNOWN || found == Shape.UNKNOWN);
            if (expected != found && !unknownBatch) {
                throw mismatch(output, target, prediction);
            }
        }
    }

    private static InvalidInputException mismatch(String output, Shape target, Shape prediction) {
        return new InvalidInputException(
                output + ": targets of shape " + target
                        + " do not go with predictions of shape " + prediction
                        + ". Expected the same shape, or for numbers of classes the shape without its last axis",
                "docs/TROUBLESHOOTING.md#targets");
    }
}
