package dev.rekur.training.loss;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.Activation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A loss of a compiled model: a function, and how a batch's values of it become one number. Immutable.
 *
 * <p>A training step calls {@link #evaluate} and then {@link #reduce}. Before the first, {@link #resolve} and {@link
 * #checkTargets}.
 *
 * @param function what each vector costs
 * @param name its name in Keras, which names the outputs' losses in logs if outputs have none
 * @param reduction how a batch's values become one
 * @param identifier the text or function name that the loss was given by, or null if it was an object
 */
public record Loss(
        LossFunction function,
        String name,
        LossReduction reduction,
        @Nullable String identifier) {
    /** A loss of a function, reduced as Keras does unless told otherwise. */
    public static Loss of(LossFunction function) {
        return new Loss(function, function.defaultName(), LossReduction.SUM_OVER_BATCH_SIZE, null);
    }

    /** The same loss with another reduction. */
    public Loss withReduction(LossReduction other) {
        return new Loss(function, name, other, null);
    }

    /** This loss, or the crossentropy that {@code "crossentropy"} means for such targets. */
    public Loss resolve(TargetAlignment alignment) {
        return function instanceof UndecidedCrossentropy
                ? new Loss(UndecidedCrossentropy.decide(alignment), name, reduction, identifier)
                : this;
    }

    /** See {@link LossFunction#ofLogits}; to compute with, not to be serialized. */
    public Optional<Loss> ofLogits(Activation activation) {
        return function.ofLogits(activation).map(of -> new Loss(of, name, reduction, identifier));
    }

    /** Whether it was told that predictions are logits, Keras's {@code from_logits}. */
    public boolean isFromLogits() {
        return Boolean.TRUE.equals(function.parameters().get("from_logits"));
    }

    /** See {@link LossFunction#evaluate}. */
    public void evaluate(
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float[] values,
            float @Nullable [] gradient) {
        function.evaluate(vectors, target, targetFeatures, prediction, features, values, gradient);
    }

    /**
     * The loss of a batch. Scales the gradient in place, so that it becomes that of the result.
     *
     * @param rows rows of the batch
     * @param alignment how targets and predictions go together
     * @param target the targets that {@link #evaluate} was given
     * @param values what {@link #evaluate} wrote
     * @param weights what each vector counts
     * @param gradient what {@link #evaluate} wrote, or null
     * @return the loss; 0 for an empty batch
     */
    public double reduce(
            int rows,
            TargetAlignment alignment,
            float[] target,
            float[] values,
            VectorWeights weights,
            float @Nullable [] gradient) {
        return reduction.reduce(
                rows,
                alignment.steps(),
                values,
                weights,
                target,
                function.ignoreClass(),
                gradient,
                alignment.features());
    }

    /**
     * Whether targets can be such: of the right width, finite, and classes that exist.
     *
     * @param output whose targets they are, for messages: {@code "output 'sections'"}
     * @param alignment how targets and predictions go together
     * @param firstRow number of the first row, for messages
     * @param rows number of rows
     * @param target {@code [rows, steps, targetFeatures]}
     * @throws InvalidInputException naming the row and what was found
     */
    public void checkTargets(String output, TargetAlignment alignment, int firstRow, int rows, float[] target) {
        int expected = function.isSparse() ? 1 : alignment.features();
        if (alignment.targetFeatures() != expected) {
            throw new InvalidInputException(
                    output + ", loss '" + name + "': expected targets of " + expected
                            + (expected == 1 ? " value" : " values") + ", found " + alignment.targetFeatures() + ". "
                            + widthAdvice(alignment),
                    "docs/TROUBLESHOOTING.md#targets");
        }
        int rowSize = alignment.steps() * expected;
        for (int i = 0; i < rows * rowSize; i++) {
            float value = target[i];
            if (!Float.isFinite(value)) {
                throw new InvalidInputException(
                        output + ", " + place(i, firstRow, alignment, rowSize) + ": target is " + value
                                + ", expected a finite number.",
                        "docs/TROUBLESHOOTING.md#targets");
            }
            if (function.isSparse() && !isClass(value, alignment.features())) {
                throw new InvalidInputException(
                        output + ", " + place(i, firstRow, alignment, rowSize) + ": label "
                                + text(value) + " is not one of the model's " + alignment.features() + " classes, 0 to "
                                + (alignment.features() - 1) + ".",
                        "docs/TROUBLESHOOTING.md#targets");
            }
        }
    }

    /** As Keras serializes it: the text or function name it was given by, or an object. */
    public Object serialized() {
        if (identifier != null) {
            return identifier;
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name);
        config.put("reduction", reduction.kerasName());
        config.putAll(function.parameters());
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.losses");
        object.put("class_name", function.className());
        object.put("config", config);
        object.put("registered_name", null);
        return object;
    }

    private boolean isClass(float value, int classes) {
        Integer ignored = function.ignoreClass();
        return (value >= 0 && value < classes && value == (int) value) || (ignored != null && value == ignored);
    }

    private String widthAdvice(TargetAlignment alignment) {
        if (function.isSparse()) {
            return "Targets are numbers of classes; for distributions over them use 'categorical_crossentropy'. ";
        }
        return alignment.targetFeatures() == 1 && function instanceof CategoricalCrossentropy
                ? "For numbers of classes use 'sparse_categorical_crossentropy'. "
                : "";
    }

    private static String place(int index, int firstRow, TargetAlignment alignment, int rowSize) {
        String row = "row " + (firstRow + index / rowSize);
        int step = index % rowSize / (rowSize / alignment.steps());
        return alignment.steps() == 1 ? row : row + ", step " + step;
    }

    private static String text(float value) {
        return value == (long) value ? String.valueOf((long) value) : String.valueOf(value);
    }
}
