package dev.rekur.layer.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubtractTest extends LayerContract {
    private static final Shape SHAPE = Shape.of(Shape.UNKNOWN, 2);

    SubtractTest() {
        super("Subtract");
    }

    @Test
    void theDifferenceOfEachElement() {
        Room room = Room.of(new Subtract(), Map.of(), SHAPE, SHAPE);
        assertThat(room.run(Tensor.of(new float[] {2f, 3f}, 1, 2), Tensor.of(new float[] {5f, -1f}, 1, 2))
                        .toArray())
                .containsExactly(-3f, 4f);
    }

    @Test
    void otherNumbersOfInputsAreRefused() {
        for (int inputs : new int[] {1, 3}) {
            assertThatThrownBy(() -> new Subtract().outputShapes(Collections.nCopies(inputs, SHAPE)))
                    .isInstanceOf(ShapeMismatchException.class)
                    .hasMessageContaining("expected two inputs, found " + inputs);
        }
    }
}
