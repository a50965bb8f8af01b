package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.TextLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers are told when their data does not fit. */
class InputErrorsTest {
    private final Model tokens = LessonModels.STACKED.onTokens();
    private final Model floats = LessonModels.STACKED.onFloats();

    private static void refuses(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).satisfies(refusal -> {
            for (String word : words) {
                assertThat(refusal).hasMessageContaining(word);
            }
        });
    }

    @Test
    void aWrongRankIsRefusedWithBothShapes() {
        refuses(() -> tokens.predict(Tensor.of(new int[] {1, 2}, 2)), "input 'layer_0'", "[None, None]", "[2]");
        refuses(() -> floats.predict(Tensor.of(new float[16], 1, 16)), "[None, None, 16]", "[1, 16]");
        refuses(() -> floats.predict(Tensor.of(new float[0], new int[] {0})), "[None, None, 16]", "[0]");
    }

    @Test
    void aWrongDimensionIsRefusedWithBothShapes() {
        refuses(() -> floats.predict(Tensor.of(new float[30], 1, 2, 15)), "[None, None, 16]", "[1, 2, 15]");
    }

    @Test
    void aWrongNumberOfInputsIsRefusedWithTheirNames() {
        Tensor one = Tensor.of(new int[] {1}, 1, 1);
        refuses(() -> tokens.predict(List.of(one, one)), "expected 1 inputs [layer_0]", "found 2");
        refuses(() -> tokens.predict(List.of()), "expected 1 inputs", "found 0");
    }

    @Test
    void inputsOfUnequalBatchesAreRefused() {
        GraphScript script = new GraphScript(1);
        Value first = script.input(ValueKind.FLOAT, 2);
        Value second = script.input(ValueKind.FLOAT, 2);
        Model model = script.model(script.call(new Add(), first, second));
        refuses(
                () -> model.predict(List.of(Tensor.of(new float[4], 2, 2), Tensor.of(new float[6], 3, 2))),
                "'layer_1' has 3 rows",
                "'layer_0' has 2");
    }

    @Test
    void inputsThatTheGraphCannotBringTogetherAreRefusedWithTheLayer() {
        GraphScript script = new GraphScript(1);
        Value first = script.input(ValueKind.FLOAT, -1, 2);
        Value second = script.input(ValueKind.FLOAT, -1, 2);
        Model model = script.model(script.call(new Add(), first, second));
        refuses(
                () -> model.predict(List.of(Tensor.of(new float[4], 1, 2, 2), Tensor.of(new float[6], 1, 3, 2))),
                "layer 'layer_2' (Add)",
                "[None, 2, 2]",
                "[None, 3, 2]");
    }

    @Test
    void textForNumbersIsRefused() {
        refuses(() -> tokens.predict(Tensor.of("good", "bad")), "expected numbers", "found texts");
        refuses(() -> floats.predict(Tensor.of("good")), "expected numbers", "found texts");
    }

    @Test
    void severalOutputsCannotBePredictedAsOne() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 2);
        Model model = script.model(input, script.call(new Dense(2, Activation.TANH, true), input));
        refuses(() -> model.predict(Tensor.of(new float[2], 1, 2)), "2 outputs");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenOutsideTheVocabularyIsRefusedWithItsPlaceInAnyTile(LessonModels lesson) {
        Model model = lesson.onTokens();
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Predictor serial = Predictor.of(model).build();
            Predictor parallel = Predictor.of(model).parallel(executor, 4).build();
            for (int row : new int[] {0, 15, 16, 17, 49}) {
                int[] ids = new int[50 * 6];
                ids[row * 6 + 4] = LessonModels.VOCABULARY;
                Tensor batch = Tensor.of(ids, 50, 6);
                String[] words = {"from 0 to 39", "found 40", "row " + row + ", position 4"};
                refuses(() -> serial.predict(batch), words);
                refuses(() -> parallel.predict(batch), words);
                refuses(() -> serial.predict(ids, 50, new float[50 * LessonModels.CLASSES]), words);
                ids[row * 6 + 4] = -7;
                refuses(() -> serial.predict(Tensor.of(ids, 50, 6)), "found -7", "row " + row + ", position 4");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aRefusalLeavesThePredictorUsable() {
        Tensor good = Tensor.of(new int[] {1, 2, 3}, 1, 3);
        Tensor expected = tokens.predict(good);
        refuses(() -> tokens.predict(Tensor.of(new int[] {1, 2, 99}, 1, 3)), "99");
        assertThat(tokens.predict(good)).isEqualTo(expected);
    }

    @Test
    void ofSeveralBadRowsTheFirstIsReportedAlsoInParallel() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Predictor parallel = Predictor.of(tokens).parallel(executor, 4).build();
            int[] ids = new int[100];
            ids[3] = 1000;
            ids[60] = 2000;
            ids[99] = 3000;
            for (int i = 0; i < 50; i++) {
                refuses(() -> parallel.predict(Tensor.of(ids, 100, 1)), "1000", "row 3,");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void floatsThatAreWholeAreTokensAndOthersAreRefusedWithTheirPlace() {
        assertThat(tokens.predict(Tensor.of(new float[] {1, 2, 3}, 1, 3)))
                .isEqualTo(tokens.predict(Tensor.of(new int[] {1, 2, 3}, 1, 3)));
        float[] ids = new float[20 * 3];
        ids[17 * 3 + 2] = 1.5f;
        refuses(() -> tokens.predict(Tensor.of(ids, 20, 3)), "input 'layer_0'", "1.5", "row 17, position 2");
        ids[17 * 3 + 2] = Float.NaN;
        refuses(() -> tokens.predict(Tensor.of(ids, 20, 3)), "NaN", "row 17, position 2");
        ids[17 * 3 + 2] = 3e9f;
        refuses(() -> tokens.predict(Tensor.of(ids, 20, 3)), "row 17, position 2");
    }

    @Test
    void integersFeedFloatInputs() {
        Tensor whole = Tensor.of(new float[32], 1, 2, 16);
        assertThat(floats.predict(Tensor.of(new int[32], 1, 2, 16))).isEqualTo(floats.predict(whole));
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        Predictor predictor = tokens.predictor();
        float[] out = new float[LessonModels.CLASSES];
        refuses(() -> predictor.predict(new int[] {1, 2, 3}, 2, out), "3 values in 2 rows");
        refuses(() -> predictor.predict(new int[] {1, 2}, 0, out), "at least one row");
        refuses(() -> predictor.predict(new int[] {1, 2}, 2, out), "2 times 5", "found 5");
        refuses(() -> predictor.predict(new float[] {1, 2}, 1, out), "does not take floats");
        refuses(() -> floats.predictor().predict(new int[16], 1, out), "does not take token ids");
        refuses(() -> floats.predictor().predict(new float[15], 1, out), "15 values", "[None, None, 16]");
    }

    @Test
    void arraysCannotFeedAModelOfTexts() {
        GraphScript script = new GraphScript(1);
        TextLayer lengths = new TextLengths();
        Model model = script.model(script.call(lengths, script.input(ValueKind.TEXT, 1)));
        refuses(() -> model.predictor().predict(new int[] {1}, 1, new float[1]), "does not take token ids");
        refuses(() -> model.predictor().predict(new float[] {1}, 1, new float[1]), "does not take floats");
        refuses(() -> model.predict(Tensor.of(new float[] {1}, 1, 1)), "expected texts", "found numbers");
        assertThat(model.predict(Tensor.of("one", "three"))).isEqualTo(Tensor.of(new int[] {3, 5}, 2, 1));
    }

    /** A text layer that gives the length of each text. */
    private record TextLengths() implements TextLayer {
        @Override
        public String className() {
            return "TextLengths";
        }

        @Override
        public List<Shape> outputShapes(List<Shape> inputs) {
            return inputs;
        }

        @Override
        public ValueKind outputKind(int output, List<ValueKind> inputs) {
            return ValueKind.INT;
        }

        @Override
        public Tensor transform(String layerName, TextTensor texts) {
            int[] lengths = new int[texts.size()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = texts.get(i).length();
            }
            return Tensor.of(lengths, texts.shape().dimensions());
        }
    }

    @Test
    void arraysCannotFeedAModelOfSeveralInputs() {
        GraphScript script = new GraphScript(1);
        Value first = script.input(ValueKind.FLOAT, 2);
        Model model = script.model(script.call(new Add(), first, script.input(ValueKind.FLOAT, 2)));
        refuses(() -> model.predictor().predict(new float[2], 1, new float[2]), "layer_0", "layer_1", "one of each");
    }

    @Test
    void fewerThanOneThreadIsRefused() {
        refuses(() -> Predictor.of(tokens).parallel(Runnable::run, 0), "at least one thread");
    }

    @Test
    void aSessionKeepsToTheBatchOfItsFirstCall() {
        Session session = stateful(Shape.UNKNOWN).predictor().session();
        session.predict(List.of(Tensor.of(new float[6], 2, 3, 1)));
        refuses(() -> session.predict(List.of(Tensor.of(new float[9], 3, 3, 1))), "expected 2 rows", "found 3");
    }

    @Test
    void aSessionKeepsToTheBatchThatTheFileFixes() {
        Session session = stateful(2).predictor().session();
        refuses(() -> session.predict(List.of(Tensor.of(new float[9], 3, 3, 1))), "expected 2 rows", "found 3");
        assertThat(session.predict(List.of(Tensor.of(new float[6], 2, 3, 1)))).hasSize(1);
    }

    static Model stateful(int batch) {
        GraphScript script = new GraphScript(1);
        Value input = script.input(new InputLayer(Shape.of(batch, Shape.UNKNOWN, 1), ValueKind.FLOAT));
        RecurrentOptions stateful = new RecurrentOptions(true, false, false, true, false);
        return script.model(script.call(new SimpleRnn(3, Activation.TANH, true, stateful), input));
    }
}
