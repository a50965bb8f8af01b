package dev.rekur.layer.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class GruTest extends RecurrentContract {
    GruTest() {
        super("GRU");
    }

    @Test
    void resettingAfterTheProductTakesASecondRowOfBiases() {
        assertThat(bias(true)).isEqualTo(Shape.of(2, 9));
        assertThat(bias(false)).isEqualTo(Shape.of(9));
    }

    private Shape bias(boolean resetAfter) {
        List<WeightSpec> specs = read(minimalWith("reset_after", resetAfter)).weights(List.of(Shape.of(-1, -1, 4)));
        return specs.get(specs.size() - 1).shape();
    }
}
