package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedMatrixTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 17, 63, 64, 65, 80, 100, 128, 129})
    void everyElementStandsInItsPanelAndTheRestIsZero(int columns) {
        int rows = 3;
        int skipped = 2;
        float[] all = new float[rows * (columns + skipped)];
        for (int i = 0; i < all.length; i++) {
            all[i] = i + 1;
        }
        PackedMatrix packed = PackedMatrix.pack(
                FloatTensor.wrap(Shape.of(rows, columns + skipped), all), rows, columns + skipped, skipped, columns);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int panel = j / PackedMatrix.PANEL * PackedMatrix.PANEL;
                float value = packed.values()[packed.panelAt(panel) + i * packed.panelWidth(panel) + j - panel];
                assertThat(value).isEqualTo(all[i * (columns + skipped) + skipped + j]);
                sum += value;
            }
        }
        double total = 0;
        for (float value : packed.values()) {
            total += value;
        }
        assertThat(total).isEqualTo(sum);
        assertThat(packed.values().length % PackedMatrix.LANES).isZero();
    }
}
