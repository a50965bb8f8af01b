package dev.rekur.training;

import static dev.rekur.training.FitOption.batchSize;
import static dev.rekur.training.FitOption.epochs;
import static dev.rekur.training.FitOption.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.RekurException;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Value;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trainer makes of data, and losses that are not as simple as they could be. */
class TrainerTest {
    private static final int FEATURES = 3;

    private static FloatTensor floats(long seed, int rows, int features) {
        Random random = new Random(seed);
        float[] values = new float[rows * features];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(Shape.of(rows, features), values);
    }

    private static Model oneOutput() {
        GraphScript script = new GraphScript(1);
        Value x = script.call(new Dense(4, Activation.TANH, true), script.input(ValueKind.FLOAT, FEATURES));
        return script.model(script.call(new Dense(2, Activation.SOFTMAX, true), x));
    }

    private static Model twoOutputs() {
        GraphScript script = new GraphScript(2);
        Value x = script.input(ValueKind.FLOAT, FEATURES);
        return script.model(
                script.call(new Dense(2, Activation.LINEAR, true), x),
                script.call(new Dense(2, Activation.LINEAR, true), x));
    }

    private static Trainer sgd(Model model) {
        return Trainer.of(model).optimizer(Sgd.with().learningRate(0.1));
    }

    private static List<FloatTensor> weights(Model model) {
        List<FloatTensor> all = new ArrayList<>();
        for (GraphLayer layer : model.graph().layers()) {
            all.addAll(model.weights().of(layer));
        }
        return all;
    }

