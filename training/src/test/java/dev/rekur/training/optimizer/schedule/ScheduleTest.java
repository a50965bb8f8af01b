package dev.rekur.training.optimizer.schedule;

import static dev.rekur.training.OptimizerVectors.list;
import static dev.rekur.training.OptimizerVectors.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.training.OptimizerVectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning-rate schedules against real Keras. */
class ScheduleTest {
    private final List<Problem> problems = new ArrayList<>();

    static Stream<Map<String, Object>> cases() {
        return OptimizerVectors.cases(ScheduleTest.class, "schedules.json");
    }

    private Optional<Schedule> read(Map<String, Object> serialized) {
        LayerConfig.Origin origin = new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.NEWEST, problems);
        return Schedule.read(new LayerConfig("optimizer", "$", serialized, origin));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepHasTheRateThatKerasGivesIt(Map<String, Object> vectors) {
        Schedule schedule = read(object(vectors.get("schedule"))).orElseThrow();
        assertThat(problems).isEmpty();
        List<?> steps = list(vectors.get("steps"));
        float[] expected = OptimizerVectors.floats(vectors.get("values"));
        for (int i = 0; i < expected.length; i++) {
            float found = schedule.at(((Number) steps.get(i)).longValue());
            assertThat(found).as("step %s", steps.get(i)).isCloseTo(expected[i], within(expected[i]));
        }
    }

    private static Offset<Float> within(float expected) {
        return Assertions.within((float) (1e-7 + 1e-6 * Math.abs(expected)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsWrittenIsWhatKerasWrites(Map<String, Object> vectors) {
        Map<String, Object> serialized = object(vectors.get("schedule"));
        assertThat(written(read(serialized).orElseThrow().serialized())).isEqualTo(written(serialized));
    }

    /** Numbers as they compare; Keras writes a boundary of 3.7 that it reads as 3. */
    private static String written(Object value) {
        return value instanceof Map<?, ?> map
                ? map.entrySet().stream()
                        .map(e -> e.getKey() + "="
                                + (e.getKey().equals("boundaries") ? boundaries(e.getValue()) : written(e.getValue())))
                        .toList()
                        .toString()
                : String.valueOf(value instanceof Number number ? number.doubleValue() : value);
    }

    private static List<Long> boundaries(Object value) {
        return list(value).stream().map(number -> ((Number) number).longValue()).toList();
    }

    @Test
    void unknownSchedulesAndKeysAreProblems() {
        assertThat(read(Map.of("class_name", "Sawtooth", "config", Map.of()))).isEmpty();
        Map<String, Object> custom = new LinkedHashMap<>(new ExponentialDecay(0.1, 10, 0.5).serialized());
        custom.put("registered_name", "mine>ExponentialDecay");
        assertThat(read(custom)).isEmpty();
        Map<String, Object> config = new LinkedHashMap<>(new ExponentialDecay(0.1, 10, 0.5).config());
        config.put("shape", "round");
        read(Map.of("class_name", "ExponentialDecay", "config", config));
        assertThat(problems)
                .extracting(Problem::finding)
                .containsExactly(
                        "learning-rate schedule 'Sawtooth' is not supported",
                        "learning-rate schedule 'mine>ExponentialDecay' is not supported",
                        "unknown configuration key 'shape' = 'round'");
    }

    @Test
    void whatKerasDemandsIsDemanded() {
        read(Map.of("class_name", "CosineDecay", "config", Map.of("initial_learning_rate", 0.1, "decay_steps", 0)));
        read(Map.of("class_name", "InverseTimeDecay", "config", Map.of("decay_steps", 5, "decay_rate", 0.5)));
        read(Map.of(
                "class_name",
                "PiecewiseConstantDecay",
                "config",
                Map.of("boundaries", List.of(1, 2), "values", List.of(1))));
        assertThat(problems)
                .extracting(Problem::finding)
                .containsExactly(
                        "'decay_steps': expected more than 0, found 0.0",
                        "'initial_learning_rate' is missing",
                        "expected 'boundaries' and one of 'values' more, found 2 and 1");
        assertThatThrownBy(() -> new CosineDecay(0.1, 0, 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new PiecewiseConstantDecay(List.of(1L), List.of(0.1)))
                .isInstanceOf(InvalidInputException.class);
    }
}
