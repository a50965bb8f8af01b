package dev.rekur.layer.merging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AverageTest extends LayerContract {
    private static final Shape SHAPE = Shape.of(Shape.UNKNOWN, 2);

    AverageTest() {
        super("Average");
    }

    @Test
    void theMeanOfEachElement() {
        Room room = Room.of(new Average(), Map.of(), SHAPE, SHAPE, SHAPE);
        assertThat(room.run(
                                Tensor.of(new float[] {2f, 3f}, 1, 2),
                                Tensor.of(new float[] {5f, -1f}, 1, 2),
                                Tensor.of(new float[] {8f, 1f}, 1, 2))
                        .toArray())
                .containsExactly(5f, 1f);
    }
}
