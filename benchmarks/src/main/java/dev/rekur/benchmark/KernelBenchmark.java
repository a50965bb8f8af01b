package dev.rekur.benchmark;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The kernels on the shapes of the stacked model. Several forks: code on the Vector API varies from fork to fork. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(3)
public class KernelBenchmark {
    private static final int STEPS = 100;
    private static final int UNITS = 128;
    private static final int SLACK = 16;

    /** Which kernels: {@code scalar}, {@code simd}, or {@code auto}, which are simd once warm. */
    @Param({"scalar", "simd"})
    public String provider = "";

    private Kernels kernels = KernelSelection.scalar().kernels();
    private final Random random = new Random(1);
    private final PackedMatrix recurrent = matrix(UNITS, UNITS);
    private final PackedMatrix small = matrix(32, 32);
    private final PackedMatrix projection = matrix(UNITS, 64);
    private final float[] inputs = floats(STEPS * UNITS);
    private final float[] states = floats(STEPS * UNITS);
    private final float[] projected = floats(STEPS * 64);
    private final float[] bias = floats(UNITS);
    private final float[] row = floats(UNITS);

    /** Chooses the kernels. */
    @Setup
    public void choose() {
        kernels = kernels(provider);
    }

    static Kernels kernels(String provider) {
        KernelSelection selection =
                switch (provider) {
                    case "scalar" -> KernelSelection.scalar();
                    case "simd" -> KernelSelection.simd();
                    default -> KernelSelection.auto();
                };
        return selection.kernels();
    }

    /** One step of a recurrent layer: a row of 128 times 128x128; 64 KiB of weights from the second-level cache. */
    @Benchmark
    public float[] gemv128() {
        kernels.multiply(1, inputs, 0, UNITS, recurrent, bias, 0, 0, states, 0, UNITS);
        return states;
    }

    /** A small step, where what surrounds the arithmetic shows. */
    @Benchmark
    public float[] gemv32() {
        kernels.multiply(1, inputs, 0, 32, small, bias, 0, 0, states, 0, 32);
        return states;
    }

    /** A recurrent layer of 128 units over 100 steps, its input already projected. */
    @Benchmark
    public float[] recurrentSequence() {
        System.arraycopy(inputs, 0, states, 0, STEPS * UNITS);
        kernels.activate(Activation.TANH, states, 0, UNITS);
        for (int t = 1; t < STEPS; t++) {
            int at = t * UNITS;
            kernels.multiply(1, states, at - UNITS, UNITS, recurrent, states, at, UNITS, states, at, UNITS);
            kernels.activate(Activation.TANH, states, at, UNITS);
        }
        return states;
    }

    /** The projection of 100 steps at once: 100x128 times 128x64, 1.64 MFLOP. */
    @Benchmark
    public float[] gemm100x128x64() {
        kernels.multiply(STEPS, inputs, 0, UNITS, projection, bias, 0, 0, projected, 0, 64);
        return projected;
    }

    /** A step of a batch of 64: 64x128 times 128x128, 2.1 MFLOP. */
    @Benchmark
    public float[] gemm64x128x128() {
        kernels.multiply(64, inputs, 0, UNITS, recurrent, bias, 0, 0, states, 0, UNITS);
        return states;
    }

    /** The hyperbolic tangent of 128 values. */
    @Benchmark
    public float[] tanh128() {
        System.arraycopy(inputs, 0, row, 0, UNITS);
        kernels.activate(Activation.TANH, row, 0, UNITS);
        return row;
    }

    /** The logistic function of 128 values. */
    @Benchmark
    public float[] sigmoid128() {
        System.arraycopy(inputs, 0, row, 0, UNITS);
        kernels.activate(Activation.SIGMOID, row, 0, UNITS);
        return row;
    }

    /** Mean and variance of 64 values, as layer normalization needs them. */
    @Benchmark
    public float moments64() {
        float mean = kernels.sum(inputs, 0, 64) / 64;
        return kernels.sumOfSquares(inputs, 0, 64, mean);
    }

    private PackedMatrix matrix(int rows, int columns) {
        float[] values = floats(rows * columns);
        for (int i = 0; i < rows * columns; i++) {
            values[i] *= 0.7f / (float) Math.sqrt(rows);
        }
        return PackedMatrix.pack(
                FloatTensor.wrap(Shape.of(rows, columns), java.util.Arrays.copyOf(values, rows * columns)));
    }

    private float[] floats(int length) {
        float[] values = new float[length + SLACK];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
