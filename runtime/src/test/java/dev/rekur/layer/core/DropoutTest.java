package dev.rekur.layer.core;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.tensor.FloatTensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest extends RandomLayerContract {
    DropoutTest() {
        super("Dropout", "rate");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.25, 0.5, 0.9})
    void silencesTheFractionItIsToldAndScalesTheRest(double rate) {
        Result result = train(layer(rate), ones());
        assertSameBits("gradient", result.output(), result.inputGradient());
        int silenced = 0;
        for (float value : result.output().toArray()) {
            assertThat(value).isIn(0f, (float) (1 / (1 - rate)));
            silenced += value == 0 ? 1 : 0;
        }
        assertThat((double) silenced / COUNT).isCloseTo(rate, within(SIGMAS * Math.sqrt(rate * (1 - rate) / COUNT)));
    }

    @Test
    void whatIsKeptPassesTheGradient() {
        Fed fed = normal();
        FloatTensor factors = train(layer(0.4), ones()).output();
        Result result = train(layer(0.4), fed);
        for (int i = 0; i < COUNT; i++) {
            float x = ((FloatTensor) fed.inputs().get(0)).get(i);
            assertThat(result.output().get(i)).isEqualTo(x * factors.get(i) + 0f);
            assertThat(result.inputGradient().get(i))
                    .isEqualTo(fed.cotangents().get(0).get(i) * factors.get(i) + 0f);
        }
    }

    @Test
    void neighboursAreDrawnIndependently() {
        FloatTensor output = train(layer(0.5), ones()).output();
        for (int distance : new int[] {1, 2, FEATURES, STEPS * FEATURES}) {
            int pairs = COUNT - distance;
            int same = 0;
            for (int i = 0; i < pairs; i++) {
                same += output.get(i) == output.get(i + distance) ? 1 : 0;
            }
            assertThat((double) same / pairs)
                    .as("elements %d apart", distance)
                    .isCloseTo(0.5, within(SIGMAS * 0.5 / Math.sqrt(pairs)));
        }
    }

    @Test
    void aRateOfOneSilencesEverything() {
        Result result = train(layer(1), normal());
        for (int i = 0; i < result.output().size(); i++) {
            assertThat(Float.floatToRawIntBits(result.output().get(i)))
                    .as("output %d", i)
                    .isZero();
            assertThat(Float.floatToRawIntBits(result.inputGradient().get(i)))
                    .as("gradient %d", i)
                    .isZero();
        }
    }

    @Test
    void alongAnAxisOfExtentOneFeaturesAreSilencedTogether() {
        FloatTensor steps =
                train(new Dropout(0.5, Arrays.asList(-1, 1, -1)), ones()).output();
        FloatTensor features =
                train(new Dropout(0.5, Arrays.asList(-1, -1, 1)), ones()).output();
        FloatTensor rows =
                train(new Dropout(0.5, List.of(1, STEPS, FEATURES)), ones()).output();
        int silenced = 0;
        for (int i = 0; i < COUNT; i++) {
            int row = i / (STEPS * FEATURES);
            assertThat(steps.get(i)).isEqualTo(steps.get(row * STEPS * FEATURES + i % FEATURES));
            assertThat(features.get(i)).isEqualTo(features.get(i / FEATURES * FEATURES));
            assertThat(rows.get(i)).isEqualTo(rows.get(i % (STEPS * FEATURES)));
            silenced += rows.get(i) == 0 ? 1 : 0;
        }
        int draws = STEPS * FEATURES;
        assertThat((double) silenced / COUNT).isCloseTo(0.5, within(SIGMAS * 0.5 / Math.sqrt(draws)));
    }
}
