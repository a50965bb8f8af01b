package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.tensor.FloatTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianDropoutTest extends RandomLayerContract {
    GaussianDropoutTest() {
        super("GaussianDropout", "rate");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void multipliesByNoiseOfMeanOneAndTheVarianceOfDropout(double rate) {
        FloatTensor noise = train(layer(rate), ones()).output();
        double variance = rate / (1 - rate);
        assertThat(mean(noise)).isCloseTo(1, within(SIGMAS * Math.sqrt(variance / COUNT)));
        assertThat(variance(noise)).isCloseTo(variance, within(SIGMAS * variance * Math.sqrt(2.0 / COUNT)));
    }

    @Test
    void drawsFromANormalDistribution() {
        FloatTensor noise = train(layer(0.5), ones()).output(); // deviation 1
        assertNormal(noise, 1, 1);
    }

    /** Fractions within one, two and three standard deviations. */
    static void assertNormal(FloatTensor values, double mean, double deviation) {
        double[] expected = {0.6826894921370859, 0.9544997361036416, 0.9973002039367398};
        for (int sigmas = 1; sigmas <= 3; sigmas++) {
            int inside = 0;
            for (float value : values.toArray()) {
                inside += Math.abs(value - mean) < sigmas * deviation ? 1 : 0;
            }
            double p = expected[sigmas - 1];
            assertThat((double) inside / values.size())
                    .as("within %d standard deviations", sigmas)
                    .isCloseTo(p, within(SIGMAS * Math.sqrt(p * (1 - p) / values.size())));
        }
    }

    @Test
    void multipliesTheGradientByTheSameNoise() {
        Fed fed = normal();
        FloatTensor noise = train(layer(0.3), ones()).output();
        Result result = train(layer(0.3), fed);
        for (int i = 0; i < COUNT; i++) {
            float x = ((FloatTensor) fed.inputs().get(0)).get(i);
            assertThat(result.output().get(i)).isEqualTo(x * noise.get(i));
            assertThat(result.inputGradient().get(i))
                    .isEqualTo(fed.cotangents().get(0).get(i) * noise.get(i));
        }
    }

    @Test
    void aRateOfOneCannotBeTrainedAsInKeras() {
        assertThatThrownBy(() -> train(layer(1.0), normal()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("rate 1");
    }
}
