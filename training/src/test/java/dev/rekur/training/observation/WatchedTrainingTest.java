package dev.rekur.training.observation;

import static dev.rekur.training.FitOption.batchSize;
import static dev.rekur.training.FitOption.epochs;
import static dev.rekur.training.observation.WatchedModels.CROSSENTROPY;
import static dev.rekur.training.observation.WatchedModels.dense;
import static dev.rekur.training.observation.WatchedModels.labels;
import static dev.rekur.training.observation.WatchedModels.random;
import static dev.rekur.training.observation.WatchedModels.recurrent;
import static dev.rekur.training.observation.WatchedModels.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.graph.Value;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.EarlyStopping;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.diagnosis.Finding.Kind;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.optimizer.Adam;
import dev.rekur.training.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Trainings that go wrong, each in its own way, are told what is wrong; one that goes well is told nothing. */
class WatchedTrainingTest {
    private static Finding only(Kind kind, List<Finding> findings) {
        List<Finding> ofKind =
                findings.stream().filter(finding -> finding.kind() == kind).toList();
        assertThat(ofKind).as("%s", findings).hasSize(1);
        return ofKind.get(0);
    }

    private static double number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void aRateOfAMillionEndsInNaNAndTheFindingNamesLayerAndStep() {
        List<Integer> lost = new ArrayList<>();
        List<Finding> told = new ArrayList<>();
        Training training = Trainer.of(dense(Activation.RELU, 8, 1, Activation.LINEAR))
                .optimizer(Sgd.with().learningRate(1e6))
                .loss("mean_squared_error")
                .diagnose(told::add)
                .onBatch((epoch, batch, logs) -> {
                    if (!Double.isFinite(logs.value("loss"))) {
                        lost.add(batch);
                    }
                })
                .fit(Dataset.of(random(1, 1, 320, 4), random(2, 1, 320, 1)), epochs(1), batchSize(16));
        Finding finding = only(Kind.NON_FINITE, training.findings());
        assertThat(finding.evidence()).contains("layer 'layer_", "in epoch 1 at step", "rate of 1e+06");
        double step = number("at step (\\d+)", finding.evidence());
        assertThat(step).isBetween(lost.get(0) + 0.0, lost.get(0) + 1.0);
        assertThat(finding.advice()).contains("clipnorm 1.0", "learning rate of 0.01.");
        assertThat(training.findings().get(0)).isEqualTo(finding);
        assertThat(told).contains(finding);
    }

    /** Whether a finding of the kind is among them; every kind is told at most once. */
    private static boolean has(Kind kind, Training training) {
        assertThat(training.findings()).extracting(Finding::kind).doesNotHaveDuplicates();
        return training.findings().stream().anyMatch(finding -> finding.kind() == kind);
    }

    /** Fits a line to targets of a certain size. */
    private static Training line(Sgd optimizer, double size, int epochs) {
        float[] targets = new float[320];
        FloatTensor inputs = random(1, 1, 320, 4);
        for (int row = 0; row < 320; row++) {
            targets[row] = (float) (size * (inputs.get(4 * row) - inputs.get(4 * row + 1)));
        }
        return Trainer.of(dense(Activation.LINEAR, 8, 1, Activation.LINEAR))
                .optimizer(optimizer)
                .loss("mean_squared_error")
                .fit(Dataset.of(inputs, FloatTensor.wrap(Shape.of(320, 1), targets)), epochs(epochs), batchSize(16));
    }

    @Test
    void aRateThatMakesTheLossDivergeIsTooHighAndOneThatAlmostDoesIsNot() {
        Training enormous = line(Sgd.with().learningRate(1e8).clipNorm(1), 1, 2);
        assertThat(enormous.findings()).extracting(Finding::kind).containsExactly(Kind.LEARNING_RATE_TOO_HIGH);
        assertThat(enormous.findings().get(0).evidence()).contains("at the first step", "a learning rate of 1e+08");
        assertThat(enormous.findings().get(0).advice()).startsWith("Try a learning rate of 0.01.");
        assertThat(line(Sgd.with().learningRate(0.05), 1, 6).findings()).isEmpty();
    }

