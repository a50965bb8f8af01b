package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.management.ThreadMXBean;
import dev.rekur.UnsupportedModelException;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import dev.rekur.training.Batch;
import dev.rekur.training.Dataset;
import dev.rekur.training.FitOption;
import dev.rekur.training.RowOrder;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import java.lang.management.ManagementFactory;
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

/** A step of a training allocates nothing after the first, on no thread: whatever layers, losses and optimizer it has. */
class StepAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STEPS = 60;

    /** What allocates all the same: {@link StrictMath#pow}, which uncommon exponents need, and two views of a matrix. */
    private static final Set<String> EXCEPTIONS = Set.of(
            "continued_rmsprop_decay",
            "loss_binary_focal_balanced",
            "loss_binary_focal_logits",
            "loss_categorical_focal_logits",
            "optimizer_ftrl_options",
            "regularizer_orthogonal",
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
            golden.model().trainer().outputsWithLoss();
            return true;
        } catch (UnsupportedModelException refused) {
            return false; // GoldenTrainingsTest sees to these
        }
    }

    private static void check(GoldenTraining golden) {
        long[] bytes = {};
        for (int attempt = 0; attempt < 3; attempt++) {
            bytes = bytesByStep(golden);
            // now and then the JVM itself allocates on a thread, when it links or compiles something
            long[] late = Arrays.copyOfRange(bytes, STEPS / 2, STEPS);
            Arrays.sort(late);
            if (late[late.length / 2] == 0) {
                return;
            }
        }
        assertThat(bytes).as("bytes by step").endsWith(0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static long[] bytesByStep(GoldenTraining golden) {
        Model model = golden.model();
        // the same tensors again and again, as data in memory has them
        Batch batch = golden.data(model, "data.npz")
                .batches(golden.batchSize(), RowOrder.AS_GIVEN)
                .next();
        Meter meter = new Meter();
        Trainer trainer = model.trainer()
                .kernels(KernelSelection.scalar()) // the Vector API allocates until it is compiled
                .parallel(EXECUTOR, 3)
                .callback(meter);
        trainer.fit(Dataset.of(() -> Collections.nCopies(STEPS, batch).iterator()), FitOption.epochs(1));
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
