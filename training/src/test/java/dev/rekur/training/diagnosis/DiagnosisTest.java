package dev.rekur.training.diagnosis;

import static dev.rekur.training.diagnosis.Finding.Kind.DEAD_RELU;
import static dev.rekur.training.diagnosis.Finding.Kind.EXPLODING_GRADIENTS;
import static dev.rekur.training.diagnosis.Finding.Kind.EXPLODING_IN_TIME;
import static dev.rekur.training.diagnosis.Finding.Kind.FROM_LOGITS;
import static dev.rekur.training.diagnosis.Finding.Kind.LEARNING_RATE_TOO_HIGH;
import static dev.rekur.training.diagnosis.Finding.Kind.LEARNING_RATE_TOO_LOW;
import static dev.rekur.training.diagnosis.Finding.Kind.NON_FINITE;
import static dev.rekur.training.diagnosis.Finding.Kind.OVERFITTING;
import static dev.rekur.training.diagnosis.Finding.Kind.SLOW;
import static dev.rekur.training.diagnosis.Finding.Kind.VANISHING_GRADIENTS;
import static dev.rekur.training.diagnosis.Finding.Kind.VANISHING_IN_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Pace.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule on both sides of its thresholds. */
class DiagnosisTest {
    static History history(String name, double... values) {
        History history = new History();
        for (int i = 0; i < values.length; i++) {
            history.add(i, new Logs().put(name, values[i]));
        }
        return history;
    }

    static History losses(double[] training, double[] validation) {
        History history = new History();
        for (int i = 0; i < training.length; i++) {
            history.add(i, new Logs().put("loss", training[i]).put("val_loss", validation[i]));
        }
        return history;
    }

    static Facts.Builder facts() {
        return Facts.of(new History());
    }

    static void silent(Facts.Builder facts) {
        assertThat(Diagnosis.of(facts.build())).isEmpty();
    }

    static Finding only(Finding.Kind kind, Facts.Builder facts) {
        List<Finding> findings = Diagnosis.of(facts.build());
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(kind);
        return findings.get(0);
    }

    @Test
    void withoutFactsThereIsNothingToSay() {
        silent(facts());
    }

    @Test
    void theFirstValueThatIsNotFiniteIsNamedWithWhatToTry() {
        Finding finding = only(
                NON_FINITE,
                Facts.of(history("loss", 3.2, Double.NaN))
                        .learningRates(List.of(0.1, 0.05))
                        .nonFinite(new NonFinite(NonFinite.Place.GRADIENT, "rnn_2", 1, 129)));
        assertThat(finding.evidence()).contains("a gradient of layer 'rnn_2'", "epoch 2 at step 130", "rate of 0.05");
        assertThat(finding.advice()).contains("clipnorm 1.0", "0.005");
        assertThat(only(
                                NON_FINITE,
                                facts().learningRates(List.of(1e30))
                                        .nonFinite(new NonFinite(NonFinite.Place.WEIGHT, "d", 0, 0)))
                        .advice())
                .contains("a learning rate of 0.01.");
        assertThat(only(
                                NON_FINITE,
                                facts().clipped(true).nonFinite(new NonFinite(NonFinite.Place.ACTIVATION, "d", 0, 0)))
                        .advice())
                .contains("clipped already");
        assertThat(only(NON_FINITE, facts().nonFinite(new NonFinite(NonFinite.Place.DATA, "x", 0, 0)))
                        .advice())
                .contains("out of the data");
        assertThat(only(NON_FINITE, facts().nonFinite(new NonFinite(NonFinite.Place.LOSS, "y", 0, 0)))
                        .advice())
                .startsWith("Check that labels")
                .contains("from_logits");
        assertThat(only(
                                NON_FINITE,
                                facts().learningRates(List.of(0.5))
                                        .nonFinite(new NonFinite(NonFinite.Place.LOSS, "y", 0, 1)))
                        .advice())
                .as("weights have moved")
                .startsWith("Clip gradients (clipnorm 1.0), and try a learning rate of 0.05")
                .contains("check that labels");
    }

    @Test
    void aLossThatIsNotFiniteIsFoundInTheHistoryToo() {
        assertThat(only(NON_FINITE, Facts.of(history("loss", 3.25, Double.POSITIVE_INFINITY, Double.NaN)))
                        .evidence())
                .contains("inf from epoch 2 on", "3.25");
        assertThat(only(NON_FINITE, Facts.of(history("loss", Double.NaN))).evidence())
                .contains("nan from epoch 1 on.");
    }

