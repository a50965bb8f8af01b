package dev.rekur.layer.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogicalOrTest extends LayerContract {
    LogicalOrTest() {
        super("ops.LogicalOr");
    }

    @Test
    void masksOfDifferentLengthAreRefused() {
        assertThatThrownBy(() -> new LogicalOr().outputShapes(List.of(Shape.of(-1, 3), Shape.of(-1, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("equal shape");
    }

    @Test
    void booleansThatEnterTheModelAreTaken() {
        assertThat(new LogicalOr().takes(0, ValueKind.FLAG)).isTrue();
        assertThat(new LogicalOr().takes(1, ValueKind.INT)).isTrue();
        assertThat(new LogicalOr().takes(1, ValueKind.FLOAT)).isFalse();
    }
}
