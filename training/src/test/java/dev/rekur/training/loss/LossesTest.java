package dev.rekur.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.kernel.Activation;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossesTest {
    private static final String SPARSE = "sparse_categorical_crossentropy";

    @ParameterizedTest
    @CsvSource({
        "mse, MeanSquaredError, mse",
        "MeanSquaredError, MeanSquaredError, mean_squared_error",
        "mean_squared_error, MeanSquaredError, mean_squared_error",
        "MAPE, MeanAbsolutePercentageError, MAPE",
        "bce, BinaryCrossentropy, bce",
        "kullback_leibler_divergence, KLDivergence, kullback_leibler_divergence",
        "Huber, Huber, huber_loss",
        "huber, Huber, huber",
        "logcosh, LogCosh, logcosh"
    })
    void namesAreThoseOfKerasAndStayInLogs(String identifier, String className, String name) {
        Loss loss = Losses.named(identifier);
        assertThat(loss.function().className()).isEqualTo(className);
        assertThat(loss.name()).isEqualTo(name);
        assertThat(loss.serialized()).isEqualTo(identifier);
    }

    @Test
    void functionsAndObjectsOfBothKerasVersionsAreRead() {
        Loss function = read(Map.of("module", "builtins", "class_name", "function", "config", "poisson"));
        assertThat(function.name()).isEqualTo("poisson");
        Loss keras2 = read(Map.of(
                "class_name",
                "SparseCategoricalCrossentropy",
                "config",
                Map.of("reduction", "auto", "name", "sce", "from_logits", true, "fn", SPARSE)));
        assertThat(keras2.reduction()).isEqualTo(LossReduction.SUM_OVER_BATCH_SIZE);
        assertThat(keras2.name()).isEqualTo("sce");
        assertThat(keras2.isFromLogits()).isTrue();
        Loss wrapped = read(Map.of(
                "class_name",
                "LossFunctionWrapper",
                "config",
                Map.of("name", "h", "reduction", "sum", "fn", "huber", "delta", 2.0)));
        assertThat(wrapped.function()).isEqualTo(new Huber(2));
        assertThat(wrapped.reduction()).isEqualTo(LossReduction.SUM);
    }

    @Test
    void crossentropyIsDecidedByShapes() {
        Loss loss = Losses.named("ce");
        assertThat(decided(loss, Shape.of(-1), Shape.of(-1, 1))).isEqualTo("BinaryCrossentropy");
        assertThat(decided(loss, Shape.of(-1), Shape.of(-1, 5))).isEqualTo("SparseCategoricalCrossentropy");
        assertThat(decided(loss, Shape.of(-1, 1), Shape.of(-1, 5))).isEqualTo("SparseCategoricalCrossentropy");
        assertThat(decided(loss, Shape.of(-1, 5), Shape.of(-1, 5))).isEqualTo("CategoricalCrossentropy");
    }

    @Test
    void crossentropiesButTheFocalCategoricalGoBackToTheLogits() {
        for (Activation activation : List.of(Activation.SOFTMAX, Activation.SIGMOID)) {
            assertThat(Losses.named(SPARSE).ofLogits(activation).orElseThrow().function())
                    .isEqualTo(new SparseCategoricalCrossentropy(true, null));
            assertThat(new BinaryCrossentropy(true, 0.1).ofLogits(activation))
                    .as("whatever from_logits says")
                    .contains(new BinaryCrossentropy(true, 0.1));
            assertThat(Losses.named("binary_focal_crossentropy").ofLogits(activation))
                    .isPresent();
            assertThat(Losses.named("categorical_focal_crossentropy").ofLogits(activation))
                    .isEmpty();
            assertThat(Losses.named("mse").ofLogits(activation)).isEmpty();
        }
    }

    @Test
    void whatKerasMakesAnotherTensorOfIsNotTakenOfLogits() {
        assertThat(new SparseCategoricalCrossentropy(true, 1).ofLogits(Activation.SOFTMAX))
                .as("predictions of the ignored class are blanked first")
                .isEmpty();
        assertThat(new BinaryFocalCrossentropy(false, 0.25, 2, true, 0).ofLogits(Activation.SIGMOID))
                .as("a sigmoid is applied first")
                .isEmpty();
    }

    @Test
    void whatRekurLacksIsRefusedByNameWithWhatThereIs() {
        assertThatThrownBy(() -> Losses.named("dice"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("loss 'dice'")
                .hasMessageContaining("sparse_categorical_crossentropy");
        assertThat(problems(Map.of("class_name", "Custom", "config", Map.of(), "registered_name", "mine>Custom")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.finding()).contains("mine>Custom"));
        assertThat(problems(Map.of("class_name", "MeanSquaredError", "config", Map.of("reduction", "none"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.finding()).contains("'none'"));
        assertThat(problems(Map.of("class_name", "Poisson", "config", Map.of("novel", 1))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.finding()).contains("'novel'"));
        assertThat(problems(Map.of("class_name", "CategoricalCrossentropy", "config", Map.of("axis", 1))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.finding()).contains("axis 1"));
        assertThat(problems(17)).singleElement().satisfies(problem -> assertThat(problem.damaged())
                .isTrue());
    }

    @Test
    void labelsOutsideTheClassesAreNamed() {
        TargetAlignment vectors = TargetAlignment.of("output 'a'", Shape.of(-1), Shape.of(-1, 3));
        Loss loss = Losses.named(SPARSE);
        loss.checkTargets("output 'a'", vectors, 0, 3, new float[] {0, 1, 2});
        assertThatThrownBy(() -> loss.checkTargets("output 'a'", vectors, 64, 3, new float[] {0, 3, 2}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("output 'a', row 65: label 3 is not one of the model's 3 classes, 0 to 2");
        TargetAlignment steps = TargetAlignment.of("o", Shape.of(-1, 2), Shape.of(-1, 2, 3));
        assertThatThrownBy(() -> loss.checkTargets("o", steps, 0, 2, new float[] {0, 1, 1, 0.5f}))
                .hasMessageContaining("row 1, step 1: label 0.5");
        assertThatThrownBy(() -> loss.checkTargets("o", steps, 0, 1, new float[] {-1, 0}))
                .hasMessageContaining("label -1");
        Loss ignoring = Losses.named("SparseCategoricalCrossentropy", Map.of("ignore_class", -1));
        ignoring.checkTargets("o", steps, 0, 1, new float[] {-1, 0});
        assertThatThrownBy(() -> Losses.named("mse").checkTargets("o", steps(3), 0, 1, new float[] {1, Float.NaN, 1}))
                .hasMessageContaining("row 0: target is NaN");
    }

    @Test
    void targetsOfTheWrongWidthSayWhichLossWouldTakeThem() {
        TargetAlignment numbers = TargetAlignment.of("o", Shape.of(-1, 1), Shape.of(-1, 3));
        assertThatThrownBy(() ->
                        Losses.named("categorical_crossentropy").checkTargets("o", numbers, 0, 1, new float[] {1}))
                .hasMessageContaining("expected targets of 3 values, found 1")
                .hasMessageContaining("sparse_categorical_crossentropy");
        assertThatThrownBy(() -> Losses.named(SPARSE).checkTargets("o", steps(3), 0, 1, new float[3]))
                .hasMessageContaining("expected targets of 1 value, found 3")
                .hasMessageContaining("'categorical_crossentropy'");
        assertThatThrownBy(() -> TargetAlignment.of("o", Shape.of(-1, 4, 2), Shape.of(-1, 3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[None, 4, 2]");
        assertThatThrownBy(() -> TargetAlignment.of("o", Shape.of(-1, 4), Shape.of(-1, 3, 2)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aPredictionOfOneFeatureAStepIsSqueezedIfTargetsHaveNoSuchAxis() {
        assertThat(TargetAlignment.of("o", Shape.of(-1, 4), Shape.of(-1, 4, 1)))
                .isEqualTo(new TargetAlignment(1, 4, 4, true, TargetAlignment.Form.BINARY));
        assertThat(TargetAlignment.of("o", Shape.of(-1, 4, 1), Shape.of(-1, 4, 1)))
                .isEqualTo(new TargetAlignment(4, 1, 1, false, TargetAlignment.Form.BINARY));
    }

    @Test
    void anEmptyBatchCostsNothing() {
        Loss loss = Losses.named("mse");
        float[] none = {};
        loss.evaluate(0, none, 3, none, 3, none, none);
        assertThat(loss.reduce(0, steps(3), none, none, VectorWeights.NONE, none))
                .isZero();
    }

    private static TargetAlignment steps(int features) {
        return TargetAlignment.of("o", Shape.of(-1, features), Shape.of(-1, features));
    }

    private static String decided(Loss loss, Shape target, Shape prediction) {
        return loss.resolve(TargetAlignment.of("o", target, prediction))
                .function()
                .className();
    }

    private static Loss read(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Loss loss = Losses.fromConfig("$", serialized, problems).orElseThrow();
        assertThat(problems).isEmpty();
        return loss;
    }

    private static List<Problem> problems(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Losses.fromConfig("$.compile_config.loss", serialized, problems);
        return problems;
    }
}
