package dev.rekur.benchmark;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
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

/** What training adds to {@link KernelBenchmark}: 16 rows of 100 steps, as a tile of a batch has them, or 64 of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(3)
public class TrainingKernelBenchmark {
    private static final int TILE = 1_600;
    private static final int BATCH = 6_400;
    private static final int SLACK = 16;

    /** Which kernels: {@code scalar}, {@code simd}, or {@code auto}, which are simd once warm. */
    @Param({"scalar", "simd"})
    public String provider = "";

    private Kernels kernels = KernelSelection.scalar().kernels();
    private final Random random = new Random(1);
    private final float[] x = floats(BATCH * 128);
    private final float[] dz = floats(BATCH * 512);
    private final float[] dw = new float[128 * 512 + SLACK];
    private final float[] one = {1f};
    private final float[] dy = floats(8_192);
    private final float[] weights = floats(128 * 128);
    private final PackedMatrix packed = PackedMatrix.of(128, 128);

    /** Chooses the kernels. */
    @Setup
    public void choose() {
        kernels = KernelBenchmark.kernels(provider);
    }

    /** The kernel of a layer of 128 units on 128 features: 52.4 MFLOP. */
    @Benchmark
    public float[] gradient1600x128x128() {
        return gradient(TILE, 128, 128);
    }

    /** The kernel of an LSTM of 128 units, over a whole batch: 839 MFLOP, rows 2 KiB apart. */
    @Benchmark
    public float[] gradient6400x128x512() {
        return gradient(BATCH, 128, 512);
    }

    /** The kernel of a layer of 32 units on 64 features, over a whole batch: 26.2 MFLOP. */
    @Benchmark
    public float[] gradient6400x64x32() {
        return gradient(BATCH, 64, 32);
    }

    /** The kernel of the last layer: 20 kFLOP. */
    @Benchmark
    public float[] gradient64x32x5() {
        return gradient(64, 32, 5);
    }

    /** The bias of 128 units over a whole batch: 819,200 additions. */
    @Benchmark
    public float[] bias6400x128() {
        kernels.addTransposedProduct(BATCH, one, 0, 0, 1, dz, 0, 128, 128, dw, 0, 128);
        return dw;
    }

    /** The adjoint of 8,192 hyperbolic tangents. */
    @Benchmark
    public float[] tanhGradient8192() {
        return activationGradient(Activation.TANH);
    }

    /** The adjoint of 8,192 rectifiers. */
    @Benchmark
    public float[] reluGradient8192() {
        return activationGradient(Activation.RELU);
    }

    /** The adjoint of 8,192 values of silu. */
    @Benchmark
    public float[] siluGradient8192() {
        return activationGradient(Activation.SILU);
    }

    /** A dropout of 8,192 elements: 4,096 random words. */
    @Benchmark
    public float[] dropout8192() {
        kernels.dropout(7, 19_661, 1.25f, x, 0, dy, 0, 8_192);
        return dy;
    }

    /** 16,384 weights put into panels anew. */
    @Benchmark
    public PackedMatrix fill128x128() {
        packed.fill(weights, 0, 128);
        return packed;
    }

    /** The same, transposed. */
    @Benchmark
    public PackedMatrix fillTransposed128x128() {
        packed.fillTransposed(weights, 0, 128);
        return packed;
    }

    private float[] gradient(int terms, int inputs, int columns) {
        kernels.addTransposedProduct(terms, x, 0, inputs, inputs, dz, 0, columns, columns, dw, 0, columns);
        return dw;
    }

    private float[] activationGradient(Activation function) {
        System.arraycopy(dz, 0, dy, 0, 8_192);
        kernels.activationGradient(function, x, 0, dy, 0, 8_192);
        return dy;
    }

    private float[] floats(int length) {
        float[] values = new float[length + SLACK];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