    @Test
    void largeGradientsExplodeWhereTheLossJumpsAndNotWhereTargetsAreLarge() {
        assertThat(stream(50).findings()).extracting(Finding::kind).containsExactly(Kind.EXPLODING_GRADIENTS);
        assertThat(stream(1).findings()).isEmpty();
        Training large = line(Sgd.with().learningRate(0.002), 100, 8);
        assertThat(large.history().values("loss").get(0)).isGreaterThan(1000);
        assertThat(large.findings()).isEmpty();
    }

    /** A stream of batches, in whose third epoch targets are so many times as large. */
    private static Training stream(float times) {
        AtomicInteger epoch = new AtomicInteger();
        return Trainer.of(dense(Activation.TANH, 8, 1, Activation.LINEAR))
                .optimizer(Sgd.with().learningRate(1e-3))
                .loss("mean_squared_error")
                .fit(
                        Dataset.of(() -> {
                            float[] targets = new float[16];
                            Arrays.fill(targets, epoch.incrementAndGet() == 3 ? times : 1);
                            Batch batch = Batch.of(random(1, 1, 16, 4), FloatTensor.wrap(Shape.of(16, 1), targets));
                            return Collections.nCopies(40, batch).iterator();
                        }),
                        epochs(20));
    }

    @Test
    void manySigmoidsLetGradientsVanishAndAFewDoNot() {
        assertThat(has(Kind.VANISHING_GRADIENTS, sigmoids(10))).isTrue();
        assertThat(sigmoids(3).findings()).isEmpty();
    }

    private static Training sigmoids(int count) {
        GraphScript script = new GraphScript(3);
        Value x = script.input(ValueKind.FLOAT, 4);
        for (int layer = 0; layer < count; layer++) {
            x = script.call(new Dense(8, Activation.SIGMOID, true), x);
        }
        return Trainer.of(script.model(script.call(new Dense(3, Activation.SOFTMAX, true), x)))
                .optimizer(Adam.with().learningRate(1e-3))
                .loss(CROSSENTROPY)
                .fit(Dataset.of(random(1, 1, 320, 4), labels(2, 320, 3)), epochs(3));
    }

    @Test
    void aTinyRateIsTooLowAndASmallOneIsNot() {
        Finding finding = only(
                Kind.LEARNING_RATE_TOO_LOW,
                line(Sgd.with().learningRate(1e-6), 1, 12).findings());
        assertThat(finding.advice()).contains("a learning rate of 0.001");
        assertThat(line(Sgd.with().learningRate(1e-6), 1, 5).findings())
                .as("100 steps tell little")
                .isEmpty();
        assertThat(line(Sgd.with().learningRate(1e-3), 1, 12).findings()).isEmpty();
    }

    @Test
    void fromLogitsBehindASigmoidIsToldAndBehindNothingItIsNot() {
        Finding finding = only(Kind.FROM_LOGITS, logits(Activation.SIGMOID).findings());
        assertThat(finding.evidence()).contains("layer 'layer_2' ends in sigmoid", "what goes into the sigmoid");
        assertThat(logits(Activation.LINEAR).findings()).isEmpty();
        assertThat(logits(Activation.LINEAR).history().values("loss"))
                .isEqualTo(logits(Activation.SIGMOID).history().values("loss"));
    }

    private static Training logits(Activation last) {
        Loss loss = Losses.fromConfig(
                        "$",
                        Map.of("class_name", "BinaryCrossentropy", "config", Map.of("from_logits", true)),
                        new ArrayList<>())
                .orElseThrow();
        return Trainer.of(dense(Activation.TANH, 8, 1, last))
                .optimizer(Adam.with().learningRate(1e-3))
                .loss(loss)
                .fit(Dataset.of(random(1, 1, 64, 4), labels(2, 64, 2)), epochs(3));
    }

    @Test
    void whatIsNotFiniteInASourceOfDataIsFoundThere() {
        float[] bad = random(3, 1, 8, 4).toArray();
        bad[13] = Float.NaN;
        FloatTensor good = random(1, 1, 8, 4);
        FloatTensor targets = random(2, 1, 8, 1);
        Batch fine = Batch.of(good, targets);
        Batch broken = Batch.of(FloatTensor.wrap(Shape.of(8, 4), bad), targets);
        assertThat(nonFinite(fine, fine, broken)).contains("the data of input 'layer_0', in epoch 1 at step 3");
    }

