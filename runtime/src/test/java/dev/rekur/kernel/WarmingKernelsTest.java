package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WarmingKernelsTest {
    private static final int TERMS = 300;
    private static final int COLUMNS = 200;
    private static final int LENGTH = 900;

    private final Counting vector = new Counting();

    @Test
    void littleWorkNeverLoadsTheVectorKernels() {
        WarmingKernels kernels = new WarmingKernels(new Provider(vector));
        PackedMatrix w = matrix();
        multiply(kernels, w, 3);
        assertThat(vector.calls).isZero();
        assertThat(kernels.name()).isEqualTo("counting provider");
    }

    @Test
    void fasterVectorKernelsTakeOverAfterAWhileAndTheBitsStay() {
        WarmingKernels kernels = new WarmingKernels(new Provider(vector));
        PackedMatrix w = matrix();
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 11}) {
            float[] expected = multiply(ScalarKernels.INSTANCE, w, rows);
            long calls = WarmingKernels.COLD_WORK / (TERMS * COLUMNS * rows) + 2_000;
            for (long i = 0; i < calls && w.warmth(rows).chosen() == null; i++) {
                Floats.assertSameBits("rows " + rows, expected, multiply(kernels, w, rows));
            }
            assertThat(w.warmth(rows).chosen()).isSameAs(vector);
            int before = vector.calls;
            Floats.assertSameBits("warm", expected, multiply(kernels, w, rows));
            assertThat(vector.calls).isEqualTo(before + 1);
            assertThat(vector.lastRows).isEqualTo(rows);
        }
        assertThat(kernels.name()).isEqualTo("counting");
    }

    @Test
    void transposedProductsTurnToVectorKernelsToo() {
        WarmingKernels kernels = new WarmingKernels(new Provider(vector));
        float[] x = Floats.random(new Random(6), TERMS * 11);
        float[] dz = Floats.random(new Random(7), TERMS * COLUMNS + 16);
        for (int inputs : new int[] {1, 2, 3, 4, 5, 6, 7, 11}) {
            float[] expected = new float[inputs * COLUMNS + 16];
            addTransposedProduct(ScalarKernels.INSTANCE, x, inputs, dz, expected);
            long calls = WarmingKernels.COLD_WORK / (TERMS * COLUMNS * inputs) + 2_000;
            int before = vector.calls;
            int taken = 0;
            for (long i = 0; i < calls && taken < 3; i++) {
                float[] actual = new float[expected.length];
                addTransposedProduct(kernels, x, inputs, dz, actual);
                Floats.assertSameBits("inputs " + inputs, expected, actual);
                // a trial is of several pieces of work, a call that went straight to the vector kernels is one
                taken = vector.calls == before + 1 && vector.lastRows == inputs ? taken + 1 : 0;
                before = vector.calls;
            }
            assertThat(taken).as("inputs %d", inputs).isEqualTo(3);
        }
    }

    private static void addTransposedProduct(Kernels kernels, float[] x, int inputs, float[] dz, float[] out) {
        kernels.addTransposedProduct(TERMS, x, 0, inputs, inputs, dz, 0, COLUMNS, COLUMNS, out, 0, COLUMNS);
    }

    @Test
    void functionsAndSumsTurnToVectorKernelsToo() {
        WarmingKernels kernels = new WarmingKernels(new Provider(vector));
        float[] values = Floats.random(new Random(5), 1000);
        float[] expected = values.clone();
        ScalarKernels.INSTANCE.activate(Activation.TANH, expected, 7, LENGTH);
        float[] gradient = Floats.random(new Random(6), 1000);
        float[] expectedGradient = gradient.clone();
        ScalarKernels.INSTANCE.activationGradient(Activation.GELU, values, 7, expectedGradient, 9, LENGTH);
        float sum = ScalarKernels.INSTANCE.sum(values, 7, LENGTH);
        float squares = ScalarKernels.INSTANCE.sumOfSquares(values, 7, LENGTH, 0.5f);
        for (int i = 0; i < WarmingKernels.COLD_WORK / LENGTH / 4 + 2_000; i++) {
            float[] actual = values.clone();
            kernels.activate(Activation.TANH, actual, 7, LENGTH);
            float[] actualGradient = gradient.clone();
            kernels.activationGradient(Activation.GELU, values, 7, actualGradient, 9, LENGTH);
            if (i % 1000 == 0) {
                Floats.assertSameBits("tanh", expected, actual);
                Floats.assertSameBits("gradient of gelu", expectedGradient, actualGradient);
            }
            assertThat(kernels.sum(values, 7, LENGTH) == sum).isTrue();
            assertThat(kernels.sumOfSquares(values, 7, LENGTH, 0.5f) == squares).isTrue();
        }
        int taken = 0;
        for (int i = 0; i < 100_000 && taken != 4; i++) { // on a busy machine it takes a while to win ten laps in a row
            int before = vector.calls;
            kernels.activate(Activation.TANH, values.clone(), 7, LENGTH);
            kernels.activationGradient(Activation.GELU, values, 7, gradient.clone(), 9, LENGTH);
            kernels.sum(values, 7, LENGTH);
            kernels.sumOfSquares(values, 7, LENGTH, 0.5f);
            taken = vector.calls - before;
        }
        assertThat(taken).isEqualTo(4);
    }

    @Test
    void kernelsThatCannotRunLeaveTheScalarOnes() {
        WarmingKernels kernels = new WarmingKernels(new Provider(null));
        PackedMatrix w = matrix();
        for (long i = 0; i < WarmingKernels.COLD_WORK / (TERMS * COLUMNS * 8L) + 50; i++) {
            multiply(kernels, w, 8);
        }
        assertThat(w.warmth(8).chosen()).isNull();
        assertThat(kernels.name()).isEqualTo("counting provider");
    }

    private static PackedMatrix matrix() {
        return PackedMatrix.pack(
                FloatTensor.wrap(Shape.of(TERMS, COLUMNS), Floats.random(new Random(1), TERMS * COLUMNS)));
    }

    private static float[] multiply(Kernels kernels, PackedMatrix w, int rows) {
        float[] x = Floats.random(new Random(2), rows * TERMS);
        float[] out = new float[rows * COLUMNS + 16];
        kernels.multiply(rows, x, 0, TERMS, w, new float[COLUMNS + 16], 0, 0, out, 0, COLUMNS);
        return out;
    }

    private record Provider(Kernels kernelsOrNull) implements KernelProvider {
        @Override
        public String name() {
            return "counting provider";
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Kernels kernels() {
            if (kernelsOrNull == null) {
                throw new UnsupportedOperationException("no such vectors");
            }
            return kernelsOrNull;
        }
    }

    /** Does no work that is of the size of a trial, and so wins every race; else as good as the scalar kernels. */
    private static final class Counting implements Kernels {
        private int calls;
        private int lastRows;

        @Override
        public String name() {
            return "counting";
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
            calls++;
            lastRows = rows;
            if (w.rows() == TERMS) {
                ScalarKernels.INSTANCE.multiply(
                        rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
            }
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
            calls++;
            lastRows = inputs;
            if (terms == TERMS) {
                ScalarKernels.INSTANCE.addTransposedProduct(
                        terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, out, outAt, outStride);
            }
        }

        @Override
        public void activationGradient(
                Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length) {
            calls++;
            if (length == LENGTH) {
                ScalarKernels.INSTANCE.activationGradient(function, saved, savedAt, gradient, gradientAt, length);
            }
        }

        @Override
        public void activate(Activation function, float[] values, int at, int length) {
            calls++;
            if (length == LENGTH) {
                ScalarKernels.INSTANCE.activate(function, values, at, length);
            }
        }

        @Override
        public float sum(float[] values, int at, int length) {
            calls++;
            return length == LENGTH ? ScalarKernels.INSTANCE.sum(values, at, length) : 0f;
        }

        @Override
        public float sumOfSquares(float[] values, int at, int length, float center) {
            calls++;
            return length == LENGTH ? ScalarKernels.INSTANCE.sumOfSquares(values, at, length, center) : 0f;
        }
    }
}
