package dev.rekur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void unknownDimensionsAreWrittenAsKerasWritesThem() {
        assertThat(Shape.of(Shape.UNKNOWN, 100, 128)).hasToString("[None, 100, 128]");
        assertThat(Shape.of()).hasToString("[]");
    }

    @Test
    void negativeAxesCountFromTheEnd() {
        Shape shape = Shape.of(2, 3, 5);
        assertThat(shape.dimension(-1)).isEqualTo(shape.last()).isEqualTo(5);
        assertThat(shape.dimension(-3)).isEqualTo(2);
        assertThat(shape.with(-2, 7)).isEqualTo(Shape.of(2, 7, 5));
        assertThat(shape.withBatch(9)).isEqualTo(Shape.of(9, 3, 5));
        assertThat(shape).isEqualTo(Shape.of(2, 3, 5));
    }

    @Test
    void sizesAreProductsOfDimensions() {
        assertThat(Shape.of(2, 3, 5).size()).isEqualTo(30);
        assertThat(Shape.of(2, 3, 5).rowSize()).isEqualTo(15);
        assertThat(Shape.of(Shape.UNKNOWN, 3, 5).rowSize()).isEqualTo(15);
        assertThat(Shape.of().size()).isEqualTo(1);
        assertThat(Shape.of(0, 3).size()).isZero();
    }

    @Test
    void sizesThatAreUnknownOrTooLargeAreArithmeticErrors() {
        assertThatThrownBy(() -> Shape.of(Shape.UNKNOWN, 3).size())
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("[None, 3]");
        assertThatThrownBy(() -> Shape.of(1, 1 << 16, 1 << 16).rowSize()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void nothingIsSmallerThanUnknown() {
        assertThatThrownBy(() -> Shape.of(1, -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");
    }

    @Test
    void unknownIsCompatibleWithAnythingOfTheSameRank() {
        assertThat(Shape.of(Shape.UNKNOWN, 3).isCompatibleWith(Shape.of(7, 3))).isTrue();
        assertThat(Shape.of(7, 3).isCompatibleWith(Shape.of(Shape.UNKNOWN, Shape.UNKNOWN)))
                .isTrue();
        assertThat(Shape.of(7, 3).isCompatibleWith(Shape.of(7, 4))).isFalse();
        assertThat(Shape.of(7, 3).isCompatibleWith(Shape.of(7))).isFalse();
    }

    @Test
    void theArrayOfDimensionsIsTheCallersOwn() {
        int[] dimensions = {2, 3};
        Shape shape = Shape.of(dimensions);
        dimensions[0] = 9;
        shape.dimensions()[1] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    }
}
