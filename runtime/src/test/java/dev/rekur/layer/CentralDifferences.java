package dev.rekur.layer;

import static org.assertj.core.api.Assertions.fail;

import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.RoomStep.Way;
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
 * <p>Where a kink such as relu's lies between {@code x - 2h} and {@code x + 2h}, the slopes to the left and to the right differ much;
 * there the gradient must lie between them.
 */
final class CentralDifferences {
    private static final float STEP = 0x1p-6f;
    private static final double ROUNDING = 8 * 0x1p-24;
    private static final double KINK = 0.1;

    private final TrainingRoom room;
    private final Fed fed;

    CentralDifferences(TrainingRoom room, Fed fed) {
        this.room = room;
        this.fed = fed;
    }

    /** Compares all gradients of a result with differences. */
    void compare(Result result) {
        double noise = ROUNDING * sum(room.forward(fed), true) / STEP;
        for (int i = 0; i < result.inputGradients().size(); i++) {
            FloatTensor gradient = result.inputGradients().get(i);
            if (gradient != null) {
                int input = i;
                float[] values = ((FloatTensor) fed.inputs().get(i)).toArray();
                for (int e = 0; e < values.length; e++) {
                    compare("input " + i, e, values, gradient.get(e), noise, () -> sum(
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
        double[] f = new double[5];
        for (int i = -2; i <= 2; i++) {
            f[i + 2] = at.applyAsDouble(i * STEP);
        }
        double near = (f[3] - f[1]) / ((double) (x + STEP) - (x - STEP));
        double far = (f[4] - f[0]) / ((double) (x + 2 * STEP) - (x - 2 * STEP));
        double bound = 3 * Math.abs(far - near) + noise;
        if (Math.abs(gradient - near) <= bound) {
            return;
        }
        double left = (f[2] - f[0]) / (2 * STEP);
        double right = (f[4] - f[2]) / (2 * STEP);
        boolean kink = Math.abs(right - left) > KINK * (Math.abs(left) + Math.abs(right));
        if (kink && gradient >= Math.min(left, right) - bound && gradient <= Math.max(left, right) + bound) {
            return;
        }
        fail("%s, element %d: the gradient is %s, the difference %s, within %s", what, element, gradient, near, bound);
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
