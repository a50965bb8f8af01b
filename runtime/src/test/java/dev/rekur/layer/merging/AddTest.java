package dev.rekur.layer.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddTest extends LayerContract {
    AddTest() {
        super("Add");
    }

    private Layer add() {
        return read(Map.of());
    }

    @Test
    void addsFromTheFirstInputToTheLast() {
        Shape shape = Shape.of(Shape.UNKNOWN, 1);
        Room room = Room.of(add(), Map.of(), shape, shape, shape);
        Tensor big = Tensor.of(new float[] {1e8f}, 1, 1);
        Tensor negative = Tensor.of(new float[] {-1e8f}, 1, 1);
        Tensor one = Tensor.of(new float[] {1}, 1, 1);
        assertThat(room.run(big, negative, one).toArray()).containsExactly(1f);
        assertThat(room.run(big, one, negative).toArray()).containsExactly(0f);
    }

    @Test
    void oneInputIsRefused() {
        assertThatThrownBy(() -> add().outputShapes(List.of(Shape.of(Shape.UNKNOWN, 1))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("two inputs");
    }

    @Test
    void shapesThatDoNotFitAreRefusedWithBoth() {
        assertThatThrownBy(() -> add().outputShapes(List.of(Shape.of(Shape.UNKNOWN, 2), Shape.of(Shape.UNKNOWN, 3))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[None, 2]")
                .hasMessageContaining("[None, 3]");
    }

    @Test
    void anUnknownDimensionGivesWayToAKnownOne() {
        assertThat(add().outputShapes(List.of(Shape.of(-1, -1, 3), Shape.of(-1, 7, 3))))
                .containsExactly(Shape.of(-1, 7, 3));
    }
}
