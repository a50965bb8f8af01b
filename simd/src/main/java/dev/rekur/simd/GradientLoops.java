package dev.rekur.simd;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adjoints of the common activations, repeating {@link ActivationGradient} operation by operation.
 *
 * <p>Each method works by whole vectors through {@code gradient}, which it turns from dy into dz, and returns how many elements
 * it did; the caller does the rest. C2 alone is as fast for the first of
 * these loops, but takes 2 to 17 times as long for the others that were measured ({@code TrainingKernelBenchmark}). Flat on purpose, see {@link RowTiles}.
 */
final class GradientLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private GradientLoops() {}

    /** {@code (1 - y^2) dy}. */
    static int tanh(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            y.neg().lanewise(FMA, y, 1f).mul(dy).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code y (1 - y) dy}. */
    static int sigmoid(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            y.mul(FloatVector.broadcast(S, 1f).sub(y)).mul(dy).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code dy} where y is positive, else 0. */
    static int relu(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            FloatVector.zero(S).blend(dy, y.compare(GT, 0f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code dy} where y is positive, else {@code 0.2 dy}. */
    static int leakyRelu(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            dy.mul(Activation.LEAK).blend(dy, y.compare(GT, 0f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code (y + 1) dy} where y is negative, else {@code dy}. */
    static int elu(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            dy.blend(y.add(1f).mul(dy), y.compare(LT, 0f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code (y + 1.7581) dy} where y is negative, else {@code 1.0507 dy}. */
    static int selu(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            FloatVector bent = y.add(Activation.SELU_SCALE_ALPHA).mul(dy);
            dy.mul(Activation.SELU_SCALE).blend(bent, y.compare(LT, 0f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code dy} where y is between 0 and 6, else 0. */
    static int relu6(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            FloatVector above = FloatVector.zero(S).blend(dy, y.compare(GT, 0f));
            FloatVector.zero(S).blend(above, y.compare(LT, 6f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code dy / 6} where y is between 0 and 1, else 0. */
    static int hardSigmoid(float[] outputs, int outputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector y = FloatVector.fromArray(S, outputs, outputsAt + i);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            FloatVector above = FloatVector.zero(S).blend(dy.div(6f), y.compare(GT, 0f));
            FloatVector.zero(S).blend(above, y.compare(LT, 1f)).intoArray(gradient, at + i);
        }
        return i;
    }

    /** {@code 0.2 dy} where {@code 0.2 z + 0.5} is from 0 to 1, else 0. */
    static int hardSigmoidKeras2(float[] inputs, int inputsAt, float[] gradient, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector z = FloatVector.fromArray(S, inputs, inputsAt + i);
            FloatVector line = z.mul(0.2f).add(0.5f);
            FloatVector dy = FloatVector.fromArray(S, gradient, at + i);
            FloatVector above = FloatVector.zero(S).blend(dy.mul(0.2f), line.compare(GE, 0f));
            FloatVector.zero(S).blend(above, line.compare(LE, 1f)).intoArray(gradient, at + i);
        }
        return i;
    }
}
