package dev.rekur.training.optimizer;

import static dev.rekur.training.OptimizerVectors.floats;
import static dev.rekur.training.OptimizerVectors.list;
import static dev.rekur.training.OptimizerVectors.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.OptimizerVectors;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.constraint.Constraints;
import dev.rekur.training.optimizer.schedule.Schedule;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer and every option against real Keras: weights, learning rates, and what is kept, step by step. */
class KerasOptimizersTest {
    private static final Map<String, Object> VECTORS =
            OptimizerVectors.read(KerasOptimizersTest.class, "optimizers.json");
    private static final int STEPS = 12;

    private final List<Problem> problems = new ArrayList<>();

    static Stream<Case> cases() {
        return list(VECTORS.get("cases")).stream()
                .map(OptimizerVectors::object)
                .map(json -> new Case((String) json.get("name"), json));
    }

    record Case(String name, Map<String, Object> json) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Optimizer optimizer(Case vectors) {
        Optimizer optimizer = Optimizers.fromConfig(
                        vectors.json().get("optimizer"), "$.optimizer", KerasVersion.NEWEST, problems)
                .orElseThrow();
        assertThat(problems).isEmpty();
        return optimizer;
    }

    private static List<Variable> variables() {
        return list(VECTORS.get("variables")).stream()
                .map(OptimizerVectors::object)
                .map(json -> {
                    Shape shape = OptimizerVectors.shape(json.get("shape"));
                    WeightSpec spec = new WeightSpec("", (String) json.get("name"), shape, true);
                    return new Variable("layer", spec, true, FloatTensor.wrap(shape, floats(json.get("values"))));
                })
                .toList();
    }

    private static float[][] gradients(int step) {
        return list(list(VECTORS.get("gradients")).get(step - 1)).stream()
                .map(OptimizerVectors::floats)
                .toArray(float[][]::new);
    }

    private List<Constraint> constraints(Case vectors) {
        LayerConfig.Origin origin = new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.NEWEST, problems);
        List<Constraint> constraints = new ArrayList<>();
        for (Object constraint : list(vectors.json().get("constraints"))) {
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("constraint", constraint);
            LayerConfig config = new LayerConfig("layer", "$", layer, origin);
            constraints.add(Constraints.read(config, "constraint").orElse(null));
        }
        return constraints;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsRatesAndSlotsAreThoseOfKeras(Case vectors) {
        Map<String, Object> json = vectors.json();
        List<Variable> variables = variables();
        OptimizerState state = optimizer(vectors).start(variables, constraints(vectors));
        float[] rates = floats(json.get("rates"));
        double worst = 0;
        for (int step = 1; step <= STEPS; step++) {
            assertThat(state.learningRate()).isCloseTo(rates[step - 1], within(1e-8f));
            state.apply(gradients(step), Tasks.SERIAL);
            Object kept = object(json.get("weights")).get(String.valueOf(step));
            if (kept != null) {
                worst = Math.max(worst, assertWeights("step " + step, list(kept), variables));
            }
        }
        worst = Math.max(worst, assertState(json, state));
        state.finish();
        worst = Math.max(worst, assertWeights("finished", list(json.get("finished")), variables));
        assertThat(worst).isLessThanOrEqualTo(1);
    }

    private static double assertWeights(String when, List<?> expected, List<Variable> variables) {
        double worst = 0;
        for (int i = 0; i < variables.size(); i++) {
            Variable variable = variables.get(i);
            worst = Math.max(
                    worst,
                    OptimizerVectors.assertAgrees(when + " " + variable, floats(expected.get(i)), variable.values()));
        }
        return worst;
    }

    private static double assertState(Map<String, Object> json, OptimizerState state) {
        List<OptimizerVariable> found = state.variables();
        List<Map<String, Object>> expected =
                list(json.get("slots")).stream().map(OptimizerVectors::object).toList();
        assertThat(found).hasSameSizeAs(expected);
        int counters = state.optimizer().learningRate() instanceof Schedule ? 1 : 2;
        double worst = 0;
        for (int i = 0; i < found.size(); i++) {
            String name = (String) expected.get(i).get("name");
            FloatTensor value = found.get(i).value();
            assertThat(found.get(i).name()).isEqualTo("vars/" + i);
            assertThat(value.shape())
                    .as(name)
                    .isEqualTo(OptimizerVectors.shape(expected.get(i).get("shape")));
            if (i >= counters && !name.startsWith("variable")) {
                assertThat(state.slots().get(i - counters).name()).isEqualTo(name);
            }
            double slack =
                    name.endsWith("_linear") ? lossOfFtrl(found.get(i - 1).value(), json) : 0;
            float[] want = floats(expected.get(i).get("values"));
            worst = Math.max(worst, OptimizerVectors.assertAgrees(name, want, value.toArray(), slack));
        }
        return worst;
    }

    /**
     * TensorFlow's {@code pow} rounds a quarter of all roots one place off, and Ftrl divides differences of roots by the
     * learning rate before it multiplies them with a weight, of at most 2 here.
     */
    private static double lossOfFtrl(FloatTensor accumulator, Map<String, Object> json) {
        double largest = 0;
        for (float sum : accumulator.toArray()) {
            largest = Math.max(largest, Math.ulp((float) Math.sqrt(sum)));
        }
        return STEPS * 2 * largest / floats(json.get("rates"))[0] * 2;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsWrittenIsWhatKerasWrites(Case vectors) {
        Map<String, Object> serialized = object(vectors.json().get("optimizer"));
        Optimizer optimizer = optimizer(vectors);
        assertThat(numbers(optimizer.serialized())).isEqualTo(numbers(serialized));
        assertThat(List.copyOf(optimizer.config().keySet()))
                .isEqualTo(List.copyOf(object(serialized.get("config")).keySet()));
        assertThat(Optimizers.fromConfig(optimizer.serialized(), "$", KerasVersion.NEWEST, problems))
                .contains(optimizer);
    }

    private static Object numbers(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> same = new LinkedHashMap<>();
            map.forEach((key, element) -> same.put(key, numbers(element)));
            return same;
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(KerasOptimizersTest::numbers).toList();
        }
        // Keras refuses whole numbers where it wants floats, so they must not be confused
        return value instanceof Integer whole ? (Object) whole.longValue() : value;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRestoredStateGoesOnBitForBit(Case vectors) {
        List<Variable> through = variables();
        OptimizerState one = optimizer(vectors).start(through, constraints(vectors));
        List<Variable> second = List.of();
        OptimizerState other = one;
        for (int step = 1; step <= STEPS; step++) {
            one.apply(gradients(step), Tasks.SERIAL);
            if (step == 5) {
                second = through.stream()
                        .map(v -> new Variable(v.layer(), v.spec(), true, v.toTensor()))
                        .toList();
                other = one.optimizer().start(second, constraints(vectors));
                other.restore(one.variables());
            } else if (step > 5) {
                other.apply(gradients(step), Tasks.SERIAL);
            }
        }
        assertThat(second)
                .extracting(Variable::toTensor)
                .isEqualTo(through.stream().map(Variable::toTensor).toList());
        assertThat(other.variables()).isEqualTo(one.variables());
        assertThat(other.iterations()).isEqualTo(STEPS);
    }

    @Test
    void everyOptimizerHasVectors() {
        assertThat(cases().map(vectors ->
                        object(vectors.json().get("optimizer")).get("class_name")))
                .containsAll(Optimizers.names())
                .hasSize(46);
    }
}
