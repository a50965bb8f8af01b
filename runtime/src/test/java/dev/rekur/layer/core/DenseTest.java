package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class DenseTest extends LayerContract {
    DenseTest() {
        super("Dense");
    }

    @Test
    void unknownFeaturesAreRefused() {
        assertThatThrownBy(() -> read(minimalWith("units", 3)).weights(List.of(Shape.of(Shape.UNKNOWN, Shape.UNKNOWN))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[None, None]");
    }

    @Test
    void twoInputsAreRefused() {
        Shape input = Shape.of(Shape.UNKNOWN, 3);
        assertThatThrownBy(() -> read(minimalWith("units", 3)).outputShapes(List.of(input, input)))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("expected one input, found 2");
    }

    @Test
    void anActivationThatHalvesTheFeaturesIsRefused() {
        assertThatThrownBy(
                        () -> read(minimalWith("activation", "glu")).outputShapes(List.of(Shape.of(Shape.UNKNOWN, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("glu");
    }

    @Test
    void anUnknownActivationIsAProblemThatListsTheKnownOnes() {
        assertThat(problemsWith("activation", "zap").toString())
                .contains("'activation'")
                .contains("'zap'")
                .contains("softmax");
    }

    @Test
    void unitsMustBeAWholeNumberOfAtLeastOne() {
        for (Object units : new Object[] {0, -3, 1.5, "3", true, Long.MAX_VALUE}) {
            assertThat(problemsWith("units", units).toString())
                    .contains("'units'")
                    .contains(String.valueOf(units));
        }
        assertThat(problemsWith("units", null)).hasSize(1);
    }

    @Test
    void anotherPrecisionIsAProblem() {
        assertThat(problemsWith("dtype", "float16").toString())
                .contains("float16")
                .contains("float32");
        assertThat(problemsWith("dtype", "mixed_bfloat16")).hasSize(1);
        assertThat(problemsWith("dtype", "float32")).isEmpty();
    }
}
