package dev.rekur.simd;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.Draws;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.kernel.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/**
 * The kernels on the Vector API, at the width that the JVM prefers: 128, 256 or 512 bits. The bits of the results are those
 * of {@link ScalarKernels}, which also computes whatever is too rare or too short for vectors.
 */
final class SimdKernels implements Kernels {
    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    /** Floats in a vector. */
    static int lanes() {
        return LANES;
    }

    @Override
    public String name() {
        return "simd-" + LANES * Float.SIZE;
    }

    @Override
    public void multiply(
            int rows,
            float[] x,
            int xAt,
            int xStride,
            PackedMatrix w,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride) {
        MatrixProduct.multiply(rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
    }

    @Override
    public void addTransposedProduct(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int inputs,
            float[] dz,
            int dzAt,
            int dzStride,
            int columns,
            float[] out,
            int outAt,
            int outStride) {
        TransposedProduct.add(terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, out, outAt, outStride);
    }

    @Override
    public void activate(Activation function, float[] values, int at, int length) {
        int end = at + length;
        int done =
                switch (function) {
                    case TANH -> RationalLoops.tanh(values, at, end);
                    case RELU -> RationalLoops.relu(values, at, end);
                    case LEAKY_RELU -> RationalLoops.leakyRelu(values, at, end);
                    case HARD_SIGMOID -> RationalLoops.hardSigmoid(values, at, end);
                    case HARD_SIGMOID_KERAS2 -> RationalLoops.hardSigmoidKeras2(values, at, end);
                    case SIGMOID -> ExponentialLoops.sigmoid(values, at, end);
                    case EXPONENTIAL -> ExponentialLoops.exp(values, at, end);
                    case SILU -> ExponentialLoops.silu(values, at, end);
                    case ELU, CELU -> ExponentialLoops.elu(values, at, end);
                    case SELU -> ExponentialLoops.selu(values, at, end);
                    default -> at;
                };
        if (done < end) {
            ScalarKernels.INSTANCE.activate(function, values, done, end - done);
        }
    }

    @Override
    public void activationGradient(
            Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length) {
        int done =
                switch (function) {
                    case TANH -> GradientLoops.tanh(saved, savedAt, gradient, gradientAt, length);
                    case SIGMOID -> GradientLoops.sigmoid(saved, savedAt, gradient, gradientAt, length);
                    case RELU -> GradientLoops.relu(saved, savedAt, gradient, gradientAt, length);
                    case LEAKY_RELU -> GradientLoops.leakyRelu(saved, savedAt, gradient, gradientAt, length);
                    case ELU -> GradientLoops.elu(saved, savedAt, gradient, gradientAt, length);
                    case SELU -> GradientLoops.selu(saved, savedAt, gradient, gradientAt, length);
                    case RELU6 -> GradientLoops.relu6(saved, savedAt, gradient, gradientAt, length);
                    case HARD_SIGMOID -> GradientLoops.hardSigmoid(saved, savedAt, gradient, gradientAt, length);
                    case HARD_SIGMOID_KERAS2 ->
                        GradientLoops.hardSigmoidKeras2(saved, savedAt, gradient, gradientAt, length);
                    default -> 0;
                };
        if (done < length) {
            ScalarKernels.INSTANCE.activationGradient(
                    function, saved, savedAt + done, gradient, gradientAt + done, length - done);
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int length) {
        int done = ElementLoops.add(x, xAt, y, yAt, length);
        ScalarKernels.INSTANCE.add(x, xAt + done, y, yAt + done, length - done);
    }

    @Override
    public void product(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        int done = ElementLoops.product(x, xAt, factors, factorsAt, y, yAt, length);
        ScalarKernels.INSTANCE.product(x, xAt + done, factors, factorsAt + done, y, yAt + done, length - done);
    }

    @Override
    public void addProduct(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        int done = ElementLoops.addProduct(x, xAt, factors, factorsAt, y, yAt, length);
        ScalarKernels.INSTANCE.addProduct(x, xAt + done, factors, factorsAt + done, y, yAt + done, length - done);
    }

    @Override
    public void standardize(float[] x, int xAt, float center, float scale, float[] y, int yAt, int length) {
        int done = ElementLoops.standardize(x, xAt, center, scale, y, yAt, length);
        ScalarKernels.INSTANCE.standardize(x, xAt + done, center, scale, y, yAt + done, length - done);
    }

    @Override
    public void normalize(
            float[] x,
            int xAt,
            float center,
            float scale,
            float[] gamma,
            float[] beta,
            float[] y,
            int yAt,
            int length) {
        int done = ElementLoops.normalize(x, xAt, center, scale, gamma, beta, y, yAt, length);
        for (int i = done; i < length; i++) { // gamma and beta begin at their first element
            y[yAt + i] = Arithmetic.fma((x[xAt + i] - center) * scale, gamma[i], beta[i]);
        }
    }

    @Override
    public void standardizeGradient(
            float[] xn, int xnAt, float mean, float slope, float scale, float[] dy, int dyAt, int length) {
        int done = ElementLoops.standardizeGradient(xn, xnAt, mean, slope, scale, dy, dyAt, length);
        ScalarKernels.INSTANCE.standardizeGradient(xn, xnAt + done, mean, slope, scale, dy, dyAt + done, length - done);
    }

    @Override
    public void dropout(long key, int threshold, float scale, float[] x, int xAt, float[] y, int yAt, int length) {
        int done = DropoutLoop.dropout(key, threshold, scale, x, xAt, y, yAt, length);
        Draws.dropout(key, threshold, scale, x, xAt, y, yAt, done, length);
    }

    @Override
    public void flush(float[] values, int at, int length) {
        int done = ElementLoops.flush(values, at, length);
        ScalarKernels.INSTANCE.flush(values, at + done, length - done);
    }

    @Override
    public float sum(float[] values, int at, int length) {
        return Sums.sum(values, at, length);
    }

    @Override
    public float sumOfSquares(float[] values, int at, int length, float center) {
        return Sums.sumOfSquares(values, at, length, center);
    }
}
