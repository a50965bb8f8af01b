package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationLayerTest extends LayerContract {
    ActivationLayerTest() {
        super("Activation");
    }

    static List<String> names() {
        return Activation.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasVectorsForEveryFunction(String name) {
        Activation function = Activation.named(name, 3).orElseThrow();
        assertThat(contractCase(function.kerasName()).outputs()).hasSize(1);
    }

    @Test
    void aGateOfAnOddNumberOfFeaturesIsRefused() {
        assertThatThrownBy(() -> new ActivationLayer(Activation.GLU).outputShapes(List.of(Shape.of(Shape.UNKNOWN, 3))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("even");
    }
}
