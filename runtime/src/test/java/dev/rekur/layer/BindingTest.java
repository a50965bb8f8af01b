package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BindingTest {
    private static final FloatTensor CUBE = cube();
    private static final Binding BINDING = binding("cube");
    private static final Binding WRAPPED = binding("layer/cube").wrapped("layer", 5, List.of(), List.of());

    private static FloatTensor cube() {
        float[] values = new float[18];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return FloatTensor.wrap(Shape.of(3, 2, 3), values);
    }

    private static Binding binding(String path) {
        Shape shape = Shape.of(Shape.UNKNOWN, 4);
        return new RoomBinding(
                        new InputLayer(shape, ValueKind.FLOAT),
                        Map.of(path, CUBE),
                        List.of(),
                        List.of(),
                        List.of(),
                        false)
                .binding();
    }

    @Test
    void aWeightOfAnyRankIsPackedAsAMatrixOnceItIsSaidWhichDimensionsAreColumns() {
        assertThatIllegalArgumentException().isThrownBy(() -> BINDING.packed("cube"));
        PackedMatrix rows = BINDING.packed("cube", 2);
        assertThat(rows.rows()).isEqualTo(6);
        assertThat(rows.columns()).isEqualTo(3);
        PackedMatrix columns = BINDING.packed("cube", 1);
        assertThat(columns.rows()).isEqualTo(3);
        assertThat(columns.columns()).isEqualTo(6);
        assertThat(columns.values()[columns.panelAt(0) + columns.panelWidth(0) + 2])
                .isEqualTo(8);
    }

    @Test
    void aWrappedLayerFindsItsWeightsFurtherDownAndItsRowsArePartsOfRows() {
        assertThat(WRAPPED.weight("cube")).isEqualTo(CUBE);
        assertThat(WRAPPED.rowsOfEach()).isEqualTo(5);
        Slot scratch = WRAPPED.scratch(7);
        assertThat(scratch.rowSize()).isEqualTo(7);
        assertThat(WRAPPED.scratchInts(2).kind()).isEqualTo(ValueKind.INT);
    }
}
