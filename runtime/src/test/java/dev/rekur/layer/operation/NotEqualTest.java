package dev.rekur.layer.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotEqualTest extends LayerContract {
    NotEqualTest() {
        super("ops.NotEqual");
    }

    @Test
    void comparingWithAnythingButAConstantIsAProblem() {
        assertThat(problemsWith("arguments", List.of("__tensor__", "__tensor__"))
                        .toString())
                .contains("__tensor__");
        assertThat(problemsWith("arguments", List.of(1, "__tensor__"))).hasSize(1);
        assertThat(problemsWith("arguments", null)).hasSize(1);
    }

    @Test
    void notANumberDiffersFromEverythingAndZerosOfBothSignsAreEqual() {
        Room room = Room.of(new NotEqual(0), Map.of(), Shape.of(Shape.UNKNOWN, 3));
        Room.Result result = room.run(List.of(Tensor.of(new float[] {Float.NaN, -0f, 0f}, 1, 3)), List.of());
        assertThat(result.outputs()).containsExactly(Tensor.of(new int[] {1, 0, 0}, 1, 3));
    }
}
