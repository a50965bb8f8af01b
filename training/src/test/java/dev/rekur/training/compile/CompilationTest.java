package dev.rekur.training.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompilationTest {
    private static final List<String> OUTPUTS = List.of("steps", "last");

    @Test
    void anEmptyListOfMetricsMeansNone() {
        for (String version : List.of("2.3.1", "2.15.0", "3.15.1")) {
            assertThat(metrics(version, List.of())).as(version).containsExactly(List.of(), List.of());
        }
    }

    @Test
    void metricsInAListAreOfEveryOutputInKeras2AndOneForEachInKeras3() {
        assertThat(metrics("2.3.1", List.of("mae"))).containsExactly(List.of("mae"), List.of("mae"));
        assertThat(metrics("2.8.0", List.of("mae", "mse")))
                .containsExactly(List.of("mae", "mse"), List.of("mae", "mse"));
        assertThat(metrics("3.15.1", List.of("mae", "mse"))).containsExactly(List.of("mae"), List.of("mse"));
        assertThat(metrics("2.3.1", List.of(List.of("mae"), List.of()))).containsExactly(List.of("mae"), List.of());
    }

    @Test
    void aFileThatNamesNoOptimizerHasRmspropAsKeras3Takes() {
        assertThat(read("3.15.1", Map.of("loss", "mse")).optimizer().map(Optimizer::className))
                .hasValue("RMSprop");
        assertThat(read("2.3.1", Map.of("loss", "mse")).optimizer()).isEmpty();
        assertThat(read("3.15.1", Map.of()).optimizer()).isEmpty();
    }

    private static List<List<String>> metrics(String version, List<?> metrics) {
        return read(version, Map.of("loss", "mse", "metrics", metrics)).metrics().stream()
                .map(list -> list.stream().map(Metric::kerasName).toList())
                .toList();
    }

    private static Compilation read(String version, Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        Compilation read = Compilation.read(
                Optional.of(new CompileConfiguration(config, List.of(), 3)),
                new CompileSettings(),
                OUTPUTS,
                KerasVersion.parse(version).orElseThrow(),
                problems);
        assertThat(problems).isEmpty();
        return read;
    }
}
