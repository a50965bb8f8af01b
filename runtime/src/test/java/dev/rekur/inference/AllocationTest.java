package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call from array to array allocates nothing once plans and workspaces are made. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TIME = 12;

    @ParameterizedTest
    @EnumSource
    void predictingFromTokensAllocatesNothing(LessonModels lesson) {
        Model model = lesson.onTokens();
        Predictor predictor = Predictor.of(model).build();
        for (int rows : new int[] {1, 5, 40}) {
            int[] tokens =
                    ((IntTensor) RandomGraphs.inputs(model, 1, rows, TIME).get(0)).toArray();
            float[] out = new float[rows * LessonModels.CLASSES];
            assertThat(allocated(() -> predictor.predict(tokens, rows, out)))
                    .as("bytes of 500 calls with " + rows + " rows")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void predictingFromFloatsAllocatesNothing(LessonModels lesson) {
        Model model = lesson.onFloats();
        Predictor predictor = Predictor.of(model).build();
        for (int rows : new int[] {1, 5, 40}) {
            float[] values =
                    ((FloatTensor) RandomGraphs.inputs(model, 1, rows, TIME).get(0)).toArray();
            float[] out = new float[rows * LessonModels.CLASSES];
            assertThat(allocated(() -> predictor.predict(values, rows, out)))
                    .as("bytes of 500 calls with " + rows + " rows")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void predictingFromArraysGivesTheBitsOfPredictingFromTensors(LessonModels lesson) {
        Model model = lesson.onTokens();
        for (int rows : new int[] {1, 5, 40}) {
            List<Tensor> inputs = RandomGraphs.inputs(model, 2, rows, TIME);
            float[] out = new float[rows * LessonModels.CLASSES];
            model.predictor().predict(((IntTensor) inputs.get(0)).toArray(), rows, out);
            assertThat(Tensor.of(out, rows, LessonModels.CLASSES))
                    .isEqualTo(model.predict(inputs).get(0));
        }
    }

    /** Bytes that 500 calls allocate, less what asking twice allocates. */
    private static long allocated(Runnable call) {
        // the JVM itself allocates on the calling thread when it first links or compiles a handle
        long bytes = -1;
        for (int attempt = 0; attempt < 8 && bytes != 0; attempt++) {
            bytes = allocatedInARow(call);
        }
        return bytes;
    }

    private static long allocatedInARow(Runnable call) {
        long thread = Thread.currentThread().getId();
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        long asking = THREADS.getThreadAllocatedBytes(thread) - bytes;
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 500; i++) {
            call.run();
        }
        return THREADS.getThreadAllocatedBytes(thread) - before - asking;
    }
}