    private static String nonFinite(Batch... batches) {
        Training training = Trainer.of(dense(Activation.TANH, 8, 1, Activation.LINEAR))
                .optimizer(Sgd.with().learningRate(0.01))
                .loss("mean_squared_error")
                .fit(Dataset.of(() -> Arrays.asList(batches).iterator()));
        return only(Kind.NON_FINITE, training.findings()).evidence();
    }

    @Test
    void anOutputThatOverflowsIsFoundWithItsTimeStep() {
        GraphScript script = new GraphScript(2);
        RecurrentOptions sequences = new RecurrentOptions(true, false, false, false, false);
        Value x =
                script.call(new SimpleRnn(1, Activation.LINEAR, false, sequences), script.input(ValueKind.FLOAT, 6, 1));
        Model model = script.model(script.call(new Dense(1, Activation.LINEAR, true), x));
        model = with(model, "layer_1", "cell/kernel", FloatTensor.wrap(Shape.of(1, 1), new float[] {1}));
        model = with(model, "layer_1", "cell/recurrent_kernel", FloatTensor.wrap(Shape.of(1, 1), new float[] {1e19f}));
        float[] ones = new float[6];
        Arrays.fill(ones, 1);
        FloatTensor data = FloatTensor.wrap(Shape.of(1, 6, 1), ones);
        Training training = Trainer.of(model)
                .optimizer(Sgd.with().learningRate(0.01))
                .loss("mean_squared_error")
                .fit(Dataset.of(data, data));
        // 1, 1e19, 1e38, then more than a float holds
        assertThat(only(Kind.NON_FINITE, training.findings()).evidence())
                .contains("the output of layer 'layer_1' at time step 4, in epoch 1 at step 1");
    }

    @Test
    void tinyRecurrentWeightsLetGradientsVanishThroughTime() {
        Training training = train(recurrent(Activation.TANH, 60, 0.01), 60, 1e-3);
        Finding finding = only(Kind.VANISHING_IN_TIME, training.findings());
        assertThat(finding.evidence()).contains("'layer_1'", "of 60 on it is");
        assertThat(finding.advice()).contains("LSTM or GRU");
        assertThat(train(recurrent(Activation.LINEAR, 60, 0.92), 60, 1e-3).findings())
                .isEmpty();
        assertThat(train(recurrent(Activation.TANH, 9, 0.01), 9, 1e-3).findings())
                .isEmpty();
    }

    @Test
    void largeRecurrentWeightsLetGradientsExplodeThroughTimeAsTheirPowersDo() {
        Training training = train(recurrent(Activation.LINEAR, 60, 1.5), 60, 1e-30);
        Finding finding = only(Kind.EXPLODING_IN_TIME, training.findings());
        double first = number("to (\\S+) at step 1\\.", finding.evidence());
        double last = number("from (\\S+) at step 60", finding.evidence());
        assertThat(first / last / Math.pow(1.5, 59)).isBetween(0.998, 1.002); // four digits are printed
        assertThat(train(recurrent(Activation.LINEAR, 60, 1.15), 60, 1e-30).findings())
                .as("4,000 times in an epoch that tells no more")
                .isEmpty();
    }

    private static Training train(Model model, int time, double rate) {
        return Trainer.of(model)
                .optimizer(Sgd.with().learningRate(rate))
                .loss(CROSSENTROPY)
                .fit(Dataset.of(random(5, 0.1, 48, time, 4), labels(6, 48, 3)), epochs(1), batchSize(24));
    }

    @Test
    void unitsFarBelowZeroAreDeadAndThatIsToldOnce() {
        List<Finding> told = new ArrayList<>();
        Training training = dead(6, 320, told);
        assertThat(only(Kind.DEAD_RELU, training.findings()).evidence()).contains("'layer_1' 6 of 8 units (75.0 %)");
        only(Kind.DEAD_RELU, told);
        assertThat(dead(3, 320, told).findings()).isEmpty();
        assertThat(dead(6, 64, told).findings()).as("too few inputs to tell").isEmpty();
    }

