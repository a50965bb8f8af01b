package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.tensor.FloatTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlphaDropoutTest extends RandomLayerContract {
    private static final double SATURATION = -1.7580993408473766;

    AlphaDropoutTest() {
        super("AlphaDropout", "rate");
    }

    @Override
    protected boolean canBeTrained(Case contract) {
        return ((AlphaDropout) layer(contract)).rate() < 1;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 0.9})
    void keepsMeanAndVarianceOfNormalInputs(double rate) {
        FloatTensor output = train(layer(rate), normal()).output();
        // mean of n values of variance 1; their variance has variance (kurtosis - 1) / n, and the kurtosis is that of a
        // mixture
        assertThat(mean(output)).isCloseTo(0, within(SIGMAS / Math.sqrt(COUNT)));
        assertThat(variance(output)).isCloseTo(1, within(SIGMAS * Math.sqrt((kurtosis(rate) - 1) / COUNT)));
    }

    /** Fourth moment of {@code a x + b} with probability 1 - rate and {@code a s + b} otherwise, {@code x} normal. */
    private static double kurtosis(double rate) {
        double a = 1 / Math.sqrt((1 - rate) * (1 + rate * SATURATION * SATURATION));
        double b = -a * SATURATION * rate;
        double kept = 3 * Math.pow(a, 4) + 6 * a * a * b * b + Math.pow(b, 4);
        return (1 - rate) * kept + rate * Math.pow(a * SATURATION + b, 4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void saturatesTheFractionItIsTold(double rate) {
        Fed fed = normal();
        Result result = train(layer(rate), fed);
        float a = (float) (1 / Math.sqrt((1 - rate) * (1 + rate * SATURATION * SATURATION)));
        double b = -SATURATION * rate * a;
        int saturated = 0;
        for (int i = 0; i < COUNT; i++) {
            float x = ((FloatTensor) fed.inputs().get(0)).get(i);
            float dx = result.inputGradient().get(i);
            boolean kept = dx != 0;
            saturated += kept ? 0 : 1;
            assertThat(dx).isEqualTo(kept ? a * fed.cotangents().get(0).get(i) : 0f);
            assertThat((double) result.output().get(i)).isCloseTo(a * (kept ? x : SATURATION) + b, within(1e-5));
        }
        assertThat((double) saturated / COUNT).isCloseTo(rate, within(SIGMAS * Math.sqrt(rate * (1 - rate) / COUNT)));
    }

    @Test
    void aRateOfOneCannotBeTrainedAsInKeras() {
        assertThatThrownBy(() -> train(layer(1.0), normal()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("rate of 1");
    }
}
