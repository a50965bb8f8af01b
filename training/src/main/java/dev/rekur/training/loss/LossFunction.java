package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A function of {@code keras.losses}: what it costs to predict one vector where another was wanted.
 *
 * <p>Follows Keras 3.15.1 ({@code keras/src/losses/losses.py}) as it computes on TensorFlow: bounds of probabilities are
 * the float32 ones (1e-7 and 1 - 2^-23), and at kinks the derivative is the one that TensorFlow takes. Sums run in double,
 * in ascending order. Implementations are immutable and allocate nothing when evaluated.
 */
public interface LossFunction {
    /** Keras's epsilon. */
    float EPSILON = 1e-7f;

    /** The most that a probability counts, {@code 1 - EPSILON} in float32. */
    float ALMOST_ONE = (float) (1.0 - 1e-7);

    /** The class in Keras: {@code MeanSquaredError}. */
    String className();

    /** The function in Keras: {@code mean_squared_error}. */
    String functionName();

    /** What a loss made of this function is called in Keras, unless its configuration names it. */
    default String defaultName() {
        return functionName();
    }

    /** Keras's configuration of the function, without name and reduction. */
    default Map<String, Object> parameters() {
        return Map.of();
    }

    /**
     * Computes the loss of each vector, and its derivatives.
     *
     * <p>The hinge losses ask whether all labels given are 0 or 1, so a batch must not be evaluated in parts.
     *
     * @param vectors number of vectors: rows, or rows times time steps
     * @param target what was wanted, {@code [vectors, targetFeatures]}
     * @param targetFeatures 1 if targets are numbers of classes, otherwise {@code features}
     * @param prediction {@code [vectors, features]}
     * @param values receives the loss of each vector
     * @param gradient receives the derivative of each vector's loss by each of its predictions, {@code [vectors,
     *     features]}; null if it is not wanted
     */
    void evaluate(
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float[] values,
            float @Nullable [] gradient);

    /**
     * What Keras on TensorFlow computes in place of this loss if the model's last operation is a softmax or a sigmoid: a loss of
     * the logits, which are what went into the activation ({@code _get_logits} in {@code keras/src/backend/tensorflow/nn.py}).
     * Crossentropies do so whichever of the two activations it is, and whatever {@code from_logits} says.
     *
     * @param activation {@link Activation#SOFTMAX} or {@link Activation#SIGMOID}
     * @return empty if the loss reads predictions as they are
     */
    default Optional<LossFunction> ofLogits(Activation activation) {
        return Optional.empty();
    }

    /** Whether targets are numbers of classes, one for a vector. */
    default boolean isSparse() {
        return false;
    }

    /** The class whose vectors do not count, or null. */
    default @Nullable Integer ignoreClass() {
        return null;
    }
}
