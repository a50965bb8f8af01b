package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest extends LayerContract {
    private static final FloatTensor VECTORS = Tensor.of(new float[] {0, 1, 10, 11, 20, 21}, 3, 2);

    EmbeddingTest() {
        super("Embedding");
    }

    private static Room room(ValueKind kind, boolean maskZero) {
        return new Room(
                new Embedding(3, 2, maskZero),
                Map.of("embeddings", VECTORS),
                List.of(Shape.of(Shape.UNKNOWN, 2)),
                List.of(kind),
                List.of(),
                false);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anIdOutsideTheVocabularyIsRefusedWithItsPlaceAndTheLimit(int id) {
        assertThatThrownBy(() ->
                        room(ValueKind.INT, false).run(List.of(Tensor.of(new int[] {0, 1, 2, id}, 2, 2)), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("layer 'room'")
                .hasMessageContaining("from 0 to 2")
                .hasMessageContaining("found " + id)
                .hasMessageContaining("row 1, position 1");
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, -1f, 3f, Float.NaN, Float.POSITIVE_INFINITY, 1e20f})
    void aFloatThatIsNoIdIsRefusedWithItsPlace(float id) {
        assertThatThrownBy(() ->
                        room(ValueKind.FLOAT, true).run(List.of(Tensor.of(new float[] {0, id, 1, 2}, 2, 2)), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("from 0 to 2")
                .hasMessageContaining("row 0, position 1");
    }

    @Test
    void negativeZeroIsAnIdAndPadding() {
        Room.Result result =
                room(ValueKind.FLOAT, true).run(List.of(Tensor.of(new float[] {-0f, 2f}, 1, 2)), List.of());
        assertThat(result.floats().toArray()).containsExactly(0, 1, 20, 21);
        assertThat(result.masks()).containsExactly(Tensor.of(new int[] {0, 1}, 1, 2));
    }

    @Test
    void sparseOutputIsAProblem() {
        assertThat(problemsWith("sparse", true)).hasSize(1);
        assertThat(problemsWith("sparse", false)).isEmpty();
    }

    @Test
    void aVocabularyOfNothingIsAProblem() {
        assertThat(problemsWith("input_dim", 0).toString())
                .contains("'input_dim'")
                .contains("at least 1");
        assertThat(problemsWith("output_dim", 2.5).toString())
                .contains("'output_dim'")
                .contains("2.5");
    }
}
