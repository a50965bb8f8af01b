package dev.rekur.training.observation;

import static dev.rekur.training.FitOption.batchSize;
import static dev.rekur.training.FitOption.epochs;
import static dev.rekur.training.FitOption.shuffle;
import static dev.rekur.training.observation.WatchedModels.CROSSENTROPY;
import static dev.rekur.training.observation.WatchedModels.LAST;
import static dev.rekur.training.observation.WatchedModels.labels;
import static dev.rekur.training.observation.WatchedModels.random;
import static dev.rekur.training.observation.WatchedModels.recurrent;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.diagnosis.Finding.Kind;
import dev.rekur.training.optimizer.Adam;
import dev.rekur.training.optimizer.Sgd;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What watching costs a training: no bit, and in a steady step no memory. */
class WatchingCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void watchingChangesNoBitAtAnyNumberOfThreadsEvenWhenStepsAreRunAgain() {
        GraphScript script = new GraphScript(4);
        Value x = script.call(new SimpleRnn(8, Activation.RELU, true, LAST), script.input(ValueKind.FLOAT, 12, 4));
        x = script.call(new BatchNormalization(-1, 1e-3f, 0.99, true, true), x);
        x = script.call(new Dropout(0.3), x);
        x = script.call(new Dense(8, Activation.RELU, true), x);
        Model model = script.model(script.call(new Dense(1, Activation.LINEAR, true), x));
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            for (double rate : new double[] {0.01, 1e6}) {
                Training watched = fit(Trainer.of(model), rate);
                Training parallel = fit(Trainer.of(model).parallel(executor, 3), rate);
                Training alone = fit(Trainer.of(model).withoutDiagnosis(), rate);
                assertThat(bits(watched)).isEqualTo(bits(alone)).isEqualTo(bits(parallel));
                assertThat(alone.findings()).isEmpty();
                assertThat(parallel.findings()).isEqualTo(watched.findings());
                assertThat(watched.findings().stream().anyMatch(finding -> finding.kind() == Kind.NON_FINITE))
                        .isEqualTo(rate > 1);
            }
        } finally {
            executor.shutdown();
        }
    }

    private static Training fit(Trainer trainer, double rate) {
        return trainer.optimizer(Sgd.with().learningRate(rate))
                .loss("mean_squared_error")
                .fit(
                        Dataset.of(random(1, 1, 200, 12, 4), random(2, 1, 200, 1)),
                        epochs(2),
                        batchSize(24),
                        shuffle(true));
    }

    private static List<Integer> bits(Training training) {
        List<Integer> bits = new ArrayList<>();
        for (GraphLayer layer : training.model().graph().layers()) {
            for (FloatTensor weight : training.model().weights().of(layer)) {
                for (float value : weight.toArray()) {
                    bits.add(Float.floatToIntBits(value));
                }
            }
        }
        return bits;
    }

    @Test
    void watchingAllocatesNothingInASteadyStep() {
        long[] bytes = {};
        for (int attempt = 0; attempt < 8; attempt++) {
            bytes = bytesBySampledStep();
            if (bytes[bytes.length / 2] == 0) { // now and then the JVM itself allocates, when it compiles something
                return;
            }
        }
        assertThat(bytes).as("bytes of steps that are looked at closely").containsOnly(0);
    }

    /** What those steps of a watched training allocate of which samples are taken; sorted, without the first. */
    private static long[] bytesBySampledStep() {
        int steps = 80 * Diagnostician.SAMPLED;
        long[] bytes = new long[80];
        Batch batch = Batch.of(random(1, 1, 16, 12, 4), labels(2, 16, 3));
        Trainer.of(recurrent(Activation.TANH, 12, 0.5))
                .optimizer(Adam.with().learningRate(1e-4))
                .loss(CROSSENTROPY)
                .callback(new Callback() {
                    private long before;

                    @Override
                    public void batchBegin(TrainingRun run, int step) {
                        before = allocated();
                    }

                    @Override
                    public void batchEnd(TrainingRun run, int step, Logs logs) {
                        if (step % Diagnostician.SAMPLED == 0) {
                            long now = allocated();
                            bytes[step / Diagnostician.SAMPLED] = now - before - (allocated() - now);
                        }
                    }
                })
                .fit(Dataset.of(() -> Collections.nCopies(steps, batch).iterator()));
        long[] late = Arrays.copyOfRange(bytes, 40, 80);
        Arrays.sort(late);
        return late;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
