package dev.rekur.training.constraint;

import static dev.rekur.training.OptimizerVectors.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.Shape;
import dev.rekur.training.OptimizerVectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Constraints against real Keras. */
class ConstraintTest {
    private final List<Problem> problems = new ArrayList<>();

    static Stream<Map<String, Object>> cases() {
        return OptimizerVectors.cases(ConstraintTest.class, "constraints.json");
    }

    private Optional<Constraint> read(Object serialized) {
        Map<String, Object> layer = new HashMap<>();
        layer.put("kernel_constraint", serialized);
        LayerConfig.Origin origin = new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.NEWEST, problems);
        return Constraints.read(new LayerConfig("layer 'dense'", "$", layer, origin), "kernel_constraint");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsBecomeWhatKerasMakesOfThem(Map<String, Object> vectors) {
        Constraint constraint = read(vectors.get("constraint")).orElseThrow();
        assertThat(problems).isEmpty();
        Map<String, Object> before = object(vectors.get("before"));
        Shape shape = OptimizerVectors.shape(before.get("shape"));
        float[] expected = OptimizerVectors.floats(vectors.get("after"));
        float[] values = OptimizerVectors.floats(before.get("values"));
        constraint.apply(values, shape);
        OptimizerVectors.assertAgrees(constraint.toString(), expected, values);

        float[] again = OptimizerVectors.floats(before.get("values"));
        Projection projection = constraint.on(shape);
        projection.apply(again.clone());
        projection.apply(again);
        assertThat(again).isEqualTo(values);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsWrittenIsWhatKerasWrites(Map<String, Object> vectors) {
        Map<String, Object> serialized = object(vectors.get("constraint"));
        Constraint constraint = read(serialized).orElseThrow();
        assertThat(numbers(constraint.serialized())).isEqualTo(numbers(serialized));
        assertThat(read(constraint.serialized())).contains(constraint);
    }

    private static Map<String, Object> numbers(Map<String, Object> object) {
        Map<String, Object> same = new LinkedHashMap<>(object);
        same.replaceAll((key, value) -> value instanceof Number number ? (Object) number.doubleValue() : value);
        same.computeIfPresent("config", (key, config) -> numbers(object(config)));
        return same;
    }

    @Test
    void namesAloneStandForDefaults() {
        assertThat(read("max_norm")).contains(new MaxNorm(2, NormAxes.FIRST));
        assertThat(read("NonNeg")).contains(new NonNeg());
        assertThat(read("unit_norm")).contains(new UnitNorm(NormAxes.FIRST));
        assertThat(read("MinMaxNorm")).contains(new MinMaxNorm(0, 1, 1, NormAxes.FIRST));
        assertThat(read(null)).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void whatRekurLacksIsNamed() {
        assertThat(read("radial_constraint")).isEmpty();
        assertThat(read(Map.of("class_name", "Sparse", "config", Map.of()))).isEmpty();
        assertThat(read(Map.of("class_name", "NonNeg", "config", Map.of(), "registered_name", "mine>NonNeg")))
                .isEmpty();
        read(Map.of("class_name", "MaxNorm", "config", Map.of("power", 1)));
        assertThat(problems)
                .extracting(Problem::finding)
                .containsExactly(
                        "constraint 'radial_constraint' is not supported",
                        "constraint 'Sparse' is not supported",
                        "constraint 'mine>NonNeg' is not supported",
                        "unknown configuration key 'power' = 1");
    }

    @Test
    void anAxisThatTheWeightLacksIsAnError() {
        Constraint constraint = new MaxNorm(1, NormAxes.of(2));
        assertThatThrownBy(() -> constraint.on(Shape.of(3, 4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("constraint along axis 2 of a weight of shape [3, 4]: expected an axis from -2 to 1");
    }
}
