package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code "crossentropy"}: binary, sparse or categorical, as the shapes of targets and predictions will say. */
record UndecidedCrossentropy() implements LossFunction {
    /** The crossentropy that Keras takes for these shapes. */
    static LossFunction decide(TargetAlignment alignment) {
        return switch (alignment.form()) {
            case BINARY -> new BinaryCrossentropy(false, 0);
            case SPARSE -> new SparseCategoricalCrossentropy(false, null);
            case CATEGORICAL -> new CategoricalCrossentropy(false, 0);
        };
    }

    @Override
    public String className() {
        return "crossentropy";
    }

    @Override
    public String functionName() {
        return "crossentropy";
    }

    @Override
    public Optional<LossFunction> ofLogits(Activation activation) {
        return Optional.of(this);
    }

    @Override
    public void evaluate(
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float[] values,
            float @Nullable [] gradient) {
        throw new IllegalStateException("resolve the loss first: which crossentropy it is depends on the targets");
    }
}
