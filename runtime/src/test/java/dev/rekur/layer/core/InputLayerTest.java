package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputLayerTest extends LayerContract {
    InputLayerTest() {
        super("InputLayer");
    }

    private InputLayer input(String key, Object value) {
        return (InputLayer) read(minimalWith(key, value));
    }

    @Test
    void itsKindFollowsFromTheDtype() {
        assertThat(input("dtype", "float32").kind()).isEqualTo(ValueKind.FLOAT);
        assertThat(input("dtype", "int64").kind()).isEqualTo(ValueKind.INT);
        assertThat(input("dtype", "bool").kind()).isEqualTo(ValueKind.INT);
        assertThat(input("dtype", "string").kind()).isEqualTo(ValueKind.TEXT);
    }

    @Test
    void aBatchThatTheFileFixesIsKept() {
        assertThat(input("batch_shape", List.of(2, 3)).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(input("batch_shape", List.of(2, 3)).outputShapes(List.of()))
                .containsExactly(Shape.of(Shape.UNKNOWN, 3));
    }

    @Test
    void aShapeThatIsNoneIsAProblem() {
        assertThat(problemsWith("batch_shape", null)).hasSize(1);
        assertThat(problemsWith("batch_shape", List.of())).hasSize(1);
        assertThat(problemsWith("batch_shape", Arrays.asList(null, -3)).toString())
                .contains("-3");
        assertThat(problemsWith("batch_shape", Arrays.asList(null, "x")).toString())
                .contains("x");
    }

    @Test
    void sparseAndRaggedInputsAreProblems() {
        assertThat(problemsWith("sparse", true).toString()).contains("sparse");
        assertThat(problemsWith("ragged", true).toString()).contains("ragged");
        assertThat(problemsWith("sparse", false)).isEmpty();
    }

    @Test
    void aDtypeThatRekurLacksIsAProblem() {
        assertThat(problemsWith("dtype", "complex64").toString()).contains("complex64");
    }
}
