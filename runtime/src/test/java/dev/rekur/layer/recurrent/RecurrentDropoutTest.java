package dev.rekur.layer.recurrent;

import static dev.rekur.tensor.Comparison.assertAgrees;
import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.Problem;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.RoomStep.Way;
import dev.rekur.layer.TrainingRoom;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Dropout within recurrent layers. What was silenced in a batch of one row shows in the gradients of kernels: that of row i of a
 * gate's columns is zero where input i of the gate was silenced. With these masks known, {@code (x m) W = x (m W)}: the layer
 * must compute, and pass back, what it does without dropout and with {@code m W} in place of {@code W}.
 */
class RecurrentDropoutTest {
    private static final int TIME = 5;
    private static final int FEATURES = 7;
    private static final int UNITS = 6;
    private static final long SEED = 11;
    private static final int STEPS = 150;
    private static final double SIGMAS = 5;

    /** Layers, and how many masks each kernel sees in a step, with recurrent dropout. */
    enum Kind {
        SIMPLE_RNN(1, Map.of("class_name", "SimpleRNN", "config", Map.of())),
        LSTM(4, Map.of("class_name", "LSTM", "config", Map.of())),
        GRU(3, Map.of("class_name", "GRU", "config", Map.of())),
        GRU_RESET_BEFORE(3, Map.of("class_name", "GRU", "config", Map.of("reset_after", false))),
        LSTM_BACKWARDS(4, Map.of("class_name", "LSTM", "config", Map.of("go_backwards", true))),
        BIDIRECTIONAL(4, Map.of("class_name", "LSTM", "config", Map.of()));

        private final int gates;
        private final Map<String, Object> serialized;

        Kind(int gates, Map<String, Object> serialized) {
            this.gates = gates;
            this.serialized = serialized;
        }

        Layer layer(double dropout, double recurrentDropout) {
            Map<String, Object> config =
                    new LinkedHashMap<>(LayerConfig.asObject((Map<?, ?>) serialized.get("config")));
            config.put("units", UNITS);
            config.put("return_sequences", true);
            config.put("dropout", dropout);
            config.put("recurrent_dropout", recurrentDropout);
            Map<String, Object> object = new LinkedHashMap<>(serialized);
            object.put("config", config);
            if (this == BIDIRECTIONAL) {
                object = Map.of(
                        "class_name", "Bidirectional", "config", Map.of("layer", object, "merge_mode", "concat"));
            }
            List<Problem> problems = new ArrayList<>();
            LayerConfig.Origin origin =
                    new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.NEWEST, problems);
            return StandardLayers.registry()
                    .read("it", "$", object, origin)
                    .orElseThrow()
                    .layer();
        }

        private Map<String, FloatTensor> weights(Layer layer) {
            Map<String, FloatTensor> weights = new LinkedHashMap<>();
            for (WeightSpec spec : layer.weights(List.of(Shape.of(Shape.UNKNOWN, TIME, FEATURES)))) {
                weights.put(spec.path(), random(spec.shape(), 100 + weights.size(), 0.5));
            }
            return weights;
        }

        Result run(Layer layer, Map<String, FloatTensor> weights, int rows, Way way, long seed) {
            int width = layer.outputShapes(List.of(Shape.of(Shape.UNKNOWN, TIME, FEATURES)))
                    .get(0)
                    .last();
            FloatTensor x = random(Shape.of(rows, TIME, FEATURES), 1, 1);
            Fed fed = Fed.of(x, random(Shape.of(rows, TIME, width), 2, 1));
            return TrainingRoom.of(layer, weights, fed, seed).run(fed, way);
        }

