package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Once HotSpot has compiled them, vectors are registers and not objects; also through the kernels that warm up. */
class AllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void steadyStateAllocatesNothing() {
        Width.required();
        PackedMatrix w = PackedMatrix.pack(FloatTensor.wrap(Shape.of(64, 100), Parity.random(new Random(1), 6400)));
        float[] x = Parity.random(new Random(2), 7 * 64);
        float[] out = new float[7 * 100 + 16];
        for (Kernels kernels : new Kernels[] {
            KernelSelection.simd().kernels(), KernelSelection.auto().kernels()
        }) {
            Runnable step = () -> {
                kernels.multiply(7, x, 0, 64, w, out, 0, 0, out, 0, 100);
                kernels.multiply(1, x, 0, 64, w, out, 0, 0, out, 0, 100);
                kernels.activate(Activation.TANH, out, 0, 700);
                kernels.activate(Activation.SIGMOID, out, 0, 100);
                kernels.activate(Activation.ELU, out, 0, 100);
                kernels.sum(out, 0, 64);
                kernels.sumOfSquares(out, 0, 64, 0.5f);
                kernels.dropout(7, 20_000, 1f, out, 0, out, 0, 700);
            };
            assertThat(leastAllocated(step)).as(kernels.name()).isZero();
        }
    }

    @Test
    void adjointsAllocateNothingEither() {
        Width.required();
        PackedMatrix w = PackedMatrix.of(100, 64);
        float[] weights = Parity.random(new Random(1), 6400);
        float[] x = Parity.random(new Random(2), 7 * 33);
        float[] dz = Parity.random(new Random(3), 7 * 100 + 16);
        float[] gradient = new float[33 * 100 + 16];
        for (Kernels kernels : new Kernels[] {
            KernelSelection.simd().kernels(), KernelSelection.auto().kernels()
        }) {
            Runnable step = () -> {
                kernels.addTransposedProduct(7, x, 0, 33, 33, dz, 0, 100, 100, gradient, 0, 100);
                kernels.addTransposedProduct(7, x, 0, 0, 1, dz, 0, 100, 100, gradient, 0, 100);
                kernels.activationGradient(Activation.TANH, x, 0, dz, 0, 200);
                kernels.activationGradient(Activation.RELU, x, 0, dz, 0, 200);
                w.fillTransposed(weights, 0, 100);
            };
            assertThat(leastAllocated(step)).as(kernels.name()).isZero();
        }
    }

    /**
     * What ran before leaves traces in the profiles that HotSpot keeps of the Vector API's own methods. JDK 17 gives up on the
     * longest kernels after the adjoints unless it runs with the option that {@code rekur} gives it (ADR 11).
     */
    @Test
    void activationsAllocateNothingEitherAfterTheirAdjoints() {
        Width.required();
        float[] saved = Parity.random(new Random(1), 100);
        float[] values = Parity.random(new Random(2), 100);
        Kernels kernels = KernelSelection.simd().kernels();
        for (int lap = 0; lap < 30; lap++) {
            for (Activation function : Activation.values()) {
                for (int i = 0; i < 1_000 && function.isElementwise(); i++) {
                    kernels.activationGradient(function, saved, 0, values, 0, 100);
                }
            }
        }
        for (Activation function : Activation.values()) {
            if (function.isElementwise()) {
                long bytes = leastAllocated(() -> kernels.activate(function, values, 0, 100));
                assertThat(bytes).as("bytes in 100 calls of " + function).isZero();
            }
        }
    }

    /** Compilation comes when it comes: the deadline is generous, and reached only by a kernel that goes on allocating. */
    private static long leastAllocated(Runnable step) {
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            for (int i = 0; i < 1_000; i++) {
                step.run();
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                step.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
