package dev.rekur.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.graph.Value;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.optimizer.Sgd;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients that vanish through time end at zero, not among the subnormal numbers, on which processors are slow. */
class VanishingGradientTest {
    private static final int TIME = 400;
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);

    static Stream<Layer> recurrentLayers() {
        return Stream.of(
                new SimpleRnn(8, Activation.TANH, true, LAST),
                new Lstm(8, Activation.TANH, Activation.SIGMOID, true, LAST),
                new Gru(8, Activation.TANH, Activation.SIGMOID, true, true, LAST),
                new Gru(8, Activation.TANH, Activation.SIGMOID, true, false, LAST));
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void gradientsThatVanishThroughTimeAreZero(Layer layer) {
        GraphScript script = new GraphScript(7);
        Value x = script.call(new Embedding(TIME, 4, false), script.input(ValueKind.INT, TIME));
        x = script.call(layer, x);
        Model model = script.model(
                weight -> {
                    // a table of zeros shows its gradient after one step; the others let gradients shrink
                    float scale = weight.shape().equals(Shape.of(TIME, 4)) ? 0f : 0.5f;
                    float[] values = weight.toArray();
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= scale;
                    }
                    return FloatTensor.wrap(weight.shape(), values);
                },
                script.call(new Dense(1, Activation.LINEAR, true), x));
        int[] everyTokenOnce = new int[TIME];
        for (int t = 0; t < TIME; t++) {
            everyTokenOnce[t] = t;
        }
        Model trained = Trainer.of(model)
                .optimizer(Sgd.with().learningRate(1))
                .loss("mean_squared_error")
                .fit(Dataset.of(
                        IntTensor.wrap(Shape.of(1, TIME), everyTokenOnce),
                        FloatTensor.wrap(Shape.of(1, 1), new float[] {3})))
                .model();
        FloatTensor table = trained.weights().get("layer_1", "embeddings");
        int zeros = 0;
        for (int i = 0; i < table.size(); i++) {
            float size = Math.abs(table.get(i));
            assertThat(size == 0 || size >= Float.MIN_NORMAL)
                    .as("element %s is %s", i, size)
                    .isTrue();
            zeros += size == 0 ? 1 : 0;
        }
        assertThat(zeros).as("the first steps' gradients").isPositive().isLessThan(table.size() - 40);
    }
}
