package dev.rekur.training.diagnosis;

import static dev.rekur.training.diagnosis.Finding.Kind.ACCURACY_STUCK;
import static dev.rekur.training.diagnosis.Finding.Kind.DEAD_RELU;
import static dev.rekur.training.diagnosis.Finding.Kind.EXPLODING_GRADIENTS;
import static dev.rekur.training.diagnosis.Finding.Kind.EXPLODING_IN_TIME;
import static dev.rekur.training.diagnosis.Finding.Kind.LEARNING_RATE_TOO_HIGH;
import static dev.rekur.training.diagnosis.Finding.Kind.LEARNING_RATE_TOO_LOW;
import static dev.rekur.training.diagnosis.Finding.Kind.NON_FINITE;
import static dev.rekur.training.diagnosis.Finding.Kind.OVERFITTING;
import static dev.rekur.training.diagnosis.Finding.Kind.SLOW;
import static dev.rekur.training.diagnosis.Finding.Kind.VANISHING_GRADIENTS;
import static dev.rekur.training.diagnosis.Finding.Kind.VANISHING_IN_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.training.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Pace.Part;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule on both sides of its thresholds. */
class DiagnosisTest {
    private static History history(String name, double... values) {
        History history = new History();
        for (int i = 0; i < values.length; i++) {
            history.add(i, new Logs().put(name, values[i]));
        }
        return history;
    }

    private static History losses(double[] training, double[] validation) {
        History history = new History();
        for (int i = 0; i < training.length; i++) {
            history.add(i, new Logs().put("loss", training[i]).put("val_loss", validation[i]));
        }
        return history;
    }

    private static Facts.Builder facts() {
        return Facts.of(new History());
    }

    private static void silent(Facts.Builder facts) {
        assertThat(Diagnosis.of(facts.build())).isEmpty();
    }

