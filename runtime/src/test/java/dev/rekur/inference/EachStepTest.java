package dev.rekur.inference;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans of models with a TimeDistributed in them: masks, tokens, memory. */
class EachStepTest {
    private static final int WORDS = 4;
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);

    private static Layer words() {
        return new Gru(3, Activation.TANH, Activation.SIGMOID, true, true, LAST);
    }

    /** Three sentences of words each, read word by word and then sentence by sentence. */
    private static Model reader(boolean keras3) {
        GraphScript script = new GraphScript(1);
        Value tokens = script.input(ValueKind.INT, Shape.UNKNOWN, WORDS);
        Value embedded = script.call(new Embedding(9, 5, true), tokens);
        Value sentences = script.call(new TimeDistributed(words(), keras3), embedded);
        return script.model(script.call(new SimpleRnn(2, Activation.TANH, true, LAST), sentences));
    }

    private static IntTensor tokens(int rows, int... values) {
        return IntTensor.wrap(Shape.of(rows, values.length / rows / WORDS, WORDS), values);
    }

    @Test
    void inKeras2ASentenceWithoutWordsIsMaskedForTheLayerThatReadsSentences() {
        Model model = reader(false);
        Tensor whole = model.predict(tokens(1, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 5, 0));
        Tensor shorter = model.predict(tokens(1, 1, 2, 0, 0, 3, 4, 5, 0));
        assertSameBits("prediction", shorter, whole);
    }

    @Test
    void inKeras3TheMaskOfWordsGoesOnAndIsRefusedByALayerThatReadsSentences() {
        assertThatThrownBy(() -> reader(true).predict(tokens(1, 1, 2, 0, 0, 3, 4, 5, 0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("layer_3")
                .hasMessageContaining("expected a mask of 2 flags a row, found one of 8");
    }

    @Test
    void aMaskOfSentencesIsRefusedByALayerThatReadsWords() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 3, WORDS, 2);
        Value mask = script.input(ValueKind.FLOAT, 3);
        Model model = script.model(script.call("words", new TimeDistributed(words(), true), mask, input));
        List<Tensor> inputs = List.of(
                FloatTensor.wrap(Shape.of(1, 3, WORDS, 2), new float[24]),
                FloatTensor.wrap(Shape.of(1, 3), new float[3]));
        assertThatThrownBy(() -> model.predict(inputs))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'words' (TimeDistributed)")
                .hasMessageContaining("expected a mask of 4 flags a row, found one of 1");
    }

    @Test
    void aMaskOfAnotherLengthIsRefused() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 3, WORDS, 2);
        Value mask = script.input(ValueKind.FLOAT, 5);
        Model model = script.model(script.call("words", new TimeDistributed(words(), true), mask, input));
        List<Tensor> inputs = List.of(
                FloatTensor.wrap(Shape.of(1, 3, WORDS, 2), new float[24]),
                FloatTensor.wrap(Shape.of(1, 5), new float[5]));
        assertThatThrownBy(() -> model.predict(inputs))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("as many flags for each of 3 steps, found 5");
    }

    @Test
    void aDropoutAtEachStepIsLeftOutUnlessItsCallBringsAMask() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 2, 3);
        Value mask = script.input(ValueKind.FLOAT, 2);
        Layer dropout = new TimeDistributed(new Dropout(0.5), true);
        Value plain = script.call(dropout, input);
        Value masked = script.call("masked", dropout, mask, plain);
        SimpleRnn reader = new SimpleRnn(2, Activation.TANH, true, LAST);
        Model model =
                script.model(script.call("reader", reader, null, plain), script.call("reader", reader, null, masked));
        FloatTensor x = FloatTensor.wrap(Shape.of(1, 2, 3), new float[] {1, 2, 3, 4, 5, 6});
        List<Tensor> all = model.predict(List.of(x, FloatTensor.wrap(Shape.of(1, 2), new float[] {1, 1})));
        assertSameBits("nothing masked", all.get(0), all.get(1));
        List<Tensor> first = model.predict(List.of(x, FloatTensor.wrap(Shape.of(1, 2), new float[] {1, 0})));
        assertThat(first.get(1)).isNotEqualTo(first.get(0));
    }

    @Test
    void aTokenOutsideTheVocabularyIsFoundWhereItStands() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.INT, 3, WORDS);
        Model model = script.model(script.call(new TimeDistributed(new Embedding(9, 5, false), true), input));
        int[] ids = new int[2 * 3 * WORDS];
        ids[12 + 7] = 9;
        assertThatThrownBy(() -> model.predict(IntTensor.wrap(Shape.of(2, 3, WORDS), ids)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("found 9 at row 1, position 7");
    }

    @Test
    void predictingAllocatesNothing() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 3, WORDS, 2);
        Value sentences = script.call(new TimeDistributed(words(), true), input);
        Value dense = script.call(new TimeDistributed(new Dense(2, Activation.SOFTMAX, true), true), sentences);
        Predictor predictor = Predictor.of(script.model(dense)).build();
        float[] x = new float[5 * 24];
        float[] out = new float[5 * 6];
        for (int i = 0; i < 2000; i++) {
            predictor.predict(x, 5, out);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 500; i++) {
            predictor.predict(x, 5, out);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(500); // no call of them allocates
    }
}
