package dev.rekur.layer.recurrent;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Room;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Way;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.TrainingRoom;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeDistributedTest extends LayerContract {
    private static final InputMasks MASKED =
            new InputMasks(List.of(Shape.of(Shape.UNKNOWN, 5, 4)), List.of(Shape.of(Shape.UNKNOWN, 5)));

    TimeDistributedTest() {
        super("TimeDistributed");
    }

    @Override
    protected boolean isSmooth(Case contract) {
        return !contract.name().equals("masking"); // a vector that is just not masked jumps
    }

    private static Map<String, Object> layerObject(String className, Map<String, Object> config) {
        return Map.of("class_name", className, "config", config);
    }

    @Test
    void eachStepHasTheBitsOfTheWrappedLayerAlone() {
        Case contract = contractCase("LSTM of sentences");
        Layer inner = ((TimeDistributed) layer(contract)).layer();
        FloatTensor joined = run(contract).floats();
        FloatTensor input = (FloatTensor) contract.inputs().get(0).tensor();
        Map<String, FloatTensor> weights = new HashMap<>();
        contract.weights().forEach((path, weight) -> weights.put(path.replace("layer/", ""), weight));
        int rows = input.shape().dimension(0) * input.shape().dimension(1);
        FloatTensor sentences =
                input.reshape(rows, input.shape().dimension(2), input.shape().dimension(3));
        FloatTensor alone =
                Room.of(inner, weights, sentences.shape().withBatch(-1)).run(sentences);
        assertSameBits("steps", alone, joined.reshape(alone.shape().dimensions()));
    }

    @Test
    void inKeras3AMaskPassesWhateverTheLayerMakesOfIt() {
        for (Layer layer : List.of(new Dense(3, Activation.LINEAR, true), new Embedding(3, 2, true), new Masking(0f))) {
            assertThat(new TimeDistributed(layer, true).outputMask(0, MASKED)).isEqualTo(new OutputMask.OfInput(0));
        }
    }

    @Test
    void inKeras2WhatTheLayerMakesOfAMaskGoesOn() {
        assertThat(mask(new Dropout(0.5))).isEqualTo(new OutputMask.OfInput(0));
        assertThat(mask(new Embedding(3, 2, true))).isEqualTo(new OutputMask.Computed(Shape.of(Shape.UNKNOWN, 5, 4)));
        assertThat(mask(new Embedding(3, 2, false))).isEqualTo(new OutputMask.AnyOfStep(0));
        assertThat(mask(new Masking(0f))).isEqualTo(new OutputMask.Computed(Shape.of(Shape.UNKNOWN, 5)));
    }

    private static OutputMask mask(Layer layer) {
        return new TimeDistributed(layer, false).outputMask(0, MASKED);
    }

    @Test
    void inKeras2AWrappedMaskingFindsItsSteps() {
        Room room = Room.of(new TimeDistributed(new Masking(0f), false), Map.of(), Shape.of(Shape.UNKNOWN, 2, 3));
        Room.Result result =
                room.run(List.of(FloatTensor.wrap(Shape.of(1, 2, 3), new float[] {0, 1, 0, 0, 0, 0})), List.of());
        assertThat(result.masks().get(0)).isEqualTo(IntTensor.wrap(Shape.of(1, 2), new int[] {1, 0}));
    }

    @Test
    void eachStepDrawsNoiseOfItsOwnAlsoWhereRowsShareIt() {
        Shape shape = Shape.of(4, 30, 20);
        float[] ones = new float[shape.size()];
        Arrays.fill(ones, 1f);
        FloatTensor tensor = FloatTensor.wrap(shape, ones);
        Fed fed = Fed.of(tensor, tensor);
        FloatTensor each = train(new TimeDistributed(new Dropout(0.5), true), fed);
        assertThat(agreeing(each, 20)).isBetween(0.45, 0.55);
        assertThat(agreeing(each, 600)).isBetween(0.45, 0.55);
        FloatTensor shared = train(new TimeDistributed(new Dropout(0.5, List.of(1, 20)), true), fed);
        assertThat(agreeing(shared, 20)).isBetween(0.4, 0.6);
        assertThat(agreeing(shared, 600)).as("rows").isEqualTo(1);
        FloatTensor keras2 = train(new TimeDistributed(new Dropout(0.5, List.of(1, 20)), false), fed);
        assertThat(agreeing(keras2, 20)).as("steps").isEqualTo(1);
    }

    private static FloatTensor train(Layer layer, Fed fed) {
        return TrainingRoom.of(layer, fed, 3).run(fed, Way.whole(4)).output();
    }

    /** The fraction of elements that are as those so many places further on. */
    private static double agreeing(FloatTensor tensor, int distance) {
        int same = 0;
        for (int i = 0; i + distance < tensor.size(); i++) {
            same += tensor.get(i) == tensor.get(i + distance) ? 1 : 0;
        }
        return (double) same / (tensor.size() - distance);
    }

    @Test
    void inKeras2ABatchNormalizationTakesAllStepsForOneBatch() {
        Shape shape = Shape.of(2, 3, 1);
        FloatTensor input = FloatTensor.wrap(shape, new float[] {1, 2, 3, 4, 5, 9});
        Fed fed = Fed.of(input, input);
        BatchNormalization layer = new BatchNormalization(-1, 0f, 0.5, false, false);
        Map<String, FloatTensor> before = new LinkedHashMap<>();
        before.put("layer/moving_mean", FloatTensor.wrap(Shape.of(1), new float[] {0}));
        before.put("layer/moving_variance", FloatTensor.wrap(Shape.of(1), new float[] {1}));
        assertThat(movingMean(new TimeDistributed(layer, false), fed, before)).isEqualTo(2f); // half of 24 / 6
        assertThat(movingMean(new TimeDistributed(layer, true), fed, before))
                .isEqualTo(((2.5f / 2 + 3.5f) / 2 + 6f) / 2); // of 2.5, 3.5 and 6, one after the other
    }

    private static float movingMean(Layer layer, Fed fed, Map<String, FloatTensor> weights) {
        TrainingRoom room = TrainingRoom.of(layer, weights, fed, 3);
        return room.run(fed, Way.whole(2)).weights().get("layer/moving_mean").get(0);
    }

    @Test
    void tokensAreLookedUpAtEachStep() {
        TimeDistributed layer = new TimeDistributed(new Embedding(3, 2, false), true);
        assertThat(layer.vocabularySize(0)).isEqualTo(3);
        assertThat(layer.takes(0, ValueKind.INT)).isTrue();
        assertThat(new TimeDistributed(new Masking(0f), true).takes(0, ValueKind.INT))
                .isFalse();
    }

    @Test
    void aSequenceWithoutStepsHasNone() {
        FloatTensor output = Room.of(
                        new TimeDistributed(new Masking(0f), true), Map.of(), Shape.of(Shape.UNKNOWN, 0, 3))
                .run(FloatTensor.wrap(Shape.of(2, 0, 3), new float[0]));
        assertThat(output.shape()).isEqualTo(Shape.of(2, 0, 3));
    }

    @Test
    void inputsWithoutTimeAreRefused() {
        assertThatThrownBy(() -> read(minimalWith("name", "it")).outputShapes(List.of(Shape.of(-1, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[batch, time, ...]")
                .hasMessageContaining("[None, 4]");
    }

    @Test
    void whatDoesNotFitTheWrappedLayerIsSaidOfIt() {
        Map<String, Object> config = minimalWith("layer", layerObject("LSTM", Map.of("units", 3)));
        assertThatThrownBy(() -> read(config).outputShapes(List.of(Shape.of(-1, 5, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("the wrapped LSTM, at each step: expected an input [batch, time, features]");
    }

    @Test
    void layersThatCannotBeWrappedAreProblemsThatSayWhy() {
        assertThat(problem("Add", Map.of())).contains("'layer' is a Add").contains("several inputs");
        assertThat(problem("LSTM", Map.of("units", 3, "stateful", true))).contains("is stateful");
        assertThat(problem("GRU", Map.of("units", 3, "return_state", true))).contains("several outputs");
        Map<String, Object> unmerged = new HashMap<>();
        unmerged.put("layer", layerObject("LSTM", Map.of("units", 3)));
        unmerged.put("merge_mode", null);
        assertThat(problem("Bidirectional", unmerged)).contains("several outputs");
        assertThat(problem("InputLayer", Map.of("batch_shape", List.of(2, 3)))).contains("computes no numbers");
        assertThat(problem("TextVectorization", Map.of("vocabulary", List.of("a"))))
                .contains("takes texts");
        assertThat(problem("Conv1D", Map.of())).contains("'Conv1D' is not supported");
        assertThat(problem("Sequential", Map.of("layers", List.of()))).contains("a model at each step");
        assertThat(problemsWith("layer", null)).isNotEmpty();
    }

    private String problem(String className, Map<String, Object> config) {
        return problemsWith("layer", layerObject(className, config)).toString();
    }

    @Test
    void aProblemOfTheWrappedLayerNamesIt() {
        String problems = problem("Dense", Map.of("units", 3, "surprise", 1));
        assertThat(problems).contains("> layer").contains("$.it.config.layer.config");
    }
}
