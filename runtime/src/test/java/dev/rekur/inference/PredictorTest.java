package dev.rekur.inference;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.model.Model;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorTest {
    @ParameterizedTest
    @EnumSource
    void aBatchOfAnySizeGivesEachRowTheBitsItHasAlone(LessonModels lesson) {
        Model model = lesson.onTokens();
        List<Tensor> all = RandomGraphs.inputs(model, 1, 40, 6);
        Tensor alone = Unplanned.predict(model, all).get(0);
        for (int rows = 1; rows <= 40; rows++) {
            Tensor found = model.predict(Unplanned.rows(all, 0, rows)).get(0);
            assertSameBits(
                    rows + " rows", Unplanned.rows(List.of(alone), 0, rows).get(0), found);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfNoRowsGivesNoRows(LessonModels lesson) {
        assertThat(lesson.onTokens().predict(Tensor.of(new int[0], 0, 7)).shape())
                .isEqualTo(Shape.of(0, 5));
        assertThat(lesson.onFloats().predict(Tensor.of(new float[0], 0, 7, 16)).shape())
                .isEqualTo(Shape.of(0, 5));
    }

    @ParameterizedTest
    @EnumSource
    void noStepsAndOneStepAreSequencesToo(LessonModels lesson) {
        for (Model model : List.of(lesson.onTokens(), lesson.onFloats())) {
            for (int time : new int[] {0, 1}) {
                List<Tensor> inputs = RandomGraphs.inputs(model, 1, 20, time);
                assertSameBits(
                        time + " steps",
                        Unplanned.predict(model, inputs).get(0),
                        model.predict(inputs).get(0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalThreadsGiveTheBitsOfOne(LessonModels lesson) throws Exception {
        Model model = lesson.onTokens();
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            for (int threads = 1; threads <= 4; threads++) {
                Predictor parallel =
                        Predictor.of(model).parallel(executor, threads).build();
                for (int rows : new int[] {0, 1, 2, 3, 15, 16, 17, 33, 100}) {
                    List<Tensor> inputs = RandomGraphs.inputs(model, rows, rows, 6);
                    assertThat(parallel.predict(inputs)).isEqualTo(model.predict(inputs));
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eightThreadsShareOnePredictorFromTheFirstCallOn(LessonModels lesson) throws Exception {
        Model model = lesson.onTokens();
        List<List<Tensor>> inputs = new ArrayList<>();
        List<List<Tensor>> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            inputs.add(RandomGraphs.inputs(model, i, 1 + 5 * i, 1 + i % 4));
            expected.add(Unplanned.predict(model, inputs.get(i)));
        }
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 5; round++) {
                // a new predictor: plans, packed weights and token tables are made while all threads ask for them
                Predictor predictor = Predictor.of(model).build();
                CyclicBarrier start = new CyclicBarrier(8);
                List<Future<?>> results = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int which = i;
                    Callable<Void> task = () -> {
                        start.await();
                        for (int call = 0; call < 20; call++) {
                            int turn = (which + call) % 8;
                            assertThat(predictor.predict(inputs.get(turn))).isEqualTo(expected.get(turn));
                        }
                        return null;
                    };
                    results.add(executor.submit(task));
                }
                for (Future<?> result : results) {
                    result.get();
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anExecutorThatRejectsOrNeverRunsTasksCostsSpeedOnly() {
        Model model = LessonModels.STACKED.onTokens();
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 100, 6);
        Executor rejecting = task -> {
            throw new RejectedExecutionException("full");
        };
        Executor forgetful = task -> {};
        for (Executor executor : List.of(rejecting, forgetful)) {
            Predictor predictor = Predictor.of(model).parallel(executor, 4).build();
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(predictor.predict(inputs))
                    .isEqualTo(model.predict(inputs)));
        }
    }

    @Test
    void aTaskThatRunsAfterTheCallDoesNoHarm() {
        Model model = LessonModels.STACKED.onTokens();
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 100, 6);
        List<Runnable> late = new ArrayList<>();
        Predictor predictor = Predictor.of(model).parallel(late::add, 4).build();
        List<Tensor> result = predictor.predict(inputs);
        List<Tensor> expected = model.predict(inputs);
        late.forEach(Runnable::run);
        assertThat(late).hasSize(3);
        assertThat(result).isEqualTo(expected);
        assertThat(predictor.predict(inputs)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lookingProjectionsUpGivesTheBitsOfComputingThem(boolean maskZero) {
        GraphScript script = new GraphScript(5);
        Value embedded =
                script.call(new Embedding(RandomGraphs.VOCABULARY, 33, maskZero), script.input(ValueKind.INT, -1));
        RecurrentOptions options = new RecurrentOptions(true, false, true, false, false);
        Value output = script.call(new Lstm(17, Activation.TANH, Activation.SIGMOID, true, options), embedded);
        Model model = script.model(output);
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 20, 9);
        assertThat(Stages.of(model).stages().size()).isEqualTo(3);
        assertSameBits(
                "sequence",
                Unplanned.predict(model, inputs).get(0),
                model.predict(inputs).get(0));
    }

    @Test
    void lengthsThatAlternateGiveTheSameBitsAsAlone() {
        Model model = LessonModels.STACKED.onTokens();
        float[] out = new float[LessonModels.CLASSES];
        for (int call = 0; call < 200; call++) {
            int time = call % 90;
            List<Tensor> inputs = RandomGraphs.inputs(model, time, 1, time);
            int[] tokens = new int[time];
            ((IntTensor) inputs.get(0)).copyTo(0, tokens, 0, time);
            model.predictor().predict(tokens, 1, out);
            assertThat(Tensor.of(out, 1, LessonModels.CLASSES))
                    .isEqualTo(model.predict(inputs).get(0));
        }
    }
}