    private static Finding only(Finding.Kind kind, Facts.Builder facts) {
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
                                facts().clipped(true).nonFinite(new NonFinite(NonFinite.Place.ACTIVATION, "d", 0, 0)))
                        .advice())
                .contains("clipped already");
        assertThat(only(NON_FINITE, facts().nonFinite(new NonFinite(NonFinite.Place.DATA, "x", 0, 0)))
                        .advice())
                .contains("out of the data");
        assertThat(only(NON_FINITE, facts().nonFinite(new NonFinite(NonFinite.Place.LOSS, "y", 0, 0)))
                        .advice())
                .contains("labels", "from_logits");
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
    void gradientsTenTimesTheWeightsExplode() {
        silent(facts().layers(List.of(new LayerNorms("a", List.of(10.0), List.of(1.0)))));
        Facts.Builder facts = facts().layers(List.of(
                new LayerNorms("a", List.of(1.0, 1.0), List.of(1.0, 1.0)),
                new LayerNorms("b", List.of(1.0, 20.2), List.of(2.0, 2.0))));
        silent(facts().layers(List.of(new LayerNorms("bias", List.of(0.07, 0.99), List.of(0.001, 0.01)))));
        Finding finding = only(EXPLODING_GRADIENTS, facts);
        assertThat(finding.evidence())
                .contains("layer 'b'", "norm 20.2 on weights of norm 2 in epoch 2")
                .doesNotContain("'a'");
        assertThat(finding.advice()).contains("clipnorm", "layer normalization");
        assertThat(only(EXPLODING_GRADIENTS, facts.clipped(true)).advice()).contains("clipped already");
    }

    @Test
    void gradientsATenThousandthOfTheLargestVanish() {
        LayerNorms most = new LayerNorms("top", List.of(9.0, 1.0), List.of(1.0, 1.0));
        silent(facts().layers(List.of(new LayerNorms("low", List.of(1e-9, 2e-4), List.of(1.0, 2.0)), most)));
        Finding finding = only(
                VANISHING_GRADIENTS,
                facts().layers(List.of(new LayerNorms("low", List.of(1.0, 1.9e-4), List.of(1.0, 2.0)), most)));
        assertThat(finding.evidence())
                .contains("layer 'low'", "0.00019", "9.5e-05")
                .doesNotContain("'top'");
        assertThat(finding.advice()).contains("residual connections", "LSTM or GRU");
    }

    @Test
    void aLayerThatGetsNoGradientAtAllHasAVanishingOne() {
        LayerNorms most = new LayerNorms("top", List.of(1.0), List.of(1.0));
        only(VANISHING_GRADIENTS, facts().layers(List.of(new LayerNorms("low", List.of(0.0), List.of(1.0)), most)));
        silent(facts().layers(List.of(new LayerNorms("new", List.of(0.0), List.of(0.0)), most)));
        silent(facts().layers(List.of(new LayerNorms("none", List.of(), List.of()))));
    }

    @Test
    void normsOfGradientsAndWeightsGoTogether() {
        assertThatThrownBy(() -> new LayerNorms("a", List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void gradientsVanishThroughTimeBelowAThousandth() {
        silent(facts().states(List.of(new StateGradients("rnn", List.of(1e-3, 0.1, 1.0)))));
        Finding finding = only(
                VANISHING_IN_TIME, facts().states(List.of(new StateGradients("rnn", List.of(1e-9, 9e-4, 0.01, 1.0)))));
        assertThat(finding.evidence()).contains("'rnn'", "from step 3 of 4", "1e-09");
        assertThat(finding.advice()).contains("LSTM or GRU", "shorter sequences");
    }

    @Test
    void gradientsExplodeThroughTimeOverAThousandTimes() {
        silent(facts().states(List.of(new StateGradients("rnn", List.of(1000.0, 10.0, 1.0)))));
        Finding finding = only(
                EXPLODING_IN_TIME, facts().states(List.of(new StateGradients("rnn", List.of(1001.0, 10.0, 1.0, 0.0)))));
        assertThat(finding.evidence()).contains("from 1 at step 3 to 1001 at step 1");
        assertThat(finding.advice()).contains("clipnorm");
        silent(facts().states(List.of(new StateGradients("rnn", List.of(0.0, 0.0)))));
        only(EXPLODING_IN_TIME, facts().states(List.of(new StateGradients("rnn", List.of(1e6, 1e5, 0.5)))));
        // one long sequence among short ones
        silent(facts().states(List.of(new StateGradients("rnn", List.of(1001.0, 900.0, 300.0, 1.0)))));
        silent(facts().states(List.of(new StateGradients("rnn", List.of(Double.NaN, 1.0)))));
    }

    @Test
    void aLossThatRisesInHalfOfTheEpochsSaysTheRateIsTooHigh() {
        List<Double> rates = Collections.nCopies(5, 0.5);
        silent(Facts.of(history("loss", 1.0, 1.1, 1.0, 1.1, 0.9)).learningRates(rates));
        silent(Facts.of(history("loss", 1.0, 0.99, 0.98, 0.97, 0.975)).learningRates(rates));
        silent(Facts.of(history("loss", 1.0, 1.1, 1.2)));
        Finding finding = only(
                LEARNING_RATE_TOO_HIGH,
                Facts.of(history("loss", 1.0, 1.1, 1.0, 1.1, 0.95)).learningRates(rates));
        assertThat(finding.evidence()).contains("from 1 to 0.95 in 5 epochs", "rises in 2", "rate of 0.5");
        assertThat(finding.advice()).contains("0.05");
    }

    @Test
    void aLossThatTremblesWithoutMovingSaysTheRateIsTooLow() {
        Finding finding = only(LEARNING_RATE_TOO_LOW, Facts.of(history("loss", 1.793, 1.7931, 1.7929, 1.7932)));
        assertThat(finding.evidence()).contains("hardly moves");
        silent(Facts.of(history("loss", 1.793, 1.7931, 1.7929, 1.7932)).learningRates(Collections.nCopies(4, 1.0)));
    }

    @Test
    void aLossThatHardlyFallsSaysTheRateIsTooLow() {
        silent(Facts.of(history("loss", 1.0, 0.99, 0.985, 0.98)));
        silent(Facts.of(history("loss", 1.0, 1.0, 1.0, 1.0)));
        Finding finding = only(
                LEARNING_RATE_TOO_LOW,
                Facts.of(history("loss", 1.0, 0.995, 0.99, 0.981)).learningRates(Collections.nCopies(4, 1e-6)));
        assertThat(finding.evidence()).contains("from 1 to 0.981", "1e-06");
        assertThat(finding.advice()).contains("1e-05");
    }

    @Test
    void anAccuracyAtTheShareOfTheMostFrequentClassIsStuck() {
        List<Double> classes = List.of(0.2, 0.5, 0.3);
        silent(Facts.of(history("accuracy", 0.5, 0.53, 0.5)).classFrequencies(classes));
        silent(Facts.of(history("accuracy", 0.5, 0.5)).classFrequencies(classes));
        silent(Facts.of(history("accuracy", 0.5, 0.5, 0.5)));
        silent(Facts.of(history("accuracy", 0.96, 0.96, 0.96)).classFrequencies(List.of(0.96, 0.04)));
        Finding finding = only(
                ACCURACY_STUCK,
                Facts.of(history("accuracy", 0.1, 0.49, 0.515, 0.51)).classFrequencies(classes));
        assertThat(finding.evidence()).contains("accuracy is 0.51", "3 classes (50.0 % of the labels)");
        assertThat(finding.advice()).contains("ten times lower", "shuffled", "labels belong", "class weights");
    }

    @Test
    void aStuckAccuracyGoesWithWhatTheLossSaysOfTheRate() {
        History history = new History();
        double[] loss = {1.0, 1.2, 1.0, 1.2};
        for (int i = 0; i < loss.length; i++) {
            history.add(i, new Logs().put("accuracy", 0.5).put("loss", loss[i]));
        }
        List<Finding> findings = Diagnosis.of(
                Facts.of(history).classFrequencies(List.of(0.5, 0.5)).build());
        assertThat(findings).extracting(Finding::kind).containsExactly(LEARNING_RATE_TOO_HIGH, ACCURACY_STUCK);
        assertThat(findings.get(1).advice()).startsWith("First lower the learning rate");
    }

    @Test
    void halfOfTheUnitsAtZeroIsALayerOfDeadUnits() {
        silent(facts().relus(List.of(new ReluActivity("dense", 100, 0.49))));
        Finding finding = only(DEAD_RELU, facts().relus(List.of(new ReluActivity("dense", 100, 0.5))));
        assertThat(finding.evidence()).contains("'dense' 50 of 100", "50.0 %");
        assertThat(finding.advice()).contains("lower learning rate", "leaky_relu");
    }

    @Test
    void aValidationLossThatRisesWhileTheTrainingLossFallsIsOverfitting() {
        double[] training = {1.0, 0.8, 0.6, 0.4, 0.2};
        silent(Facts.of(losses(training, new double[] {1.0, 0.9, 0.5, 0.8, 0.9})));
        silent(Facts.of(losses(training, new double[] {1.0, 0.8, 0.85, 0.84, 0.84})));
        silent(Facts.of(losses(new double[] {1.0, 0.8, 0.7, 0.6, 0.8}, new double[] {1.0, 0.8, 0.9, 0.9, 0.9})));
        silent(Facts.of(history("loss", training)));
        Finding finding = only(OVERFITTING, Facts.of(losses(training, new double[] {1.0, 0.8, 0.9, 0.9, 0.85})));
        assertThat(finding.evidence()).contains("lowest in epoch 2 (0.8)", "0.85 in epoch 5", "from 0.8 to 0.2");
        assertThat(finding.advice()).contains("Stop early", "dropout");
    }

    @Test
    void timeThatGoesElsewhereIsNamed() {
        silent(facts().pace(new Pace(10, Map.of(Part.DATA, 3.0, Part.FORWARD, 3.0, Part.BACKWARD, 4.0))));
        silent(facts().pace(new Pace(1, Map.of())));
        assertThat(only(SLOW, facts().pace(new Pace(10, Map.of(Part.DATA, 3.2, Part.FORWARD, 6.8))))
                        .evidence())
                .contains("32.0 %", "waiting for batches", "10 steps a second");
        assertThat(only(SLOW, facts().pace(new Pace(10, Map.of(Part.CALLBACKS, 4.0, Part.FORWARD, 6.0))))
                        .advice())
                .contains("Save less often");
        assertThat(only(SLOW, facts().pace(new Pace(10, Map.of(Part.VALIDATION, 5.1, Part.FORWARD, 4.9))))
                        .evidence())
                .contains("51.0 %", "validation");
        assertThat(only(SLOW, facts().pace(new Pace(0.99, Map.of(Part.BACKWARD, 3.0, Part.FORWARD, 1.0))))
                        .evidence())
                .contains("0.99 steps", "25.0 %", "75.0 %");
    }

    @Test
    void theMostUrgentComesFirst() {
        List<Finding> findings = Diagnosis.of(Facts.of(history("loss", 1.0, Double.NaN))
                .relus(List.of(new ReluActivity("dense", 8, 1)))
                .pace(new Pace(0.5, Map.of()))
                .states(List.of(new StateGradients("rnn", List.of(0.0, 1.0))))
                .build());
        assertThat(findings).extracting(Finding::kind).containsExactly(NON_FINITE, VANISHING_IN_TIME, DEAD_RELU, SLOW);
        assertThat(findings.get(2)).asString().startsWith("ReLU units are dead: in layer 'dense' 8 of 8 units");
    }
}
