package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpatialDropout1DTest extends RandomLayerContract {
    SpatialDropout1DTest() {
        super("SpatialDropout1D", "rate");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.5, 0.8})
    void silencesAFeatureAtAllStepsOfARowOrAtNone(double rate) {
        Result result = train(layer(rate), ones());
        FloatTensor output = result.output();
        assertThat(result.inputGradient()).isEqualTo(output);
        int silenced = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < FEATURES; j++) {
                float first = output.get(row * STEPS * FEATURES + j);
                assertThat(first).isIn(0f, (float) (1 / (1 - rate)));
                silenced += first == 0 ? 1 : 0;
                for (int t = 1; t < STEPS; t++) {
                    assertThat(output.get((row * STEPS + t) * FEATURES + j)).isEqualTo(first);
                }
            }
        }
        int draws = ROWS * FEATURES;
        assertThat((double) silenced / draws).isCloseTo(rate, within(SIGMAS * Math.sqrt(rate * (1 - rate) / draws)));
    }

    @Test
    void anInputWithoutTimeIsRefused() {
        assertThatThrownBy(() -> layer(0.5).outputShapes(List.of(Shape.of(Shape.UNKNOWN, 5))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[batch, time, features]")
                .hasMessageContaining("[None, 5]");
    }
}
