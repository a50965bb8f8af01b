package dev.rekur.layer.core;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.tensor.FloatTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianNoiseTest extends RandomLayerContract {
    GaussianNoiseTest() {
        super("GaussianNoise", "stddev");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1})
    void addsNoiseOfMeanZeroAndTheStandardDeviation(double deviation) {
        FloatTensor output = train(layer(deviation), ones()).output();
        double variance = deviation * deviation;
        assertThat(mean(output)).isCloseTo(1, within(SIGMAS * deviation / Math.sqrt(COUNT)));
        assertThat(variance(output)).isCloseTo(variance, within(SIGMAS * variance * Math.sqrt(2.0 / COUNT)));
        GaussianDropoutTest.assertNormal(output, 1, deviation);
    }

    @Test
    void passesTheGradientOn() {
        Fed fed = normal();
        assertSameBits(
                "gradient", fed.cotangents().get(0), train(layer(0.7), fed).inputGradient());
    }
}
