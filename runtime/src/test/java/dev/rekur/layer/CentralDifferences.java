package dev.rekur.layer;

import static org.assertj.core.api.Assertions.fail;

import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Compares gradients with differences of the forward computation, {@code D(h) = (f(x + h) - f(x - h)) / 2h} with {@code f} the sum
 * of outputs times cotangents, one element at a time.
 *
 * <p>The bound: with third derivative {@code f'''} the difference is off by {@code h^2 f''' / 6} and more, of which {@code |D(2h)
 * - D(h)|} is three times the leading term; nine times that term are allowed. Each output is computed within 8 ulps of {@code 1 +
 * |y|}, which moves {@code D(h)} by at most {@code 8 ulps of sum |c| (1 + |y|)}, divided by {@code h}.
 *
 * <p>A kink such as relu's between {@code x - 2h} and {@code x + 2h} breaks this for that {@code h}; three steps are tried, each sixteen
 * times smaller in its first term and four times noisier than the one before. A wrong gradient fails with all of them.
 */
final class CentralDifferences {
    private static final float[] STEPS = {0x1p-6f, 0x1p-8f, 0x1p-10f};
    private static final double ROUNDING = 8 * 0x1p-24;

    private final TrainingRoom room;
    private final Fed fed;

    CentralDifferences(TrainingRoom room, Fed fed) {
        this.room = room;
        this.fed = fed;
    }

    /** Compares all gradients of a result with differences. */
    void compare(Result result) {
        double noise = ROUNDING * sum(room.forward(fed), true);
        for (int i = 0; i < result.inputGradients().size(); i++) {
            FloatTensor gradient = result.inputGradients().get(i);
            if (gradient != null) {
                int input = i;
                float[] values = ((FloatTensor) fed.inputs().get(i)).toArray();
                for (int e = 0; e < values.length; e++) {
                    compare(
                            "input " + i,
                            e,
                            values,
                            gradient.get(e),
                            noise,
                            () -> sum(
                                    room.forward(fed.with(input, FloatTensor.view(gradient.shape(), values))), false));
                }
            }
        }
        for (Map.Entry<String, FloatTensor> entry : result.weightGradients().entrySet()) {
            float[] values = room.weights().get(entry.getKey());
            for (int e = 0; e < entry.getValue().size(); e++) {
                compare(entry.getKey(), e, values, entry.getValue().get(e), noise, () -> sum(room.forward(fed), false));
            }
        }
    }

    private interface Sum {
        double now();
    }

    private static void compare(String what, int element, float[] values, float gradient, double noise, Sum sum) {
        float x = values[element];
        DoubleUnaryOperator at = h -> {
            values[element] = x + (float) h;
            double result = sum.now();
            values[element] = x;
            return result;
        };
        double difference = 0;
        double bound = 0;
        for (float h : STEPS) {
            difference = difference(at, x, h);
            bound = 3 * Math.abs(difference(at, x, 2 * h) - difference) + noise / h;
            if (Math.abs(gradient - difference) <= bound) {
                return;
            }
        }
        fail(
                "%s, element %d: the gradient is %s, the difference %s, within %s",
                what, element, gradient, difference, bound);
    }

    private static double difference(DoubleUnaryOperator at, float x, float h) {
        return (at.applyAsDouble(h) - at.applyAsDouble(-h)) / ((double) (x + h) - (x - h));
    }

    private double sum(List<Tensor> outputs, boolean absolute) {
        double sum = 0;
        for (int output = 0; output < outputs.size(); output++) {
            FloatTensor cotangent = fed.cotangents().get(output);
            for (int i = 0; cotangent != null && i < cotangent.size(); i++) {
                double c = cotangent.get(i);
                double y = ((FloatTensor) outputs.get(output)).get(i);
                sum += absolute ? Math.abs(c) * (1 + Math.abs(y)) : c * y;
            }
        }
        return sum;
    }
}