    @Test
    void aSourceMayFillTheSameListWithOtherTensors() {
        Model model = oneOutput();
        FloatTensor x = floats(1, 12, FEATURES);
        FloatTensor y = floats(2, 12, 2);
        List<Tensor> inputs = new ArrayList<>();
        Dataset reusing = Dataset.of(() -> new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < 12;
            }

            @Override
            public Batch next() {
                inputs.clear();
                inputs.add(rows(x, at, 4));
                Batch batch = new Batch(inputs, List.of(rows(y, at, 4)));
                at += 4;
                return batch;
            }
        });
        Model fromSource =
                sgd(model).loss("mean_squared_error").fit(reusing, epochs(2)).model();
        Model fromArrays = sgd(model)
                .loss("mean_squared_error")
                .fit(Dataset.of(x, y), epochs(2), batchSize(4), shuffle(false))
                .model();
        assertThat(weights(fromSource)).isEqualTo(weights(fromArrays));
    }

    private static FloatTensor rows(FloatTensor from, int first, int count) {
        int features = from.shape().last();
        float[] values = new float[count * features];
        from.copyTo(first * features, values, 0, values.length);
        return FloatTensor.wrap(Shape.of(count, features), values);
    }

    @Test
    void aBatchWithoutRowsIsRefusedWithItsPlace() {
        GraphScript script = new GraphScript(3);
        Value x = script.call(
                new BatchNormalization(-1, 1e-3f, 0.9, true, true), script.input(ValueKind.FLOAT, FEATURES));
        Model model = script.model(script.call(new Dense(2, Activation.LINEAR, true), x));
        Batch good = Batch.of(floats(1, 4, FEATURES), floats(2, 4, 2));
        Batch empty = Batch.of(floats(1, 0, FEATURES), floats(2, 0, 2));
        Trainer trainer = sgd(model).loss("mean_squared_error");
        assertThatThrownBy(
                        () -> trainer.fit(Dataset.of(() -> List.of(good, empty).iterator())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("epoch 1, batch 2")
                .hasMessageContaining("at least one row");
        assertThatThrownBy(
                        () -> trainer.evaluate(Dataset.of(() -> List.of(empty).iterator())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("at least one row");
    }

    @Test
    void dataToEvaluateOnWithoutBatchesIsRefused() {
        Trainer trainer = sgd(oneOutput()).loss("mean_squared_error");
        Dataset none = Dataset.of(() -> List.<Batch>of().iterator());
        Dataset some = Dataset.of(floats(1, 10, FEATURES), floats(2, 10, 2));
        assertThatThrownBy(() -> trainer.evaluate(none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no batches");
        assertThatThrownBy(() -> trainer.fit(some, none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no batches");
    }

    @Test
    void eachOutputHasItsOwnSampleWeights() {
        Model model = twoOutputs();
        FloatTensor x = floats(1, 8, FEATURES);
        FloatTensor y = floats(2, 8, 2);
        FloatTensor ones = floats(3, 8, 1);
        FloatTensor own = FloatTensor.wrap(Shape.of(8), new float[] {1, 0, 2, 0, 1, 0, 3, 0});
        Trainer second = sgd(model).loss("output_1", Losses.named("mean_squared_error"), 1.0);
        Model byOutput = second.fit(Dataset.of(List.of(x), List.of(y, y), List.of(row(ones), own)), shuffle(false))
                .model();
        Model byLoss = second.fit(Dataset.of(List.of(x), List.of(y), List.of(own)), shuffle(false))
                .model();
        assertThat(weights(byOutput)).isEqualTo(weights(byLoss));
    }

    private static FloatTensor row(FloatTensor column) {
        return FloatTensor.wrap(Shape.of(column.size()), column.toArray());
    }

    @Test
    void targetsAndSampleWeightsMustBeAsManyAsOutputsOrLosses() {
        Model model = twoOutputs();
        FloatTensor x = floats(1, 8, FEATURES);
        FloatTensor y = floats(2, 8, 2);
        FloatTensor weight = row(floats(3, 8, 1));
        Trainer trainer = sgd(model).loss("mean_squared_error");
        assertThatThrownBy(() -> trainer.fit(Dataset.of(List.of(x), List.of(y, y, y), List.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 outputs")
                .hasMessageContaining("found 3");
        assertThatThrownBy(() -> trainer.fit(Dataset.of(List.of(x), List.of(y, y), List.of(weight, weight, weight))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("sample weights")
                .hasMessageContaining("found 3");
    }

    @Test
    void aLossOfOneOutputLeavesTheOthersTheirs() {
        Model model = twoOutputs();
        assertThat(sgd(model).loss("output_1", Losses.named("mae"), 1.0).outputsWithLoss())
                .containsExactly("output_1");
        assertThat(sgd(model)
                        .loss("mean_squared_error")
                        .loss("output_1", Losses.named("mae"), 2.0)
                        .outputsWithLoss())
                .containsExactly("output_0", "output_1");
        Model compiled = compiled(model, Map.of("loss", List.of("mse", "mae")));
        assertThat(Trainer.of(compiled)
                        .loss("output_1", Losses.named("mse"), 1.0)
                        .outputsWithLoss())
                .containsExactly("output_0", "output_1");
    }

    private static Model compiled(Model model, Map<String, Object> config) {
        return model.withCompileConfiguration(new CompileConfiguration(config, List.of(), 3));
    }

    @Test
    void whatTheFileSaysOfLossesAndMetricsStaysAsItIsUnlessTheCallerSaysOtherwise() {
        Map<String, Object> auc = Map.of(
                "class_name", "AUC", "config", Map.of("name", "auc", "num_labels", 6), "module", "keras.metrics");
        Map<String, Object> config = Map.of(
                "optimizer",
                "sgd",
                "loss",
                Map.of("output_0", "mse", "output_1", "mae"),
                "loss_weights",
                Map.of("output_1", 2.0),
                "metrics",
                Map.of("output_1", List.of(auc)));
        Model model = compiled(twoOutputs(), config);
        Dataset data = Dataset.of(
                List.of(floats(1, 8, FEATURES)),
                List.of(floats(2, 8, 2), FloatTensor.wrap(Shape.of(8, 2), new float[16])),
                List.of());

        Map<String, Object> kept = config(Trainer.of(model).fit(data).model());
        assertThat(kept.get("loss")).isEqualTo(config.get("loss"));
        assertThat(kept.get("loss_weights")).isEqualTo(config.get("loss_weights"));
        assertThat(kept.get("metrics")).isEqualTo(config.get("metrics"));
        assertThat(kept.get("optimizer")).isInstanceOf(Map.class);

        Map<String, Object> changed =
                config(Trainer.of(model).metrics("mae").fit(data).model());
        assertThat(changed.get("loss")).isEqualTo(config.get("loss"));
        assertThat(changed.get("metrics")).isEqualTo(List.of(List.of("mae"), List.of("mae")));
    }

    private static Map<String, Object> config(Model model) {
        return model.compileConfiguration().orElseThrow().config();
    }

    @Test
    void aCompileConfigurationThatDoesNotFitIsRefusedByPlace() {
        Model model = twoOutputs();
        assertThatThrownBy(() -> Trainer.of(compiled(model, Map.of("loss", Map.of("elsewhere", "mse"))))
                        .outputsWithLoss())
                .isInstanceOf(RekurException.class)
                .hasMessageContaining("$.compile_config.loss")
                .hasMessageContaining("elsewhere")
                .hasMessageContaining("output_0");
        assertThatThrownBy(() -> Trainer.of(compiled(model, Map.of("loss", "mse", "loss_weights", List.of("much", 1))))
                        .outputsWithLoss())
                .isInstanceOf(RekurException.class)
                .hasMessageContaining("$.compile_config.loss_weights")
                .hasMessageContaining("much");
        assertThatThrownBy(() -> Trainer.of(
                                compiled(model, Map.of("loss", "mse", "metrics", List.of("mae", "mse", "mae"))))
                        .outputsWithLoss())
                .isInstanceOf(RekurException.class)
                .hasMessageContaining("$.compile_config.metrics")
                .hasMessageContaining("3");
    }

    @Test
    void whatTheCallerSaysReplacesWhatRekurLacks() {
        Model model = compiled(
                oneOutput(),
                Map.of(
                        "optimizer",
                        "muon",
                        "loss",
                        "dice",
                        "metrics",
                        List.of("mean_io_u"),
                        "weighted_metrics",
                        List.of("x")));
        Training training = Trainer.of(model)
                .optimizer(Sgd.with())
                .loss("mean_squared_error")
                .metrics("mae")
                .weightedMetrics()
                .fit(Dataset.of(floats(1, 8, FEATURES), floats(2, 8, 2)));
        assertThat(training.history().names()).containsExactly("loss", "mae");
    }

    @Test
    void aStateWithoutLearningRateHasThatOfTheSettings() {
        Model model = oneOutput();
        Map<String, Object> config = Map.of(
                "optimizer",
                Map.of("class_name", "SGD", "config", Map.of("learning_rate", 0.25, "momentum", 0.9)),
                "loss",
                "mse");
        List<CompileConfiguration.OptimizerVariable> state = new ArrayList<>();
        state.add(
                new CompileConfiguration.OptimizerVariable("iteration", FloatTensor.wrap(Shape.of(), new float[] {3})));
        for (boolean trained : new boolean[] {false, true}) {
            if (trained) {
                weights(model)
                        .forEach(weight -> state.add(new CompileConfiguration.OptimizerVariable(
                                "m", FloatTensor.wrap(weight.shape(), new float[weight.size()]))));
            }
            Model tuned = Trainer.of(model.withCompileConfiguration(new CompileConfiguration(config, state, 2)))
                    .fit(Dataset.of(floats(1, 8, FEATURES), floats(2, 8, 2)))
                    .model();
            List<CompileConfiguration.OptimizerVariable> after =
                    tuned.compileConfiguration().orElseThrow().optimizerVariables();
            assertThat(after.get(0).value().get(0)).isEqualTo(4);
            assertThat(after.get(1).value().get(0)).isEqualTo(0.25f);
        }
    }

    @Test
    void batchesOfManyLengthsShareMemoryAndKnowNothingOfEachOther() {
        GraphScript script = new GraphScript(4);
        RecurrentOptions last = new RecurrentOptions(false, false, false, false, false);
        Value x =
                script.call(new SimpleRnn(6, Activation.TANH, true, last), script.input(ValueKind.FLOAT, -1, FEATURES));
        Model model = script.model(script.call(new Dense(2, Activation.LINEAR, true), x));
        List<Batch> batches = new ArrayList<>();
        for (int length : IntStream.rangeClosed(1, 20).map(i -> i * 7 % 20 + 1).toArray()) {
            FloatTensor values = floats(length, 4 * length, FEATURES);
            batches.add(Batch.of(values.reshape(4, length, FEATURES), floats(length, 4, 2)));
        }
        Model together = sgd(model)
                .loss("mean_squared_error")
                .fit(Dataset.of(batches::iterator), epochs(2))
                .model();
        Model alone = model;
        for (int epoch = 0; epoch < 2; epoch++) {
            for (Batch batch : batches) {
                Dataset one = Dataset.of(() -> List.of(batch).iterator());
                alone = sgd(alone).loss("mean_squared_error").fit(one).model();
            }
        }
        assertThat(weights(together)).isEqualTo(weights(alone));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void idsOutsideTheVocabularyAreFoundBeforeTraining(boolean nested) {
        GraphScript script = new GraphScript(5);
        RecurrentOptions last = new RecurrentOptions(false, false, false, false, false);
        Value x = script.call(new Embedding(10, 3, false), script.input(ValueKind.INT, 4));
        x = script.call(new SimpleRnn(3, Activation.TANH, true, last), x);
        Model inner = script.model(script.call(new Dense(2, Activation.LINEAR, true), x));
        GraphScript around = new GraphScript(6);
        NestedModel encoder = new NestedModel(inner.graph());
        Model outer = around.model(around.call("encoder", encoder, null, around.input(ValueKind.INT, 4)));
        Model model = nested ? outer : inner;
        int[] ids = new int[80 * 4];
        ids[71 * 4 + 2] = 10;
        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> sgd(model)
                        .loss("mean_squared_error")
                        .onBatch((epoch, batch, logs) -> seen.add("batch"))
                        .fit(Dataset.of(IntTensor.wrap(Shape.of(80, 4), ids), floats(2, 80, 2)), batchSize(8)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 71, position 2")
                .hasMessageContaining("from 0 to 9")
                .hasMessageContaining(nested ? "layer 'encoder/layer_1'" : "layer 'layer_1'")
                .hasMessageContaining("found 10");
        assertThat(seen).isEmpty();
    }

    @Test
    void evaluatingTrainsNothingAndIsWhatValidationSays() {
        Model model = oneOutput();
        Dataset data = Dataset.of(floats(1, 10, FEATURES), floats(2, 10, 2));
        Trainer trainer = sgd(model).loss("mean_squared_error").metrics("mae");
        Training training = trainer.fit(data, data, epochs(2), batchSize(4));
        Logs scores = Trainer.of(training.model()).evaluate(data, batchSize(4));
        assertThat(scores.value("loss"))
                .isEqualTo(training.history().values("val_loss").get(1));
        assertThat(scores.value("mae"))
                .isEqualTo(training.history().values("val_mae").get(1));
    }
}