    @Test
    void fromLogitsIsToldOnceForAllThatReadThem() {
        Finding finding = only(
                FROM_LOGITS,
                facts().fromLogits(List.of(
                        new FromLogits("out", "loss 'sparse'", "head", "softmax", true),
                        new FromLogits("out", "metric 'focal'", "head", "softmax", false))));
        assertThat(finding.evidence())
                .contains(
                        "the loss 'sparse' of output 'out' has from_logits=True, but layer 'head' ends in softmax",
                        "computed of what goes into the softmax, as Keras on TensorFlow does",
                        "the metric 'focal'",
                        "applies an activation to the output of the softmax, as Keras does");
        assertThat(finding.advice()).contains("Leave out from_logits=True");
    }

    @Test
    void gradientsTenTimesTheWeightsExplodeWhereTheLossSuffers() {
        History jumps = history("loss", 1.0, 0.5, 1.1, 0.3);
        History falls = history("loss", 1.0, 0.5, 0.9, 0.3);
        List<LayerNorms> large = List.of(
                new LayerNorms("a", List.of(1.0, 1.0), List.of(1.0, 1.0)),
                new LayerNorms("b", List.of(1.0, 20.2), List.of(2.0, 2.0)));
        silent(Facts.of(falls).layers(large));
        silent(Facts.of(history("loss", 1.0, 1e-9, 1e-3)).layers(large)); // is as good as it was
        silent(Facts.of(jumps).layers(List.of(new LayerNorms("a", List.of(10.0), List.of(1.0)))));
        silent(Facts.of(jumps).layers(List.of(new LayerNorms("bias", List.of(0.07, 0.99), List.of(0.001, 0.01)))));
        Finding finding = only(EXPLODING_GRADIENTS, Facts.of(jumps).layers(large));
        assertThat(finding.evidence())
                .contains("layer 'b'", "norm 20.2 on weights of norm 2 in epoch 2", "jumps")
                .doesNotContain("'a'");
        assertThat(finding.advice()).contains("clipnorm", "layer normalization");
        assertThat(only(EXPLODING_GRADIENTS, Facts.of(jumps).layers(large).clipped(true))
                        .advice())
                .contains("clipped already");
    }

    @Test
    void gradientsATenThousandthOfALaterLayersVanish() {
        LayerNorms most = new LayerNorms("top", List.of(9.0, 1.0), List.of(1.0, 1.0));
        LayerNorms low = new LayerNorms("low", List.of(1e-4, 1.9e-5), List.of(1.0, 2.0));
        silent(facts().layers(List.of(new LayerNorms("low", List.of(1e-9, 2e-4), List.of(1.0, 2.0)), most)));
        silent(facts().layers(List.of(new LayerNorms("once", List.of(1.0, 1.9e-5), List.of(1.0, 2.0)), most)));
        silent(facts().layers(List.of(most, low))); // on the way to it nothing could vanish
        // a layer of almost no weights has a large gradient beside them, whatever the others have
        silent(facts().layers(List.of(low, new LayerNorms("top", List.of(1e-3, 1e-3), List.of(1e-6, 1e-6)))));
        Finding finding = only(VANISHING_GRADIENTS, facts().layers(List.of(low, most)));
        assertThat(finding.evidence()).contains("layer 'low'", "1.9e-05", "9.5e-06", "layer 'top' behind has 1");
        assertThat(finding.advice()).contains("residual connections", "LSTM or GRU");
    }

    @Test
    void aLayerThatTheLossDoesNotReachHasNoVanishingGradient() {
        LayerNorms most = new LayerNorms("top", List.of(1.0), List.of(1.0));
        silent(facts().layers(List.of(new LayerNorms("aside", List.of(0.0), List.of(1.0)), most)));
        silent(facts().layers(List.of(new LayerNorms("new", List.of(0.0), List.of(0.0)), most)));
        silent(facts().layers(List.of(new LayerNorms("none", List.of(), List.of()))));
    }