    private static Training dead(int units, int rows, List<Finding> told) {
        float[] bias = new float[8];
        Arrays.fill(bias, 0, units, -100f);
        return Trainer.of(with(
                        dense(Activation.RELU, 8, 3, Activation.SOFTMAX),
                        "layer_1",
                        "bias",
                        FloatTensor.wrap(Shape.of(8), bias)))
                .optimizer(Sgd.with().learningRate(1e-3))
                .loss(CROSSENTROPY)
                .diagnose(told::add)
                .fit(Dataset.of(random(1, 1, rows, 4), labels(2, rows, 3)), epochs(3));
    }

    @Test
    void aLargeModelOnRandomLabelsOverfits() {
        assertThat(only(Kind.OVERFITTING, onRandomLabels(100).findings()).advice())
                .contains("Stop early");
        EarlyStopping stopping = EarlyStopping.on("val_loss").patience(20).restoreBestWeights();
        assertThat(only(Kind.OVERFITTING, onRandomLabels(100, stopping).findings())
                        .advice())
                .contains("restored at the end already");
        assertThat(onRandomLabels(3).findings()).as("three epochs tell little").isEmpty();
    }

    private static Training onRandomLabels(int epochs, Callback... callbacks) {
        Trainer trainer = Trainer.of(dense(Activation.TANH, 128, 3, Activation.SOFTMAX))
                .optimizer(Adam.with().learningRate(0.01))
                .loss(CROSSENTROPY);
        List.of(callbacks).forEach(trainer::callback);
        return trainer.fit(
                Dataset.of(random(1, 1, 24, 4), labels(2, 24, 3)),
                Dataset.of(random(3, 1, 48, 4), labels(4, 48, 3)),
                epochs(epochs));
    }

    @Test
    void aModelWithOneAnswerIsStuckAtTheMajority() {
        assertThat(only(Kind.ACCURACY_STUCK, oneAnswer(30).findings()).evidence())
                .contains("accuracy is 0.6", "3 classes (60.0 % of the labels)");
        assertThat(oneAnswer(20).findings()).as("80 steps tell little").isEmpty();
    }

    private static Training oneAnswer(int epochs) {
        int[] labels = new int[100];
        Arrays.fill(labels, 60, 100, 1);
        Model model = with(
                dense(Activation.TANH, 4, 3, Activation.SOFTMAX),
                "layer_2",
                "bias",
                FloatTensor.wrap(Shape.of(3), new float[] {30, 0, 0}));
        return Trainer.of(model)
                .optimizer(Sgd.with().learningRate(1e-4))
                .loss(CROSSENTROPY)
                .metrics("accuracy")
                .fit(Dataset.of(random(1, 1, 100, 4), IntTensor.wrap(Shape.of(100), labels)), epochs(epochs));
    }

    @Test
    void aTrainingThatGoesWellIsToldNothing() {
        Training training = Trainer.of(recurrent(Activation.TANH, 6, 0.9))
                .optimizer(Adam.with().learningRate(3e-3).clipNorm(1.0))
                .loss(CROSSENTROPY)
                .metrics("accuracy")
                .fit(signs(1, 480), signs(2, 120), epochs(12));
        assertThat(training.history().values("val_accuracy").get(11)).isGreaterThan(0.8);
        assertThat(training.findings()).isEmpty();
    }

    /** Sequences whose label is the largest of the first three features' sums. */
    private static ArrayDataset signs(long seed, int rows) {
        FloatTensor data = random(seed, 0.5, rows, 6, 4);
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            float[] sums = new float[3];
            for (int i = 0; i < 24; i++) {
                if (i % 4 < 3) {
                    sums[i % 4] += data.get(row * 24 + i);
                }
            }
            labels[row] = sums[0] > sums[1] ? (sums[0] > sums[2] ? 0 : 2) : (sums[1] > sums[2] ? 1 : 2);
        }
        return Dataset.of(data, IntTensor.wrap(Shape.of(rows), labels));
    }
}
