package dev.rekur.inference;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stateful models, which go on from call to call within a session and nowhere else. */
class SessionTest {
    private static final RecurrentOptions STATEFUL = new RecurrentOptions(false, false, false, true, false);
    private static final int ROWS = 40;

    static Stream<Layer> layers() {
        return Stream.of(
                new SimpleRnn(5, Activation.TANH, true, STATEFUL),
                new Lstm(5, Activation.TANH, Activation.SIGMOID, true, STATEFUL),
                new Gru(5, Activation.TANH, Activation.SIGMOID, true, true, STATEFUL));
    }

    private static Model model(Layer layer) {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, -1, 2);
        return script.model(script.call(layer, input));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void callsThatFollowOneAnotherGiveTheBitsOfOneLongCall(Layer layer) {
        Model model = model(layer);
        FloatTensor all = (FloatTensor) RandomGraphs.inputs(model, 1, ROWS, 6).get(0);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Session session = Predictor.of(model).parallel(executor, 3).build().session();
            session.predict(List.of(steps(all, 0, 1)));
            session.predict(List.of(steps(all, 1, 4)));
            assertSameBits(
                    "last",
                    model.predict(all),
                    session.predict(List.of(steps(all, 4, 6))).get(0));
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void sessionsAndCallsWithoutOneKnowNothingOfEachOther(Layer layer) {
        Model model = model(layer);
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, ROWS, 3);
        List<Tensor> fresh = model.predict(inputs);
        Session first = model.predictor().session();
        assertThat(first.predict(inputs)).isEqualTo(fresh);
        assertThat(first.predict(inputs)).isNotEqualTo(fresh);
        assertThat(model.predictor().session().predict(inputs)).isEqualTo(fresh);
        assertThat(model.predict(inputs)).isEqualTo(fresh);
        first.reset();
        assertThat(first.predict(inputs)).isEqualTo(fresh);
    }

    private static FloatTensor steps(FloatTensor sequence, int from, int to) {
        int time = sequence.shape().dimension(1);
        int features = sequence.shape().last();
        int length = (to - from) * features;
        float[] values = new float[ROWS * length];
        for (int row = 0; row < ROWS; row++) {
            sequence.copyTo((row * time + from) * features, values, row * length, length);
        }
        return Tensor.of(values, ROWS, to - from, features);
    }
}
