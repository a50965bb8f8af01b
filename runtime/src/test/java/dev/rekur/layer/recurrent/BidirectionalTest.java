package dev.rekur.layer.recurrent;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.Problem;
import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BidirectionalTest extends LayerContract {
    BidirectionalTest() {
        super("Bidirectional");
    }

    private static Map<String, Object> recurrent(String className, int units, boolean sequences) {
        Map<String, Object> config = new HashMap<>(Map.of("units", units, "return_sequences", sequences));
        return new HashMap<>(Map.of("class_name", className, "config", config));
    }

    @Test
    void theBackwardHalfReadsTimeTheOtherWay() {
        Bidirectional layer = (Bidirectional) read(minimalWith("layer", recurrent("GRU", 3, true)));
        assertThat(layer.forwardLayer().options().goBackwards()).isFalse();
        assertThat(layer.backwardLayer().options().goBackwards()).isTrue();
    }

    @Test
    void maskedStepsOfAHalfPutOutZerosExactlyWhenSequencesAreReturnedWhateverTheHalfSays() {
        for (boolean sequences : new boolean[] {true, false}) {
            Map<String, Object> half = recurrent("GRU", 3, sequences);
            LayerConfig.asObject((Map<?, ?>) half.get("config")).put("zero_output_for_mask", !sequences);
            Bidirectional layer = (Bidirectional) read(minimalWith("layer", half));
            assertThat(layer.forwardLayer().options().zeroOutputForMask()).isEqualTo(sequences);
            assertThat(layer.backwardLayer().options().zeroOutputForMask()).isEqualTo(sequences);
        }
    }

    @Test
    void noModeToMergeMeansTwoOutputs() {
        List<Shape> inputs = List.of(Shape.of(-1, -1, 4));
        assertThat(read(minimalWith("merge_mode", null)).outputShapes(inputs)).hasSize(2);
        assertThat(read(minimalWith("merge_mode", "concat")).outputShapes(inputs))
                .hasSize(1);
    }

    @Test
    void statesOfOneHalfAloneAreRefused() {
        Shape sequence = Shape.of(-1, 6, 4);
        Shape state = Shape.of(-1, 3);
        Map<String, Object> gru = recurrent("GRU", 3, true);
        assertThatThrownBy(() -> read(minimalWith("layer", gru)).outputShapes(List.of(sequence, state)))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("both halves, found 1");
        assertThat(read(minimalWith("layer", gru)).outputShapes(List.of(sequence, state, state)))
                .hasSize(1);
    }

    @Test
    void halvesWithDifferentNumbersOfStatesTakeAndGiveTheirOwn() {
        Map<String, Object> gru = recurrent("GRU", 3, true);
        Map<String, Object> lstm = recurrent("LSTM", 3, true);
        LayerConfig.asObject((Map<?, ?>) gru.get("config")).put("return_state", true);
        LayerConfig.asObject((Map<?, ?>) lstm.get("config")).putAll(Map.of("return_state", true, "go_backwards", true));
        Map<String, Object> config = new HashMap<>(minimalWith("layer", gru));
        config.put("backward_layer", lstm);
        Bidirectional layer = (Bidirectional) read(config);
        Shape sequence = Shape.of(-1, 6, 4);
        Shape state = Shape.of(-1, 3);
        Random random = new Random(5);
        Map<String, FloatTensor> weights = new HashMap<>();
        layer.weights(List.of(sequence)).forEach(spec -> weights.put(spec.path(), drawn(random, spec.shape())));
        FloatTensor x = drawn(random, Shape.of(2, 6, 4));
        List<FloatTensor> given =
                Stream.generate(() -> drawn(random, Shape.of(2, 3))).limit(3).toList();

        List<Tensor> joined = Room.of(layer, weights, sequence, state, state, state)
                .run(List.of(x, given.get(0), given.get(1), given.get(2)), List.of())
                .outputs();

        List<Tensor> forward = Room.of(layer.forwardLayer(), within("forward_layer/", weights), sequence, state)
                .run(List.of(x, given.get(0)), List.of())
                .outputs();
        List<Tensor> backward = Room.of(
                        layer.backwardLayer(), within("backward_layer/", weights), sequence, state, state)
                .run(List.of(x, given.get(1), given.get(2)), List.of())
                .outputs();
        assertThat(joined.subList(1, joined.size())).containsExactly(forward.get(1), backward.get(1), backward.get(2));
    }

    private static FloatTensor drawn(Random random, Shape shape) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
    }

    private static Map<String, FloatTensor> within(String owner, Map<String, FloatTensor> weights) {
        Map<String, FloatTensor> within = new HashMap<>();
        weights.forEach((path, weight) -> within.put(path.replace(owner, ""), weight));
        return within;
    }

    @Test
    void maskedStepsPutOutZerosWheneverSequencesAreReturned() {
        FloatTensor output = run(contractCase("simple masked sequences")).floats();
        float[] masked = new float[6];
        output.copyTo((0 * 7 + 5) * 6, masked, 0, 6);
        assertThat(masked).containsOnly(0f);
    }

    @Test
    void eachHalfHasTheBitsOfItsLayerAlone() {
        Case contract = contractCase("lstm sequences");
        Bidirectional layer = (Bidirectional) layer(contract);
        FloatTensor joined = run(contract).floats();
        FloatTensor input = (FloatTensor) contract.inputs().get(0).tensor();
        Map<String, FloatTensor> weights = new HashMap<>();
        contract.weights().forEach((path, weight) -> weights.put(path.replace("forward_layer/", ""), weight));
        FloatTensor forward = Room.of(
                        layer.forwardLayer(), weights, input.shape().withBatch(-1))
                .run(input);
        float[] first = new float[forward.size()];
        for (int step = 0; step < first.length / 3; step++) {
            joined.copyTo(step * 6, first, step * 3, 3);
        }
        assertSameBits("forward half", forward, FloatTensor.wrap(forward.shape(), first));
    }

    @Test
    void aLayerThatDoesNotRecurIsAProblem() {
        Map<String, Object> dense = Map.of("class_name", "Dense", "config", Map.of("units", 3));
        assertThat(problemsWith("layer", dense).toString())
                .contains("'layer' is a Dense")
                .contains("LSTM");
        assertThat(problemsWith("layer", null)).isNotEmpty();
        assertThat(problemsWith("layer", Map.of("class_name", "RNN", "config", Map.of()))
                        .toString())
                .contains("'RNN'");
    }

    @Test
    void aProblemInsideAHalfNamesTheHalf() {
        Map<String, Object> half = recurrent("LSTM", 3, false);
        LayerConfig.asObject((Map<?, ?>) half.get("config")).put("surprise", 1);
        assertThat(problemsWith("layer", half).toString()).contains("> layer").contains("$.it.config.layer.config");
    }

    @Test
    void halvesThatDifferInWhatTheyReturnAreAProblem() {
        Map<String, Object> config = new HashMap<>(minimalWith("layer", recurrent("LSTM", 3, true)));
        config.put("backward_layer", recurrent("LSTM", 3, false));
        List<Problem> problems = new ArrayList<>();
        read(config, problems);
        assertThat(problems.toString()).contains("return_sequences");
    }

    @Test
    void unequalWidthsCanOnlyBeConcatenated() {
        Map<String, Object> config = new HashMap<>(minimalWith("layer", recurrent("LSTM", 3, true)));
        config.put("backward_layer", recurrent("LSTM", 2, true));
        assertThat(read(config).outputShapes(List.of(Shape.of(-1, -1, 4)))).containsExactly(Shape.of(-1, -1, 5));
        for (String mode : Arrays.asList("sum", "mul", "ave")) {
            config.put("merge_mode", mode);
            assertThatThrownBy(() -> read(config).outputShapes(List.of(Shape.of(-1, -1, 4))))
                    .isInstanceOf(ShapeMismatchException.class)
                    .hasMessageContaining("3")
                    .hasMessageContaining("2 units");
        }
    }

    @Test
    void anUnknownModeIsAProblemThatListsTheKnownOnes() {
        assertThat(problemsWith("merge_mode", "max").toString())
                .contains("'max'")
                .contains("concat");
    }
}
