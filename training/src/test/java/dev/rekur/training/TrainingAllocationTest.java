package dev.rekur.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.tensor.Shape;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.loss.TargetAlignment;
import dev.rekur.training.loss.VectorWeights;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.MetricState;
import dev.rekur.training.metric.Metrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs in each step allocates nothing after the first. */
class TrainingAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 16;
    private static final int FEATURES = 4;
    private static final int CALLS = 500;

    static List<String> losses() {
        return Losses.names();
    }

    static List<String> metrics() {
        return Metrics.namesWithDefaults();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossAllocatesNothing(String name) {
        TargetAlignment alignment = alignment(Losses.named(name).function().isSparse());
        Loss loss = Losses.named(name).resolve(alignment);
        float[] target = new float[ROWS * alignment.targetFeatures()];
        float[] prediction = predictions();
        float[] values = new float[ROWS];
        float[] gradient = new float[prediction.length];
        assertAllocatesNothing(() -> {
            loss.evaluate(ROWS, target, alignment.targetFeatures(), prediction, FEATURES, values, gradient);
            loss.reduce(ROWS, alignment, target, values, VectorWeights.NONE, gradient);
        });
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aMetricAllocatesNothing(String name) {
        TargetAlignment alignment = alignment(Metrics.named(name).function().isSparse());
        Metric metric = Metrics.named(name).resolve(alignment);
        MetricState state = metric.newState();
        float[] target = new float[ROWS * alignment.targetFeatures()];
        float[] prediction = predictions();
        assertAllocatesNothing(() -> {
            state.update(ROWS, target, alignment.targetFeatures(), prediction, FEATURES, null);
            assertThatIsNumber(state.result());
        });
    }

    private static TargetAlignment alignment(boolean sparse) {
        Shape prediction = Shape.of(-1, FEATURES);
        return TargetAlignment.of("output", sparse ? Shape.of(-1) : prediction, prediction);
    }

    private static float[] predictions() {
        float[] prediction = new float[ROWS * FEATURES];
        for (int i = 0; i < prediction.length; i++) {
            prediction[i] = RandomNumbers.uniform(1, i);
        }
        return prediction;
    }

    private static void assertThatIsNumber(double result) {
        if (Double.isNaN(result)) {
            throw new AssertionError("NaN");
        }
    }

    private static void assertAllocatesNothing(Runnable step) {
        // the JVM itself allocates on the calling thread when it first links or compiles something
        long bytes = -1;
        for (int attempt = 0; attempt < 8 && bytes != 0; attempt++) {
            bytes = allocatedInARow(step);
        }
        assertThat(bytes).as("bytes of " + CALLS + " calls").isZero();
    }

    /** Bytes that calls allocate, less what asking twice allocates. */
    private static long allocatedInARow(Runnable step) {
        long first = allocated();
        long asking = allocated() - first;
        long before = allocated();
        for (int i = 0; i < CALLS; i++) {
            step.run();
        }
        return allocated() - before - asking;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
