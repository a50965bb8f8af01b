package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.management.ThreadMXBean;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.data.RowOrder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A step of a training allocates nothing after the first, on no thread: whatever layers, losses and optimizer it has. Where a
 * batch comes in other tensors than the one before, it says anew where they go, and nothing else.
 */
class StepAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STEPS = 60;
    private static final int ATTEMPTS = 6;

    /** Of an epoch, if it were one of data in memory. */
    private static final int BATCHES = 5;

    /** Bytes: maps and records, a few for each input; no model here needs more, large or small. */
    private static final long FOR_OTHER_TENSORS = 4096;

    /**
     * What allocates all the same: {@link StrictMath#pow}, which uncommon exponents need, {@link StrictMath#cos} on newer JDKs, and
     * two views of a matrix.
     */
    private static final Set<String> EXCEPTIONS = Set.of(
            "continued_rmsprop_decay",
            "loss_binary_focal_balanced",
            "loss_binary_focal_logits",
            "loss_categorical_focal_logits",
            "optimizer_ftrl_options",
            "regularizer_orthogonal",
            "schedule_cosine",
            "schedule_cosine_restarts",
            "schedule_cosine_warmup",
            "schedule_exponential");

    private static final List<Long> WORKERS = new CopyOnWriteArrayList<>();
    private static final ExecutorService EXECUTOR = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task);
        WORKERS.add(thread.getId());
        return thread;
    });

    @AfterAll
    static void stop() {
        EXECUTOR.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> aStepAllocatesNothing() {
        return GoldenTraining.all().stream()
                .filter(golden -> !golden.isFit() && !EXCEPTIONS.contains(golden.name()))
                .filter(golden ->
                        !golden.name().endsWith("full_size")) // slow on scalar kernels, and like the small ones
                .filter(StepAllocationTest::isSupported)
                .map(golden -> dynamicTest(golden.toString(), () -> check(golden)));
    }

    private static boolean isSupported(GoldenTraining golden) {
        try {
            Trainer.of(golden.model()).outputsWithLoss();
            return true;
        } catch (UnsupportedModelException refused) {
            return false; // GoldenTrainingsTest sees to these
        }
    }

    private static void check(GoldenTraining golden) {
        long[] least = new long[STEPS];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            // now and then the JVM itself allocates on a thread, when it links or compiles something; what a step
            // allocates, it
            // allocates in each attempt
            long[] bytes = bytesByStep(golden);
            for (int step = 0; step < STEPS; step++) {
                least[step] = Math.min(least[step], bytes[step]);
            }
            if (isFrugal(least)) {
                return;
            }
        }
        assertThat(isFrugal(least))
                .as("bytes by step, from step " + STEPS / 2 + " on: "
                        + Arrays.toString(Arrays.copyOfRange(least, STEPS / 2, STEPS)))
                .isTrue();
    }

    private static boolean isFrugal(long[] least) {
        for (int step = STEPS / 2; step < STEPS; step++) {
            if (least[step] > (bringsOtherTensors(step) ? FOR_OTHER_TENSORS : 0)) {
                return false;
            }
        }
        return true;
    }

    /** The last batch of an epoch, and the first of the next. */
    private static boolean bringsOtherTensors(int step) {
        return step % BATCHES == BATCHES - 1 || step % BATCHES == 0;
    }

    private static long[] bytesByStep(GoldenTraining golden) {
        Model model = golden.model();
        // the same tensors again and again, as data in memory has them; each epoch of it ends with a shorter batch
        Batch batch = golden.data(model, "data.npz")
                .batches(golden.batchSize(), RowOrder.AS_GIVEN)
                .next();
        Batch last = batch;
        if (batch.rows() > 1 && !golden.name().contains("stateful")) { // states are of a fixed number of rows
            last = golden.data(model, "data.npz")
                    .batches(batch.rows() - 1, RowOrder.AS_GIVEN)
                    .next();
        }
        List<Batch> batches = new ArrayList<>(Collections.nCopies(STEPS, batch));
        for (int step = BATCHES - 1; step < STEPS; step += BATCHES) {
            batches.set(step, last);
        }
        Meter meter = new Meter();
        Trainer trainer = Trainer.of(model)
                .kernels(KernelSelection.scalar()) // the Vector API allocates until it is compiled
                .parallel(EXECUTOR, 3)
                .callback(meter);
        trainer.fit(Dataset.of(batches::iterator), FitOption.epochs(1));
        return meter.bytes;
    }

    /** What all threads have allocated between one step's end and the next's. */
    private static final class Meter implements Callback {
        final long[] bytes = new long[STEPS];
        private final long caller = Thread.currentThread().getId();
        private long before;

        @Override
        public void batchEnd(TrainingRun run, int step, Logs logs) {
            long now = allocated();
            long again = allocated();
            bytes[step] = now - before - (again - now); // asking allocates, too
            before = again;
        }

        private long allocated() {
            long sum = THREADS.getThreadAllocatedBytes(caller);
            for (int i = 0; i < WORKERS.size(); i++) {
                sum += THREADS.getThreadAllocatedBytes(WORKERS.get(i));
            }
            return sum;
        }
    }
}
