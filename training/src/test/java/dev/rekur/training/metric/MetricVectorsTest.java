package dev.rekur.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.Problem;
import dev.rekur.kernel.Activation;
import dev.rekur.tensor.Shape;
import dev.rekur.training.TrainingVectors;
import dev.rekur.training.loss.TargetAlignment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricVectorsTest {
    private static final double TOLERANCE = 1e-6;

    static List<TrainingVectors> cases() {
        return TrainingVectors.of("metric/metrics.json");
    }

    @Test
    void everyCaseOfTheGeneratorIsThere() {
        assertThat(cases()).hasSize(197);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void resultsAfterEachBatchAreThoseOfKeras(TrainingVectors vectors) {
        Metric metric = read(vectors.get("metric"));
        if (vectors.has("activation")) {
            Activation activation =
                    Activation.named((String) vectors.get("activation"), 3).orElseThrow();
            metric = metric.ofLogits(activation).orElseThrow();
        }
        MetricState state = metric.newState();
        for (int round = 0; round < 2; round++) {
            int seen = 0;
            for (TrainingVectors batch : vectors.parts("updates")) {
                update(metric, state, batch);
                seen += batch.floats("prediction").length;
                assertResult(state, batch, differs(metric) ? seen : 0);
            }
            state.reset();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writingAndReadingGivesTheSameMetric(TrainingVectors vectors) {
        Metric metric = read(vectors.get("metric"));
        assertThat(read(metric.serialized()).serialized()).isEqualTo(metric.serialized());
        assertThat(vectors.toString()).contains("'" + metric.kerasName() + "'");
    }

    private static void update(Metric metric, MetricState state, TrainingVectors batch) {
        Shape shape = batch.shape("prediction_shape");
        int rows = shape.dimension(0);
        TargetAlignment alignment = TargetAlignment.of("output", batch.shape("target_shape"), shape);
        metric.check("output", alignment);
        state.update(
                rows,
                rows * alignment.steps(),
                batch.floats("target"),
                alignment.targetFeatures(),
                batch.floats("prediction"),
                alignment.features(),
                weights(metric, batch));
    }

    /** As the trainer joins weights and mask. */
    private static float @Nullable [] weights(Metric metric, TrainingVectors batch) {
        float[] weights = batch.floatsOrNull("weights");
        boolean[] mask = batch.flagsOrNull("mask");
        if (mask == null || !metric.function().honoursMask()) {
            return weights;
        }
        float[] joined = new float[mask.length];
        for (int v = 0; v < mask.length; v++) {
            joined[v] = !mask[v] ? 0 : weights == null ? 1 : weights[v];
        }
        return joined;
    }

    /** Keras takes negatives as the difference of sums in float32, whose error is that of the sums. */
    private static boolean differs(Metric metric) {
        return metric.function().className().endsWith("Negatives");
    }

    /** @param sums size of what Keras subtracted to get at its result */
    private static void assertResult(MetricState state, TrainingVectors batch, int sums) {
        double[] results = state.results();
        double sum = 0;
        if (batch.get("result") instanceof List<?>) {
            float[] want = batch.floats("result");
            assertThat(results).hasSize(want.length);
            for (int i = 0; i < want.length; i++) {
                assertThat(results[i]).isCloseTo(want[i], within(TOLERANCE * (1 + Math.max(sums, Math.abs(want[i])))));
                sum += results[i];
            }
            assertThat(state.result()).isCloseTo(sum / want.length, within(1e-12));
        } else {
            double want = batch.number("result");
            assertThat(results).hasSize(1);
            assertThat(state.result()).isCloseTo(want, within(TOLERANCE * (1 + Math.max(sums, Math.abs(want)))));
            assertThat(results[0]).isEqualTo(state.result());
        }
    }

    private static Metric read(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Metric metric = Metrics.fromConfig("$", serialized, problems).orElseThrow();
        assertThat(problems).isEmpty();
        return metric;
    }
}