        Result runRow(Layer layer, Map<String, FloatTensor> weights, long step) {
            return run(layer, weights, 1, Way.whole(1).atStep(step), SEED);
        }
    }

    private static FloatTensor random(Shape shape, long key, double deviation) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * RandomNumbers.normal(key, i));
        }
        return FloatTensor.wrap(shape, values);
    }

    /** By row of the kernel and gate: whether dropout kept it. */
    private static boolean[][] kept(FloatTensor gradient, int gates) {
        boolean[][] kept = new boolean[gradient.shape().dimension(0)][gates];
        int columns = gradient.shape().last() / gates;
        for (int i = 0; i < gradient.size(); i++) {
            int column = i % gradient.shape().last();
            kept[i / gradient.shape().last()][column / columns] |= gradient.get(i) != 0;
        }
        return kept;
    }

    private static double rate(String path, double dropout, double recurrentDropout) {
        return path.endsWith("recurrent_kernel") ? recurrentDropout : path.endsWith("kernel") ? dropout : 0;
    }

    private static FloatTensor masked(FloatTensor tensor, boolean[][] kept, int gates, double rate) {
        float[] values = tensor.toArray();
        int width = tensor.shape().last();
        for (int i = 0; i < values.length; i++) {
            boolean keeps = kept[i / width][i % width / (width / gates)];
            values[i] = keeps ? (float) (values[i] / (1 - rate)) : 0f;
        }
        return FloatTensor.wrap(tensor.shape(), values);
    }

    private static void assertEqualsTheExplicitComputation(Kind kind, double dropout, double recurrentDropout) {
        Layer layer = kind.layer(dropout, recurrentDropout);
        Map<String, FloatTensor> weights = kind.weights(layer);
        for (int step = 0; step < 10; step++) {
            Result found = kind.runRow(layer, weights, step);
            Map<String, FloatTensor> explicit = new LinkedHashMap<>(weights);
            explicit.replaceAll((path, weight) -> {
                double rate = rate(path, dropout, recurrentDropout);
                boolean[][] kept = kept(found.weightGradients().get(path), rate > 0 ? kind.gates : 1);
                return rate > 0 ? masked(weight, kept, kind.gates, rate) : weight;
            });
            Result expected = kind.runRow(kind.layer(0, 0), explicit, step);
            assertAgrees("output", expected.output(), found.output());
            assertAgrees("input", expected.inputGradient(), found.inputGradient());
            expected.weightGradients().forEach((path, gradient) -> {
                double rate = rate(path, dropout, recurrentDropout);
                FloatTensor own = found.weightGradients().get(path);
                assertAgrees(
                        path, rate > 0 ? masked(gradient, kept(own, kind.gates), kind.gates, rate) : gradient, own);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void dropoutOfTheInputIsTheExplicitlyMaskedComputation(Kind kind) {
        assertEqualsTheExplicitComputation(kind, 0.4, 0);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void dropoutOfTheStateIsTheExplicitlyMaskedComputation(Kind kind) {
        assertEqualsTheExplicitComputation(kind, 0, 0.3);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void dropoutOfBothIsTheExplicitlyMaskedComputation(Kind kind) {
        assertEqualsTheExplicitComputation(kind, 0.3, 0.6);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void silencesTheFractionsItIsToldInEachGate(Kind kind) {
        double dropout = 0.25;
        double recurrentDropout = 0.6;
        Layer layer = kind.layer(dropout, recurrentDropout);
        Map<String, FloatTensor> weights = kind.weights(layer);
        Map<String, int[]> silenced = new LinkedHashMap<>();
        for (int step = 0; step < STEPS; step++) {
            kind.runRow(layer, weights, step).weightGradients().forEach((path, gradient) -> {
                if (path.endsWith("kernel")) {
                    int[] counts = silenced.computeIfAbsent(path, key -> new int[kind.gates]);
                    for (boolean[] row : kept(gradient, kind.gates)) {
                        for (int gate = 0; gate < kind.gates; gate++) {
                            counts[gate] += row[gate] ? 0 : 1;
                        }
                    }
                }
            });
        }
        silenced.forEach((path, counts) -> {
            double rate = rate(path, dropout, recurrentDropout);
            int draws = STEPS * weights.get(path).shape().dimension(0);
            for (int count : counts) {
                assertThat((double) count / draws)
                        .as(path)
                        .isCloseTo(rate, within(SIGMAS * Math.sqrt(rate * (1 - rate) / draws)));
            }
        });
    }

    /** With recurrent dropout Keras computes gate by gate, and draws for each. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "SIMPLE_RNN", mode = EnumSource.Mode.EXCLUDE)
    void gatesDrawForThemselvesWithRecurrentDropoutAndElseTogether(Kind kind) {
        assertThat(differingGates(kind, 0.5)).isBetween(0.3, 0.7);
        assertThat(differingGates(kind, 0)).isZero();
    }

    /** The fraction of inputs that the first two gates do not treat alike. */
    private static double differingGates(Kind kind, double recurrentDropout) {
        Layer layer = kind.layer(0.5, recurrentDropout);
        Map<String, FloatTensor> weights = kind.weights(layer);
        int differing = 0;
        int all = 0;
        for (int step = 0; step < STEPS; step++) {
            for (Map.Entry<String, FloatTensor> entry :
                    kind.runRow(layer, weights, step).weightGradients().entrySet()) {
                if (entry.getKey().endsWith("cell/kernel")) {
                    for (boolean[] row : kept(entry.getValue(), kind.gates)) {
                        differing += row[0] != row[1] ? 1 : 0;
                        all++;
                    }
                }
            }
        }
        return (double) differing / all;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theSameSeedAndStepDrawTheSameAndOthersAnew(Kind kind) {
        Layer layer = kind.layer(0.5, 0.5);
        Map<String, FloatTensor> weights = kind.weights(layer);
        Way way = Way.whole(4);
        FloatTensor first = kind.run(layer, weights, 4, way, SEED).output();
        assertSameBits("output", first, kind.run(layer, weights, 4, way, SEED).output());
        assertThat(kind.run(layer, weights, 4, way.atStep(1), SEED).output()).isNotEqualTo(first);
        assertThat(kind.run(layer, weights, 4, way, SEED + 1).output()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void howRowsAreSharedOutChangesNothing(Kind kind) {
        Layer layer = kind.layer(0.5, 0.5);
        Map<String, FloatTensor> weights = kind.weights(layer);
        Result whole = kind.run(layer, weights, 7, Way.whole(7), SEED);
        for (int share : new int[] {1, 2, 4}) {
            Result parts = kind.run(layer, weights, 7, Way.whole(7).split(share), SEED);
            assertSameBits("output", whole.output(), parts.output());
            assertSameBits("input", whole.inputGradient(), parts.inputGradient());
            whole.weightGradients()
                    .forEach((path, gradient) ->
                            assertAgrees(path, gradient, parts.weightGradients().get(path)));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rowsDrawForThemselves(Kind kind) {
        Layer layer = kind.layer(0.5, 0.5);
        float[] row = random(Shape.of(1, TIME, FEATURES), 5, 1).toArray();
        float[] twice = Arrays.copyOf(row, 2 * row.length);
        System.arraycopy(row, 0, twice, row.length, row.length);
        int width = layer.outputShapes(List.of(Shape.of(Shape.UNKNOWN, TIME, FEATURES)))
                .get(0)
                .last();
        Fed fed = Fed.of(Tensor.of(twice, 2, TIME, FEATURES), random(Shape.of(2, TIME, width), 2, 1));
        float[] output = TrainingRoom.of(layer, kind.weights(layer), fed, SEED)
                .run(fed, Way.whole(2))
                .output()
                .toArray();
        int half = output.length / 2;
        assertThat(Arrays.copyOf(output, half)).isNotEqualTo(Arrays.copyOfRange(output, half, 2 * half));
    }

    @Test
    void aRateOfOneSilencesEverythingInASimpleRnn() {
        Kind kind = Kind.SIMPLE_RNN;
        Result input = kind.runRow(kind.layer(1, 0), kind.weights(kind.layer(1, 0)), 0);
        assertAllZero(input.inputGradient());
        Result state = kind.runRow(kind.layer(0, 1), kind.weights(kind.layer(0, 1)), 0);
        assertAllZero(state.weightGradients().get("cell/recurrent_kernel"));
    }

    private static void assertAllZero(FloatTensor tensor) {
        for (float value : tensor.toArray()) {
            assertThat(Math.abs(value)).isZero();
        }
    }

    /** Keras's LSTMCell and GRUCell drop only where {@code 0 < rate < 1}. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LSTM", "GRU"})
    void aRateOfOneDoesNothingToLayersWithGates(Kind kind) {
        Map<String, FloatTensor> weights = kind.weights(kind.layer(0, 0));
        FloatTensor expected = kind.runRow(kind.layer(0, 0), weights, 0).output();
        assertSameBits(
                "input", expected, kind.runRow(kind.layer(1, 0), weights, 0).output());
        assertSameBits(
                "state", expected, kind.runRow(kind.layer(0, 1), weights, 0).output());
    }
}
