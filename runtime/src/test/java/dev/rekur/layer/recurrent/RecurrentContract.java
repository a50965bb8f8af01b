package dev.rekur.layer.recurrent;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SimpleRNN, LSTM and GRU have in common: how they walk time. */
abstract class RecurrentContract extends LayerContract {
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);
    private static final RecurrentOptions SEQUENCES = new RecurrentOptions(true, false, false, false, false);
    private static final RecurrentOptions STATES = new RecurrentOptions(true, true, false, false, false);

    /** 3 rows, 7 steps, 3 features. */
    private final Case sequences = contractCase("sequences");

    private final FloatTensor input = (FloatTensor) sequences.inputs().get(0).tensor();

    RecurrentContract(String className) {
        super(className);
    }

    private RecurrentLayer layer(RecurrentOptions options) {
        return ((RecurrentLayer) layer(sequences)).withOptions(options);
    }

    private Room.Result run(RecurrentOptions options, FloatTensor x, @Nullable IntTensor mask) {
        Room room = new Room(
                layer(options),
                sequences.weights(),
                List.of(x.shape().withBatch(Shape.UNKNOWN)),
                List.of(ValueKind.FLOAT),
                List.of(mask != null),
                false);
        return room.run(List.of(x), Arrays.asList(mask));
    }

    @Test
    void goBackwardsReversesTimeBeforeReturningSequences() {
        FloatTensor backwards = run(SEQUENCES.reversed(), input, null).floats();
        assertSameBits("sequence", run(SEQUENCES, reversed(input), null).floats(), backwards);
    }

    @Test
    void goBackwardsReversesTheMaskToo() {
        int[] flags = {1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1};
        int[] turned = new int[flags.length];
        for (int i = 0; i < flags.length; i++) {
            turned[i] = flags[i / 7 * 7 + 6 - i % 7];
        }
        FloatTensor backwards =
                run(SEQUENCES.reversed(), input, Tensor.of(flags, 3, 7)).floats();
        assertSameBits(
                "sequence",
                run(SEQUENCES, reversed(input), Tensor.of(turned, 3, 7)).floats(),
                backwards);
    }

    @Test
    void withoutSequencesTheLastStepIsPutOut() {
        FloatTensor all = run(SEQUENCES, input, null).floats();
        FloatTensor last = run(LAST, input, null).floats();
        for (int row = 0; row < 3; row++) {
            assertThat(step(last.reshape(3, 1, 5), row, 0)).isEqualTo(step(all, row, 6));
        }
    }

    @Test
    void theFirstStateIsTheLastOutput() {
        Room.Result result = run(STATES, input, null);
        FloatTensor state = ((FloatTensor) result.outputs().get(1)).reshape(3, 1, 5);
        for (int row = 0; row < 3; row++) {
            assertThat(step(state, row, 0)).isEqualTo(step(result.floats(), row, 6));
        }
    }

    @Test
    void maskedStepsRepeatThePreviousOutput() {
        FloatTensor output = run(SEQUENCES, input, mask(1, 1, 0, 0, 1, 0, 1)).floats();
        for (int row = 0; row < 3; row++) {
            assertThat(step(output, row, 2)).isEqualTo(step(output, row, 1));
            assertThat(step(output, row, 3)).isEqualTo(step(output, row, 1));
            assertThat(step(output, row, 5)).isEqualTo(step(output, row, 4));
            assertThat(step(output, row, 4)).isNotEqualTo(step(output, row, 3));
        }
    }

    @Test
    void maskedStepsPutOutZerosIfAskedTo() {
        RecurrentOptions zero = SEQUENCES.withZeroOutputForMask(true);
        FloatTensor output = run(zero, input, mask(1, 1, 0, 0, 1, 0, 1)).floats();
        FloatTensor repeating = run(SEQUENCES, input, mask(1, 1, 0, 0, 1, 0, 1)).floats();
        for (int step : new int[] {2, 3, 5}) {
            assertThat(step(output, 0, step)).containsOnly(0f);
        }
        for (int step : new int[] {0, 1, 4, 6}) {
            assertThat(step(output, 0, step)).isEqualTo(step(repeating, 0, step));
        }
    }

    @Test
    void aRowMaskedFromItsStartPutsOutZeros() {
        FloatTensor output = run(SEQUENCES, input, mask(0, 0, 1, 1, 1, 1, 1)).floats();
        assertThat(step(output, 1, 0)).containsOnly(0f);
        assertThat(step(output, 1, 1)).containsOnly(0f);
        assertThat(step(output, 1, 2)).doesNotContain(0f);
    }

    @Test
    void aRowMaskedThroughoutPutsOutZerosAndKeepsItsState() {
        Room.Result result = run(STATES, input, mask(0, 0, 0, 0, 0, 0, 0));
        assertThat(result.floats().toArray()).containsOnly(0f);
        assertThat(((FloatTensor) result.outputs().get(1)).toArray()).containsOnly(0f);
    }

    @Test
    void stepsThatAreMaskedHaveNoInfluenceWhateverTheyHold() {
        float[] values = input.toArray();
        for (int row = 0; row < 3; row++) {
            Arrays.fill(values, (row * 7 + 3) * 3, (row * 7 + 5) * 3, 1e30f);
        }
        IntTensor mask = mask(1, 1, 1, 0, 0, 1, 1);
        assertSameBits(
                "sequence",
                run(SEQUENCES, input, mask).floats(),
                run(SEQUENCES, Tensor.of(values, 3, 7, 3), mask).floats());
    }

    @Test
    void aMaskOfTruthsChangesNothing() {
        assertSameBits(
                "sequence",
                run(SEQUENCES, input, null).floats(),
                run(SEQUENCES, input, mask(1, 1, 1, 1, 1, 1, 1)).floats());
    }

    @Test
    void noStepsPutOutZeros() {
        FloatTensor nothing = Tensor.of(new float[0], 2, 0, 3);
        assertThat(run(LAST, nothing, null).floats().toArray()).hasSize(10).containsOnly(0f);
        IntTensor noMask = Tensor.of(new int[0], 2, 0);
        assertThat(run(LAST, nothing, noMask).floats().toArray()).hasSize(10).containsOnly(0f);
        assertThat(run(SEQUENCES, nothing, null).floats().shape()).isEqualTo(Shape.of(2, 0, 5));
    }

    @Test
    void aVectorInPlaceOfASequenceSaysReturnSequences() {
        assertThatThrownBy(() -> layer(LAST).outputShapes(List.of(Shape.of(Shape.UNKNOWN, 5))))
                .isInstanceOfSatisfying(ShapeMismatchException.class, mismatch -> {
                    assertThat(mismatch.finding())
                            .contains("[batch, time, features]")
                            .contains("[None, 5]");
                    assertThat(mismatch.remedy()).contains("return_sequences=True");
                });
    }

    @Test
    void anInputOfRankFourIsRefused() {
        assertThatThrownBy(() -> layer(LAST).outputShapes(List.of(Shape.of(-1, 2, 3, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[None, 2, 3, 4]");
    }

    @Test
    void aStateOfAnotherWidthOrNumberIsRefused() {
        Shape sequence = Shape.of(-1, -1, 3);
        Shape[] wrong = new Shape[layer(LAST).states()];
        Arrays.fill(wrong, Shape.of(-1, 4));
        List<Shape> inputs = new java.util.ArrayList<>(List.of(sequence));
        inputs.addAll(List.of(wrong));
        assertThatThrownBy(() -> layer(LAST).outputShapes(inputs))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[None, 5]")
                .hasMessageContaining("[None, 4]");
        inputs.add(Shape.of(-1, 5));
        assertThatThrownBy(() -> layer(LAST).outputShapes(inputs))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("initial state of " + layer(LAST).states());
    }

    @Test
    void timeAsTheFirstDimensionIsAProblem() {
        assertThat(problemsWith("time_major", true).toString()).contains("time_major");
        assertThat(problemsWith("time_major", false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0", "0, 0.4", "0.3, 0.4"})
    void dropoutHasGradientsThatFiniteDifferencesConfirm(double dropout, double recurrentDropout) {
        for (String name : List.of("sequences", "backwards", "masked sequences", "masked with initial state")) {
            Case contract = contractCase(name);
            RecurrentLayer layer = (RecurrentLayer) layer(contract);
            RecurrentOptions given = layer.options();
            confirmByFiniteDifferences(
                    layer.withOptions(new RecurrentOptions(
                            given.returnSequences(),
                            given.returnState(),
                            given.goBackwards(),
                            given.stateful(),
                            given.zeroOutputForMask(),
                            given.masksGivenStates(),
                            dropout,
                            recurrentDropout)),
                    contract);
        }
    }

    private static IntTensor mask(int... row) {
        int[] flags = new int[3 * row.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = row[i % row.length];
        }
        return Tensor.of(flags, 3, row.length);
    }

    private static FloatTensor reversed(FloatTensor sequence) {
        Shape shape = sequence.shape();
        int time = shape.dimension(1);
        int features = shape.dimension(2);
        float[] values = new float[sequence.size()];
        for (int i = 0; i < sequence.size() / features; i++) {
            sequence.copyTo((i / time * time + time - 1 - i % time) * features, values, i * features, features);
        }
        return FloatTensor.wrap(shape, values);
    }

    private static float[] step(FloatTensor sequence, int row, int step) {
        int units = sequence.shape().last();
        float[] values = new float[units];
        sequence.copyTo((row * sequence.shape().dimension(1) + step) * units, values, 0, units);
        return values;
    }
}
