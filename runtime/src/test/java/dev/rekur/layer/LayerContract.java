package dev.rekur.layer;

import static dev.rekur.tensor.Comparison.assertAgrees;
import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.layer.ContractVectors.Value;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every room promises. A room's test extends this, names the room, and adds what is special about it. The numbers come
 * from real Keras: see {@link ContractVectors}.
 */
public abstract class LayerContract extends AdjointContract {
    /**
     * @param className Keras's name of the class, as the registry has it
     */
    protected LayerContract(String className) {
        super(className);
    }

    @Test
    void theRegistryHasTheRoom() {
        assertThat(StandardLayers.registry().has(className())).isTrue();
    }

    @Test
    void aMinimalConfigurationHasKerassDefaults() {
        assertThat(Objects.requireNonNull(read(vectors().minimal())).unnamed())
                .isEqualTo(Objects.requireNonNull(read(vectors().defaults())).unnamed());
    }

    @Test
    void anUnknownKeyIsAProblemThatNamesIt() {
        List<Problem> problems = new ArrayList<>();
        read(with(vectors().defaults(), "surprise", 7), problems);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).toString())
                .contains("'surprise' = 7")
                .contains("layer 'it'")
                .contains("$.it");
    }

    @Test
    void anUnknownKeyWithoutAValueIsIgnored() {
        assertThat(read(with(vectors().defaults(), "surprise", null)))
                .isEqualTo(read(vectors().defaults()));
    }

    @TestFactory
    Stream<DynamicTest> readsWhatKerasWritesAndGivesTheRoomKerassName() {
        return each(contract ->
                assertThat(layer(contract).className()).isEqualTo(className().replace("ops.", "")));
    }

    @TestFactory
    Stream<DynamicTest> readsWhatItWrites() {
        return each(contract -> {
            List<Problem> problems = new ArrayList<>();
            NamedLayer read = Objects.requireNonNull(named(contract.layer(), 3, problems));
            Map<String, Object> written = new HashMap<>(read.toObject());
            written.put("class_name", className()); // operations have another name in the registry
            assertThat(named(written, 3, problems)).isEqualTo(read);
            assertThat(problems).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> infersKerassOutputShapesWithUnknownDimensions() {
        return each(contract ->
                assertThat(layer(contract).outputShapes(contract.inputShapes())).isEqualTo(contract.outputShapes()));
    }

    @TestFactory
    Stream<DynamicTest> hasKerassWeightsInKerassOrder() {
        return each(contract -> {
            List<WeightSpec> specs = layer(contract).weights(contract.inputShapes());
            assertThat(specs).isEqualTo(contract.specs());
            assertThat(specs.stream().mapToInt(spec -> spec.shape().size()).sum())
                    .isEqualTo(contract.parameters());
        });
    }

    @TestFactory
    Stream<DynamicTest> computesWhatKerasComputes() {
        return computing(contract -> {
            Room.Result result = Room.of(layer(contract), contract, false).run(inputs(contract), masks(contract));
            assertThat(result.outputs()).hasSameSizeAs(contract.outputs());
            for (int i = 0; i < contract.outputs().size(); i++) {
                assertAgrees(
                        "output " + i,
                        contract.outputs().get(i).tensor(),
                        result.outputs().get(i));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> masksWhatKerasMasks() {
        return computing(contract -> {
            Room.Result result = Room.of(layer(contract), contract, false).run(inputs(contract), masks(contract));
            for (int i = 0; i < contract.outputs().size(); i++) {
                Value mask = contract.outputMasks().get(i);
                assertThat(result.masks().get(i))
                        .as("mask of output " + i)
                        .isEqualTo(mask == null ? null : mask.tensor());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> givesEachRowOfABatchTheBitsItHasAlone() {
        return computing(contract -> {
            Room room = Room.of(layer(contract), contract, false);
            Room.Result together = room.run(inputs(contract), masks(contract));
            int rows = inputs(contract).get(0).shape().dimension(0);
            for (int row = 0; row < rows; row++) {
                Room.Result alone = room.run(
                        Rows.of(inputs(contract), row, 1).stream()
                                .map(Objects::requireNonNull)
                                .toList(),
                        Rows.of(masks(contract), row, 1));
                for (int i = 0; i < alone.outputs().size(); i++) {
                    assertSameBits(
                            "row " + row,
                            Rows.of(together.outputs().get(i), row, 1),
                            alone.outputs().get(i));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> leavesInputsAndWeightsAsTheyAre() {
        return computing(contract -> {
            Map<String, FloatTensor> before = new HashMap<>();
            contract.weights()
                    .forEach((path, weight) -> before.put(
                            path, Tensor.of(weight.toArray(), weight.shape().dimensions())));
            Room room = Room.of(layer(contract), contract, false);
            List<float[]> derived =
                    room.binding().sharedArrays().stream().map(float[]::clone).toList();
            RoomBinding.Memory memory =
                    room.binding().memory(inputs(contract).get(0).shape().dimension(0));
            room.run(memory, inputs(contract), masks(contract));
            assertThat(contract.weights()).isEqualTo(before);
            assertThat(Arrays.deepEquals(room.binding().sharedArrays().toArray(), derived.toArray()))
                    .as("what is derived from weights is not written to")
                    .isTrue();
            for (int i = 0; i < contract.inputs().size(); i++) {
                Tensor input = contract.inputs().get(i).tensor();
                Tensor after = Room.get(memory, room.binding().input(i), input.shape());
                assertThat(asFloats(after)).as("input " + i).isEqualTo(asFloats(input));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> readsNothingThatWasNotWritten() {
        return computing(contract -> {
            Room room = Room.of(layer(contract), contract, false);
            Room.Result poisoned = room.run(inputs(contract), masks(contract));
            RoomBinding.Memory other =
                    room.binding().memory(inputs(contract).get(0).shape().dimension(0) + 3);
            other.poison(12345f, 54321, false);
            assertSame(poisoned, room.run(other, inputs(contract), masks(contract)));
            assertThat(other.guardsHold(12345f, 54321, false)).isTrue();
        });
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameBitsTwiceInTheSameMemory() {
        return computing(contract -> {
            Room room = Room.of(layer(contract), contract, false);
            RoomBinding.Memory memory =
                    room.binding().memory(inputs(contract).get(0).shape().dimension(0));
            Room.Result first = room.run(memory, inputs(contract), masks(contract));
            assertSame(first, room.run(memory, inputs(contract), masks(contract)));
        });
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameBitsInPlaceIfItSaysSo() {
        return computing(contract -> {
            Layer layer = layer(contract);
            if (layer.worksInPlace()) {
                assertThat(layer.outputShapes(contract.inputShapes())).isEqualTo(contract.inputShapes());
                Room.Result apart = Room.of(layer, contract, false).run(inputs(contract), masks(contract));
                assertSame(apart, Room.of(layer, contract, true).run(inputs(contract), masks(contract)));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> isTheIdentityInInferenceIfItSaysSo() {
        return computing(contract -> {
            if (layer(contract).isIdentityInInference()) {
                Room.Result result = Room.of(layer(contract), contract, false).run(inputs(contract), masks(contract));
                assertSameBits(
                        "output", inputs(contract).get(0), result.outputs().get(0));
            }
        });
    }

    private static void assertSame(Room.Result expected, Room.Result found) {
        for (int i = 0; i < expected.outputs().size(); i++) {
            assertSameBits(
                    "output " + i, expected.outputs().get(i), found.outputs().get(i));
        }
        assertThat(found.masks()).isEqualTo(expected.masks());
    }

    private static float[] asFloats(Tensor tensor) {
        float[] values = new float[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor instanceof FloatTensor floats ? floats.get(i) : ((IntTensor) tensor).get(i);
        }
        return values;
    }
}