    @Test
    void normsOfGradientsAndWeightsGoTogether() {
        assertThatThrownBy(() -> new LayerNorms("a", List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");
    }

    /** Gradients of a layer in which so many of the first steps get too little. */
    private static StateGradients vanishing(String layer, int missed, int steps) {
        List<Double> norms = new ArrayList<>(Collections.nCopies(missed, 9e-4));
        norms.addAll(Collections.nCopies(steps - missed, 1.0));
        return new StateGradients(layer, norms);
    }

    @Test
    void gradientsVanishThroughTimeWhereAQuarterOfTheStepsGetsNone() {
        silent(facts().states(List.of(new StateGradients("rnn", Collections.nCopies(100, 1e-3)))));
        silent(facts().states(List.of(vanishing("rnn", 2, 100))));
        silent(facts().states(List.of(vanishing("rnn", 24, 100))));
        silent(facts().states(List.of(vanishing("rnn", 9, 12))));
        Finding finding = only(VANISHING_IN_TIME, facts().states(List.of(vanishing("rnn", 25, 100))));
        assertThat(finding.evidence()).contains("'rnn'", "0.0009 at step 1", "from step 26 of 100");
        assertThat(finding.advice()).contains("LSTM or GRU", "shorter sequences");
    }

    @Test
    void severalLayersThatVanishAreOneFindingWithOneAdvice() {
        Finding finding = only(
                VANISHING_IN_TIME,
                facts().layers(List.of(
                                new LayerNorms("low", List.of(1e-6), List.of(1.0)),
                                new LayerNorms("top", List.of(1.0), List.of(1.0))))
                        .states(List.of(vanishing("a", 50, 60), vanishing("b", 30, 60), vanishing("c", 3, 60))));
        assertThat(finding.evidence()).contains("'a'", "'b'").doesNotContain("'c'");
    }

    @Test
    void gradientsExplodeThroughTimeOverAThousandTimesWhereTheLossSuffers() {
        History stays = history("loss", 1.0, 0.95);
        List<StateGradients> grown = List.of(new StateGradients("rnn", List.of(1001.0, 10.0, 1.0, 0.0)));
        silent(Facts.of(stays).states(List.of(new StateGradients("rnn", List.of(1000.0, 10.0, 1.0)))));
        silent(Facts.of(history("loss", 1.0, 0.5)).states(grown));
        silent(Facts.of(history("loss", 1.0, 0.5)).states(grown).clipped(true));
        Finding finding = only(EXPLODING_IN_TIME, Facts.of(stays).states(grown));
        assertThat(finding.evidence()).contains("from 1 at step 3 to 1001 at step 1");
        assertThat(finding.advice()).contains("clipnorm");
        assertThat(only(EXPLODING_IN_TIME, Facts.of(stays).states(grown).clipped(true))
                        .advice())
                .contains("clipped already");
        silent(facts().states(List.of(new StateGradients("rnn", List.of(0.0, 0.0)))));
        List<Double> backwards = List.of(1001.0, 10.0, 1.0); // what a layer above passes down that reads backwards
        silent(Facts.of(stays).states(List.of(new StateGradients("rnn", List.of(1001.0, 10.0, 1.0), backwards))));
        // one long sequence among short ones
        silent(Facts.of(stays).states(List.of(new StateGradients("rnn", List.of(1001.0, 900.0, 300.0, 1.0)))));
        silent(Facts.of(stays).states(List.of(new StateGradients("rnn", List.of(Double.NaN, 1.0)))));
    }

    @Test
    void growthThatIsImmenseExplodesUnlessItIsClippedAndTheLossFalls() {
        List<StateGradients> immense = List.of(new StateGradients("rnn", List.of(1e6, 1e5, 0.5)));
        only(EXPLODING_IN_TIME, facts().states(immense));
        only(EXPLODING_IN_TIME, Facts.of(history("loss", 1.0, 0.5)).states(immense));
        silent(Facts.of(history("loss", 1.0, 0.5)).states(immense).clipped(true));
    }

    @Test
    void aLossThatRisesInHalfOfTheEpochsSaysTheRateIsTooHigh() {
        List<Double> rates = Collections.nCopies(5, 0.5);
        silent(Facts.of(history("loss", 1.0, 1.1, 1.0, 1.1, 0.9)).learningRates(rates));
        silent(Facts.of(history("loss", 1.0, 1.04, 1.0, 1.04, 1.0)).learningRates(rates));
        silent(Facts.of(history("loss", 1.0, 1.2, 1.3, 1.4)));
        Finding finding = only(
                LEARNING_RATE_TOO_HIGH,
                Facts.of(history("loss", 1.0, 1.1, 1.0, 1.1, 0.95)).learningRates(rates));
        assertThat(finding.evidence()).contains("from 1 to 0.95 in 5 epochs", "rises in 2", "rate of 0.5");
        assertThat(finding.advice()).contains("0.05", "clipnorm");
    }

    @Test
    void aLossThatDivergesSaysTheRateIsTooHighAndNothingThatFollowsFromIt() {
        silent(Facts.of(history("loss", 1.0, 10.0)));
        silent(Facts.of(history("loss", 999.0)).firstLoss(1));
        Facts.Builder facts = Facts.of(history("loss", 3e37))
                .firstLoss(2.5)
                .learningRates(List.of(1e28))
                .states(List.of(new StateGradients("rnn", List.of(1e9, 1e5, 0.5))))
                .relus(List.of(new ReluActivity("dense", 8, 1, 1000)))
                .layers(List.of(
                        new LayerNorms("low", List.of(1e-6), List.of(1.0)),
                        new LayerNorms("top", List.of(1e30), List.of(1e28))));
        Finding finding = only(LEARNING_RATE_TOO_HIGH, facts);
        assertThat(finding.evidence()).contains("was 2.5 at the first step and is 3e+37", "rate of 1e+28");
        assertThat(finding.advice()).contains("a learning rate of 0.01, and clip");
        assertThat(only(
                                LEARNING_RATE_TOO_HIGH,
                                Facts.of(history("loss", 1.0, 10.1)).clipped(true))
                        .evidence())
                .contains("was 1 in epoch 1 and is 10.1");
    }

    private static Facts.Builder slowly(double rate, int steps, double... losses) {
        return Facts.of(history("loss", losses)).steps(steps).learningRates(Collections.nCopies(losses.length, rate));
    }

    @Test
    void aLossThatCreepsSaysTheRateIsTooLow() {
        silent(slowly(1e-4, 1000, 1.0, 0.997, 0.994, 0.991, 0.98)); // 2 %
        silent(slowly(1e-4, 1000, 1.0, 0.985, 0.984, 0.983, 0.982)); // has converged
        silent(slowly(1e-4, 199, 1.0, 0.997, 0.994, 0.991, 0.988)); // few steps
        silent(slowly(1e-4, 1000, 1.0, 0.997, 0.994, 0.991)); // few epochs
        silent(slowly(0.1, 1000, 1.0, 0.997, 0.994, 0.991, 0.988));
        silent(Facts.of(history("loss", 1.0, 0.997, 0.994, 0.991, 0.988)).steps(1000));
        Finding finding = only(LEARNING_RATE_TOO_LOW, slowly(1e-4, 1000, 1.0, 0.997, 0.994, 0.991, 0.988));
        assertThat(finding.evidence()).contains("from 1 to 0.988 in 5 epochs", "0.0001");
        assertThat(finding.advice()).contains("a learning rate of 0.001, unless");
    }

    @Test
    void aLossThatDoesNotMoveSaysSoOnlyOfATinyRate() {
        double[] still = {1.793, 1.7931, 1.7929, 1.7932, 1.793};
        silent(slowly(1e-3, 1000, still)); // there may be nothing to learn
        assertThat(only(LEARNING_RATE_TOO_LOW, slowly(1e-6, 1000, still)).evidence())
                .contains("does not move");
    }

    @Test
    void aStuckAccuracyIsNotToldBesideTheRateThatItComesFrom() {
        History history = new History();
        double[] loss = {1.0, 1.2, 1.0, 1.2, 1.0};
        for (int i = 0; i < loss.length; i++) {
            history.add(i, new Logs().put("accuracy", 0.5).put("loss", loss[i]));
        }
        only(LEARNING_RATE_TOO_HIGH, Facts.of(history).steps(1000).classFrequencies(List.of(0.5, 0.5)));
    }

    @Test
    void halfOfTheUnitsAtZeroForManyInputsIsALayerOfDeadUnits() {
        silent(facts().relus(List.of(new ReluActivity("dense", 100, 0.49, 1000))));
        silent(facts().relus(List.of(new ReluActivity("dense", 100, 1, 255)))); // may be alive for others
        Finding finding = only(
                DEAD_RELU,
                facts().relus(List.of(new ReluActivity("dense", 100, 0.5, 256), new ReluActivity("next", 4, 1, 256))));
        assertThat(finding.evidence()).contains("'dense' 50 of 100", "50.0 %", "all 256 inputs", "'next' 4 of 4");
        assertThat(finding.advice()).contains("lower learning rate", "leaky_relu");
    }

    @Test
    void aValidationLossThatRisesWhileTheTrainingLossFallsIsOverfitting() {
        double[] training = {1.0, 0.8, 0.6, 0.4, 0.2};
        silent(Facts.of(losses(training, new double[] {1.0, 0.9, 0.5, 0.8, 0.9}))); // since two epochs
        silent(Facts.of(losses(training, new double[] {1.0, 0.8, 0.88, 0.87, 0.87})));
        silent(Facts.of(losses(training, new double[] {1.0, 0.8, 0.9, 0.87, 0.9}))); // once it was almost as good
        silent(Facts.of(losses(new double[] {1.0, 0.8, 0.79, 0.78, 0.73}, new double[] {1.0, 0.8, 0.9, 0.9, 0.9})));
        silent(Facts.of(history("loss", training)));
        Facts.Builder facts = Facts.of(losses(training, new double[] {1.0, 0.8, 0.9, 0.9, 0.89}));
        Finding finding = only(OVERFITTING, facts);
        assertThat(finding.evidence()).contains("lowest in epoch 2 (0.8)", "0.89 in epoch 5", "from 0.8 to 0.2");
        assertThat(finding.advice()).contains("Stop early", "dropout");
        assertThat(only(OVERFITTING, facts.restoresBest(true)).advice())
                .doesNotContain("Stop early")
                .contains("restored at the end already", "dropout");
    }

    private static Facts.Builder pace(double stepsPerSecond, Map<Part, Double> shares, double seconds) {
        Map<Part, Double> spent = new EnumMap<>(Part.class);
        shares.forEach((part, share) -> spent.put(part, share * seconds));
        return facts().pace(new Pace(stepsPerSecond, spent));
    }

    @Test
    void timeThatGoesElsewhereIsNamed() {
        silent(pace(10, Map.of(Part.DATA, 0.3, Part.FORWARD, 0.3, Part.BACKWARD, 0.4), 100));
        silent(facts().pace(new Pace(1, Map.of())));
        silent(pace(10, Map.of(Part.DATA, 0.32, Part.FORWARD, 0.68), 30)); // soon over
        silent(pace(0.1, Map.of(Part.FORWARD, 0.5, Part.BACKWARD, 0.5), 190)); // 19 cold steps
        assertThat(only(SLOW, pace(10, Map.of(Part.DATA, 0.32, Part.FORWARD, 0.68), 31))
                        .evidence())
                .contains("32.0 %", "waiting for batches", "10 steps a second");
        assertThat(only(SLOW, pace(10, Map.of(Part.CALLBACKS, 0.4, Part.FORWARD, 0.6), 31))
                        .advice())
                .contains("Save less often");
        assertThat(only(SLOW, pace(10, Map.of(Part.VALIDATION, 0.51, Part.FORWARD, 0.49), 31))
                        .evidence())
                .contains("51.0 %", "validation");
        assertThat(only(SLOW, pace(0.99, Map.of(Part.BACKWARD, 0.75, Part.FORWARD, 0.25), 31))
                        .evidence())
                .contains("0.99 steps", "25.0 %", "75.0 %");
    }

    @Test
    void theMostUrgentComesFirstAndWhatFollowsFromItIsLeftOut() {
        Facts.Builder facts = facts().relus(List.of(new ReluActivity("dense", 8, 1, 300)))
                .pace(new Pace(0.5, Map.of(Part.FORWARD, 60.0)))
                .fromLogits(List.of(new FromLogits("out", "loss 'l'", "out", "sigmoid", true)))
                .states(List.of(vanishing("rnn", 30, 60)));
        List<Finding> findings = Diagnosis.of(facts.build());
        assertThat(findings).extracting(Finding::kind).containsExactly(FROM_LOGITS, VANISHING_IN_TIME, DEAD_RELU, SLOW);
        assertThat(findings.get(2)).asString().startsWith("ReLU units are dead: in layer 'dense' 8 of 8 units");
        facts.nonFinite(new NonFinite(NonFinite.Place.GRADIENT, "rnn", 0, 0));
        assertThat(Diagnosis.of(facts.build()))
                .extracting(Finding::kind)
                .containsExactly(NON_FINITE, FROM_LOGITS, SLOW);
    }
}
