package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.operation.LogicalOr;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.model.Model;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mask that is given to a call goes on with its output from Keras 3.11 on; before that, the one that the input carries does. */
class GivenMasksTest {
    private static final IntTensor TOKENS = Tensor.of(new int[] {1, 2, 0, 3}, 1, 4);
    private static final IntTensor NONE_BUT_THE_FIRST = Tensor.of(new int[] {1, 0, 0, 0}, 1, 4);
    private static final IntTensor ALL = Tensor.of(new int[] {1, 1, 1, 1}, 1, 4);
    private static final IntTensor AS_THE_TOKENS = Tensor.of(new int[] {1, 1, 0, 1}, 1, 4);

    @Test
    void theGivenMaskGoesOn() {
        assertThat(second(true, true, NONE_BUT_THE_FIRST))
                .isEqualTo(bothGiven(true, NONE_BUT_THE_FIRST, NONE_BUT_THE_FIRST));
    }

    @Test
    void theCarriedMaskGoesOnWhereTheGivenOneDoesNot() {
        assertThat(second(false, true, NONE_BUT_THE_FIRST))
                .isEqualTo(bothGiven(true, NONE_BUT_THE_FIRST, AS_THE_TOKENS));
    }

    @Test
    void noMaskGoesOnWhereTheInputCarriesNone() {
        assertThat(second(false, false, NONE_BUT_THE_FIRST)).isEqualTo(bothGiven(false, NONE_BUT_THE_FIRST, ALL));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyWhatGoesOnDiffers(boolean pass) {
        assertThat(second(pass, true, AS_THE_TOKENS)).isEqualTo(bothGiven(true, AS_THE_TOKENS, AS_THE_TOKENS));
    }

    @Test
    void masksThatEnterTheModelAreJoined() {
        GraphScript script = new GraphScript(7);
        Value tokens = script.input(ValueKind.INT, 4);
        Value mask = script.input(ValueKind.INT, 4);
        Value other = script.input(ValueKind.INT, 4);
        Value joined = script.call(new LogicalOr(), mask, other);
        Value embedded = script.call(new Embedding(5, 3, false), tokens);
        Model model = script.model(script.call("lstm", lstm(false), joined, embedded));
        IntTensor first = Tensor.of(new int[] {1, 0, 0, 0}, 1, 4);
        IntTensor second = Tensor.of(new int[] {0, 1, 0, 2}, 1, 4);
        IntTensor either = Tensor.of(new int[] {1, 1, 0, 1}, 1, 4);
        IntTensor neither = Tensor.of(new int[4], 1, 4);
        assertThat(model.predict(List.of(TOKENS, first, second)).get(0))
                .isEqualTo(model.predict(List.of(TOKENS, either, neither)).get(0))
                .isNotEqualTo(model.predict(List.of(TOKENS, first, neither)).get(0));
    }

    /** What a second recurrent layer makes of the output of one that is given a mask. */
    private static Tensor second(boolean pass, boolean maskZero, IntTensor mask) {
        GraphScript script = new GraphScript(7, pass);
        Value tokens = script.input(ValueKind.INT, 4);
        Value given = script.input(ValueKind.INT, 4);
        Value first = script.call("first", lstm(true), given, script.call(new Embedding(5, 3, maskZero), tokens));
        Model model = script.model(script.call("second", lstm(false), null, first));
        return model.predict(List.of(TOKENS, mask)).get(0);
    }

    private static Tensor bothGiven(boolean maskZero, IntTensor firstMask, IntTensor secondMask) {
        GraphScript script = new GraphScript(7, true);
        Value tokens = script.input(ValueKind.INT, 4);
        Value given = script.input(ValueKind.INT, 4);
        Value alsoGiven = script.input(ValueKind.INT, 4);
        Value first = script.call("first", lstm(true), given, script.call(new Embedding(5, 3, maskZero), tokens));
        Model model = script.model(script.call("second", lstm(false), alsoGiven, first));
        return model.predict(List.of(TOKENS, firstMask, secondMask)).get(0);
    }

    private static Lstm lstm(boolean sequences) {
        RecurrentOptions options = new RecurrentOptions(sequences, false, false, false, false);
        return new Lstm(3, Activation.TANH, Activation.SIGMOID, true, options);
    }
}
