package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rekur.error.UnsupportedModelException;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every golden training goes as in Keras, step by step: losses, metrics, weights; with the same bits on scalar and on vector
 * kernels, and on any number of threads.
 */
class GoldenTrainingsTest {
    private static final double FIRST_STEPS = 2e-5;
    private static final double HUNDRED_STEPS = 1e-4;

    /** Trainings with losses that Rekur lacks, with the name that their refusal must contain. */
    private static final Map<String, String> REFUSED = Map.of("loss_dice", "'dice'", "loss_tversky", "'Tversky'");

    private static ExecutorService executor;

    @BeforeAll
    static void start() {
        executor = Executors.newFixedThreadPool(2);
    }

    @AfterAll
    static void stop() {
        executor.shutdownNow();
    }

    @Test
    void manifestAndFoldersAgree() {
        Map<String, Object> manifest =
                GoldenCase.json(GoldenCase.root().resolveSibling("training").resolve("manifest.json"));
        List<GoldenTraining> all = GoldenTraining.all();
        assertThat(all).extracting(GoldenTraining::name).containsAll(REFUSED.keySet());
        assertThat(all.stream().filter(GoldenTraining::isFit).count()).isEqualTo(manifest.get("fits"));
        assertThat(all.stream().filter(golden -> !golden.isFit()).count()).isEqualTo(manifest.get("trainings"));
    }

    @TestFactory
    Stream<DynamicTest> trainsAsKerasDoes() {
        return GoldenTraining.all().stream()
                .filter(golden -> !golden.isFit())
                .map(golden -> dynamicTest(golden.toString(), () -> check(golden)));
    }

    private static void check(GoldenTraining golden) {
        if (REFUSED.containsKey(golden.name())) {
            assertThatThrownBy(() -> run(golden, KernelSelection.simd(), 1))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining(REFUSED.get(golden.name()));
            return;
        }
        Run simd = run(golden, KernelSelection.simd(), 1);
        Map<String, List<Double>> expected = golden.logs("logs.json");
        assertThat(simd.logs.keySet()).isEqualTo(expected.keySet());
        int steps = simd.steps;
        expected.forEach((name, values) -> {
            for (int step = 0; step < steps; step++) {
                double tolerance = step < 10 ? FIRST_STEPS : tolerance(golden, name);
                assertClose(
                        name + " of step " + (step + 1), simd.logs.get(name).get(step), values.get(step), tolerance);
            }
        });
        if (golden.has("weights-10.npz")) {
            assertWeights("after 10 steps: ", simd.weights.get(10), golden.arrays("weights-10.npz"), FIRST_STEPS);
        }
        if (golden.has("weights-100.npz")) {
            assertWeights(
                    "after 100 steps: ",
                    simd.weights.get(100),
                    golden.arrays("weights-100.npz"),
                    tolerance(golden, "weights"));
        }
        if (golden.has("optimizer-100.npz")) {
            OptimizerStates.assertClose(
                    "after 100 steps",
                    simd.optimizer,
                    golden.arrays("optimizer-100.npz"),
                    tolerance(golden, "optimizer"));
        }
        Run scalar = run(golden, KernelSelection.scalar(), 3);
        assertThat(scalar.optimizer).as("scalar kernels, three threads").isEqualTo(simd.optimizer);
        assertThat(scalar.logs).as("scalar kernels, three threads").isEqualTo(simd.logs);
        scalar.weights.forEach(
                (step, weights) -> simd.model.graph().layers().forEach(layer -> assertThat(weights.of(layer))
                        .as("scalar kernels, three threads: " + layer)
                        .isEqualTo(simd.weights.get(step).of(layer))));
    }

    private static double tolerance(GoldenTraining golden, String what) {
        double difference = golden.difference(100, what);
        return Double.isNaN(difference) ? HUNDRED_STEPS : Math.max(HUNDRED_STEPS, 3 * difference);
    }

    private static void assertWeights(String when, Weights got, Map<String, Tensor> expected, double tolerance) {
        expected.forEach((path, tensor) -> {
            int slash = path.indexOf('/');
            FloatTensor weight = got.get(path.substring(0, slash), path.substring(slash + 1));
            assertThat(weight.shape()).isEqualTo(tensor.shape());
            for (int i = 0; i < weight.size(); i++) {
                assertClose(when + path + "[" + i + "]", weight.get(i), ((FloatTensor) tensor).get(i), tolerance);
            }
        });
    }

    private static void assertClose(String what, double got, double want, double tolerance) {
        boolean close = Double.compare(got, want) == 0 || Math.abs(got - want) <= tolerance * (1 + Math.abs(want));
        if (!close) {
            Assertions.fail(what + ": got " + got + ", Keras has " + want + ", off by " + Math.abs(got - want));
        }
    }

    /** What a training gave. */
    private static final class Run implements Callback {
        final Model model;
        final Map<String, List<Double>> logs = new HashMap<>();
        final Map<Integer, Weights> weights = new HashMap<>();
        List<OptimizerVariable> optimizer = List.of();
        int steps;

        Run(Model model) {
            this.model = model;
        }

        void log(Logs values) {
            for (int i = 0; i < values.size(); i++) {
                logs.computeIfAbsent(values.name(i), name -> new ArrayList<>()).add(values.value(i));
            }
        }

        @Override
        public void batchEnd(TrainingRun run, int batch, Logs values) {
            steps++;
            if (steps == 10 || steps == 100) {
                weights.put(steps, run.weights());
                optimizer = OptimizerStates.of(run.model());
            }
        }
    }

    private static Run run(GoldenTraining golden, KernelSelection kernels, int threads) {
        Model model = golden.model();
        Run result = new Run(model);
        Map<String, List<Double>> expected = golden.logs("logs.json");
        int steps = expected.get("loss").size();
        Trainer trainer = Trainer.of(model)
                .kernels(kernels)
                .parallel(executor, threads)
                .callback(result)
                .onBatch((epoch, batch, values) -> result.log(values))
                .callback(stopAfter(steps));
        if (!golden.classWeights().isEmpty()) {
            trainer.classWeights(golden.classWeights());
        }
        trainer.fit(
                golden.data(model, "data.npz"),
                FitOption.epochs(steps),
                FitOption.batchSize(golden.batchSize()),
                FitOption.shuffle(false));
        return result;
    }

    private static Callback stopAfter(int steps) {
        return new Callback() {
            private int seen;

            @Override
            public void batchEnd(TrainingRun run, int batch, Logs logs) {
                seen++;
                if (seen == steps) {
                    run.stop();
                }
            }
        };
    }
}
