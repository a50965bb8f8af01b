package dev.rekur.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.tensor.Shape;
import dev.rekur.training.loss.TargetAlignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    @ParameterizedTest
    @CsvSource({
        "mse, MeanSquaredError",
        "bce, BinaryCrossentropy",
        "auc, AUC",
        "kl_divergence, KLDivergence",
        "f_beta_score, FBetaScore",
        "top_k_categorical_accuracy, TopKCategoricalAccuracy",
        "log_cosh_error, LogCoshError",
        "root_mean_squared_error, RootMeanSquaredError",
        "SparseCategoricalAccuracy, SparseCategoricalAccuracy",
        "huber, MeanMetricWrapper"
    })
    void textsAreTheNamesInLogs(String identifier, String className) {
        Metric metric = Metrics.named(identifier);
        assertThat(metric.function().className()).isEqualTo(className);
        assertThat(metric.kerasName()).isEqualTo(identifier);
        assertThat(metric.serialized()).isEqualTo(identifier);
    }

    @Test
    void objectsHaveTheirOwnNames() {
        assertThat(Metrics.named("AUC", Map.of("name", "area")).kerasName()).isEqualTo("area");
        assertThat(Metrics.named("LogCoshError", Map.of()).kerasName()).isEqualTo("logcosh");
        assertThat(Metrics.named("FBetaScore", Map.of()).kerasName()).isEqualTo("fbeta_score");
        assertThat(Metrics.named("Precision", Map.of()).kerasName()).isEqualTo("precision");
    }

    @Test
    void accuracyIsDecidedByShapesAndKeepsItsName() {
        Metric metric = Metrics.named("acc");
        assertThat(decided(metric, Shape.of(-1), Shape.of(-1, 1))).isEqualTo("BinaryAccuracy");
        assertThat(decided(metric, Shape.of(-1), Shape.of(-1, 4))).isEqualTo("SparseCategoricalAccuracy");
        assertThat(decided(metric, Shape.of(-1, 4), Shape.of(-1, 4))).isEqualTo("CategoricalAccuracy");
        assertThat(decided(metric, Shape.of(-1, 7), Shape.of(-1, 7, 4))).isEqualTo("SparseCategoricalAccuracy");
        assertThat(decided(Metrics.named("ce"), Shape.of(-1), Shape.of(-1, 4)))
                .isEqualTo("SparseCategoricalCrossentropy");
        TargetAlignment alignment = TargetAlignment.of("o", Shape.of(-1), Shape.of(-1, 4));
        assertThat(metric.resolve(alignment).kerasName()).isEqualTo("acc");
        assertThat(metric.resolve(alignment).serialized()).isEqualTo("acc");
    }

    @Test
    void functionsWrappedByKeras2AreReadAsTheMetricsTheyAre() {
        Metric wrapped = Metrics.named(
                "MeanMetricWrapper",
                Map.of("name", "accuracy", "dtype", "float32", "fn", "sparse_categorical_accuracy"));
        assertThat(wrapped.kerasName()).isEqualTo("accuracy");
        assertThat(wrapped.function().className()).isEqualTo("SparseCategoricalAccuracy");
        Metric binary =
                Metrics.named("MeanMetricWrapper", Map.of("name", "b", "fn", "binary_accuracy", "threshold", 0.25));
        assertThat(binary.function().parameters()).containsEntry("threshold", 0.25);
    }

    @Test
    void whatRekurLacksIsRefusedByNameWithWhatThereIs() {
        assertThatThrownBy(() -> Metrics.named("mean_io_u"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("metric 'mean_io_u'")
                .hasMessageContaining("SparseCategoricalAccuracy");
        assertThat(problems("AUC", Map.of("curve", "PRGAIN"))).contains("PRGAIN");
        assertThat(problems("Precision", Map.of("thresholds", List.of(0.5, 1.5))))
                .contains("1.5");
        assertThat(problems("F1Score", Map.of("average", "median"))).contains("median");
        assertThat(problems("Recall", Map.of("novel", 1))).contains("'novel'");
        assertThat(problems("Mean", Map.of())).contains("not supported");
    }

    @Test
    void targetsThatDoNotFitAMetricAreRefused() {
        TargetAlignment labels = TargetAlignment.of("o", Shape.of(-1), Shape.of(-1, 4));
        assertThatThrownBy(() -> Metrics.named("auc").check("output 'a'", labels))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("output 'a', metric 'auc' (AUC): expected targets of 4 values, found 1");
        TargetAlignment steps = TargetAlignment.of("o", Shape.of(-1, 3, 4), Shape.of(-1, 3, 4));
        assertThatThrownBy(() -> Metrics.named("F1Score").check("o", steps)).hasMessageContaining("3 steps");
        Metrics.named("auc").check("o", steps);
    }

    @Test
    void metricsThatHaveSeenNothingAreZero() {
        for (String name : Metrics.namesWithDefaults()) {
            Metric metric = Metrics.named(name).resolve(TargetAlignment.of("o", Shape.of(-1), Shape.of(-1, 4)));
            assertThat(metric.newState().result()).as(name).isZero();
        }
    }

    @Test
    void runningMeansWeighTheirValuesAndCanBeTakenUpAgain() {
        RunningMean mean = new RunningMean();
        assertThat(mean.result()).isZero();
        mean.add(2, 64);
        mean.add(5, 32);
        assertThat(mean.result()).isEqualTo(3);
        RunningMean other = new RunningMean();
        other.restore(mean.total(), mean.count());
        assertThat(other.result()).isEqualTo(3);
        mean.reset();
        assertThat(mean.result()).isZero();
    }

    private static String decided(Metric metric, Shape target, Shape prediction) {
        return metric.resolve(TargetAlignment.of("o", target, prediction))
                .function()
                .className();
    }

    private static String problems(String className, Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        Metrics.fromConfig("$", Map.of("class_name", className, "config", config), problems);
        assertThat(problems).hasSize(1);
        return problems.get(0).finding();
    }
}
