package dev.rekur.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.Problem;
import dev.rekur.kernel.Activation;
import dev.rekur.tensor.Shape;
import dev.rekur.training.TrainingVectors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossVectorsTest {
    private static final double TOLERANCE = 2e-6;

    static List<TrainingVectors> cases() {
        return TrainingVectors.of("loss/losses.json");
    }

    static List<TrainingVectors> exactCases() {
        return cases().stream().filter(vectors -> vectors.has("exact")).toList();
    }

    static List<TrainingVectors> reducedCases() {
        return cases().stream().filter(vectors -> vectors.has("reductions")).toList();
    }

    @Test
    void everyCaseOfTheGeneratorIsThere() {
        assertThat(cases()).hasSize(124);
        assertThat(exactCases()).hasSize(89);
        assertThat(reducedCases()).hasSize(4);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAndDerivativesAreThoseOfKerasOnTensorFlow(TrainingVectors vectors) {
        Evaluation evaluation = new Evaluation(vectors);
        TrainingVectors.assertClose("values", evaluation.values, vectors.floats("values"), TOLERANCE);
        float[] want = vectors.floats("gradient");
        TrainingVectors.assertClose("gradient", evaluation.gradient, want, TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exactCases")
    void derivativesAreThoseOfKerasInDouble(TrainingVectors vectors) {
        TrainingVectors.assertClose("gradient", new Evaluation(vectors).gradient, vectors.floats("exact"), TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesDoNotDependOnWhetherDerivativesAreWanted(TrainingVectors vectors) {
        Evaluation evaluation = new Evaluation(vectors);
        float[] values = evaluation.values.clone();
        evaluation.evaluate(null);
        assertThat(evaluation.values).isEqualTo(values);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reducedCases")
    void reductionsAreThoseOfKeras(TrainingVectors vectors) {
        for (TrainingVectors part : vectors.parts("reductions")) {
            Evaluation evaluation = new Evaluation(vectors);
            LossReduction reduction =
                    LossReduction.named((String) part.get("reduction")).orElseThrow();
            boolean perStep = part.has("per_step") && (Boolean) part.get("per_step");
            VectorWeights weights = new VectorWeights(part.floatsOrNull("weights"), perStep, part.flagsOrNull("mask"));
            double loss = evaluation
                    .loss
                    .withReduction(reduction)
                    .reduce(
                            evaluation.rows,
                            evaluation.alignment,
                            evaluation.target,
                            evaluation.values,
                            weights,
                            evaluation.gradient);
            double want = part.number("loss");
            assertThat(loss).as(part.json().toString()).isCloseTo(want, within(TOLERANCE * (1 + Math.abs(want))));
            TrainingVectors.assertClose(
                    part.json().toString(), evaluation.gradient, part.floats("gradient"), TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writingAndReadingGivesTheSameLoss(TrainingVectors vectors) {
        Loss loss = new Evaluation(vectors).given;
        List<Problem> problems = new ArrayList<>();
        assertThat(Losses.fromConfig("$", loss.serialized(), problems)).contains(loss);
        assertThat(problems).isEmpty();
    }

    /** A case read, its loss evaluated. */
    private static final class Evaluation {
        final Loss given;
        final Loss loss;
        final TargetAlignment alignment;
        final int rows;
        final float[] target;
        final float[] prediction;
        final float[] values;
        final float[] gradient;

        Evaluation(TrainingVectors vectors) {
            List<Problem> problems = new ArrayList<>();
            Loss read = Losses.fromConfig("$", vectors.get("loss"), problems).orElseThrow();
            assertThat(problems).isEmpty();
            given = read;
            if (vectors.has("activation")) {
                Activation activation =
                        Activation.named((String) vectors.get("activation"), 3).orElseThrow();
                // the one loss that does not go back to the logits gives the same where nothing is at a bound
                read = read.function() instanceof CategoricalFocalCrossentropy focal
                        ? Loss.of(
                                new CategoricalFocalCrossentropy(focal.alpha(), focal.gamma(), true, focal.smoothing()))
                        : read.ofLogits(activation).orElseThrow();
            }
            loss = read;
            Shape shape = vectors.shape("prediction_shape");
            alignment = TargetAlignment.of("output", vectors.shape("target_shape"), shape);
            rows = shape.dimension(0);
            target = vectors.floats("target");
            prediction = vectors.floats("prediction");
            loss.checkTargets("output", alignment, 0, rows, target);
            values = new float[rows * alignment.steps()];
            gradient = new float[prediction.length];
            evaluate(gradient);
        }

        void evaluate(float @Nullable [] into) {
            loss.evaluate(
                    rows * alignment.steps(),
                    target,
                    alignment.targetFeatures(),
                    prediction,
                    alignment.features(),
                    values,
                    into);
        }
    }
}
