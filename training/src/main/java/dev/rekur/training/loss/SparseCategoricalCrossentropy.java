package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Crossentropy where the target {@code k} is the number of the class:
 *
 * <pre>{@code
 * logits x          L = log sum e^x - x[k]           dL/dx = softmax(x) - [j = k]
 * probabilities p   L = log sum c - log c[k]         dL/dp = 1 / sum c - [j = k] / c, 0 where p was clipped
 * }</pre>
 *
 * <p>with {@code c} = p clipped to 1e-7 and 1 - 1e-7.
 *
 * @param readsLogits whether predictions are logits
 * @param ignoreClass the class whose vectors have loss 0 and do not count, or null
 */
record SparseCategoricalCrossentropy(
        boolean readsLogits, @Nullable Integer ignoreClass) implements LossFunction {
    @Override
    public String className() {
        return "SparseCategoricalCrossentropy";
    }

    @Override
    public String functionName() {
        return "sparse_categorical_crossentropy";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("from_logits", readsLogits);
        parameters.put("ignore_class", ignoreClass);
        return parameters;
    }

    @Override
    public Optional<LossFunction> ofLogits(Activation activation) {
        return ignoreClass == null
                ? Optional.of(new SparseCategoricalCrossentropy(true, null))
                : Optional.empty(); // Keras blanks the predictions of that x
    }

    @Override
    public boolean isSparse() {
        return true;
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
        for (int v = 0; v < vectors; v++) {
            int begin = v * features;
            int end = begin + features;
            if (ignoreClass != null && target[v] == ignoreClass) {
                values[v] = 0f;
                if (gradient != null) {
                    Arrays.fill(gradient, begin, end, 0f);
                }
            } else if (readsLogits) {
                ofLogits(begin, end, begin + (int) target[v], prediction, values, v, gradient);
            } else {
                ofProbabilities(begin, end, begin + (int) target[v], prediction, values, v, gradient);
            }
        }
    }

    private static void ofLogits(
            int begin, int end, int wanted, float[] x, float[] values, int v, float @Nullable [] gradient) {
        float max = Probabilities.max(x, begin, end);
        double sum = Probabilities.sumExp(x, begin, end, max);
        values[v] = (float) (StrictMath.log(sum) + max - x[wanted]);
        if (gradient != null) {
            for (int i = begin; i < end; i++) {
                gradient[i] = (float) (Arithmetic.exp(x[i] - max) / sum - (i == wanted ? 1 : 0));
            }
        }
    }

    private static void ofProbabilities(
            int begin, int end, int wanted, float[] p, float[] values, int v, float @Nullable [] gradient) {
        double sum = 0;
        for (int i = begin; i < end; i++) {
            sum += Probabilities.clip(p[i], ALMOST_ONE);
        }
        double clipped = Probabilities.clip(p[wanted], ALMOST_ONE);
        values[v] = (float) (StrictMath.log(sum) - StrictMath.log(clipped));
        if (gradient != null) {
            for (int i = begin; i < end; i++) {
                double slope = 1 / sum - (i == wanted ? 1 / clipped : 0);
                gradient[i] = Probabilities.isWithin(p[i], ALMOST_ONE) ? (float) slope : 0f;
            }
        }
    }
}
