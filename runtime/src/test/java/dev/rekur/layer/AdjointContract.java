package dev.rekur.layer;

import static dev.rekur.layer.StepComparison.assertAgree;
import static dev.rekur.layer.StepComparison.assertSame;
import static dev.rekur.layer.StepComparison.present;
import static dev.rekur.tensor.Comparison.assertAgrees;
import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.ContractVectors.Gradients;
import dev.rekur.layer.ContractVectors.Training;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Poison;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.RoomStep.Way;
import dev.rekur.layer.TrainingRoomBinding.Flow;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every room promises of its part in training. Gradients come from real Keras in double precision. Every run is guarded and
 * poisoned: see {@link TrainingRoom}.
 */
public abstract class AdjointContract extends ContractCases {
    private static final long SEED = 20_261_125;

    /** Keys of configurations that make training draw at random where they are above zero. */
    private static final Set<String> RATES = Set.of("dropout", "recurrent_dropout", "rate", "stddev");

    AdjointContract(String className) {
        super(className);
    }

    /** Whether the layer's outputs have derivatives that finite differences can find. */
    protected boolean isSmooth(Case contract) {
        return true;
    }

    @TestFactory
    Stream<DynamicTest> computesInTrainingTheBitsOfInference() {
        return differentiated(contract -> !isRandom(contract), contract -> {
            Flow flow = contract.training() == null ? everything(contract) : frozen(contract);
            List<Tensor> outputs = run(contract, flow).outputs();
            List<Tensor> inference = run(contract).outputs();
            for (int i = 0; i < outputs.size(); i++) {
                assertSameBits("output " + i, inference.get(i), outputs.get(i));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> hasKerassGradients() {
        return differentiated(contract -> !isRandom(contract), contract -> {
            Training training = contract.training();
            Gradients expected = training == null ? gradients(contract) : training.gradients();
            Result found = run(contract, everything(contract));
            assertAgree(expected.inputs(), found.inputGradients());
            assertAgree(expected.weights(), found.weightGradients());
        });
    }

    @TestFactory
    Stream<DynamicTest> passesKerassGradientsOnWhenFrozen() {
        return differentiated(contract -> !isRandom(contract), contract -> {
            Result found = run(contract, frozen(contract));
            assertAgree(gradients(contract).inputs(), found.inputGradients());
            assertThat(found.weights()).isEqualTo(contract.weights());
        });
    }

    @TestFactory
    Stream<DynamicTest> computesInTrainingWhatKerasComputesAndLeavesKerassWeights() {
        return differentiated(contract -> true, contract -> {
            Result found = run(contract, everything(contract));
            Training training = contract.training();
            if (training == null) {
                assertThat(found.weights()).as("weights").isEqualTo(contract.weights());
                return;
            }
            for (int i = 0; i < training.outputs().size(); i++) {
                assertAgrees(
                        "output " + i,
                        training.outputs().get(i),
                        found.outputs().get(i));
            }
            assertAgree(training.weightsAfter(), found.weights());
        });
    }

    @TestFactory
    Stream<DynamicTest> readsInTrainingNothingThatWasNotWrittenOrKept() {
        return differentiated(contract -> true, contract -> {
            Fed fed = Fed.of(contract);
            Way way = Way.whole(fed.rows());
            Result nans = room(contract, everything(contract)).run(fed, way);
            Result numbers = room(contract, everything(contract)).run(fed, way.poisonedWith(Poison.NUMBERS));
            assertSame(nans, numbers);
            List<@Nullable FloatTensor> written = new ArrayList<>(nans.inputGradients());
            written.addAll(nans.weightGradients().values());
            written.stream().filter(Objects::nonNull).forEach(gradient -> assertThat(gradient.toArray())
                    .doesNotContain(Float.NaN));
        });
    }

    @TestFactory
    Stream<DynamicTest> trainsToTheSameBitsTwice() {
        return differentiated(contract -> true, contract -> {
            Fed fed = Fed.of(contract);
            TrainingRoom room = room(contract, everything(contract));
            Result first = room.run(fed, Way.whole(fed.rows()));
            Result second = room.run(fed, Way.whole(fed.rows()));
            assertSame(first, second);
        });
    }

    @TestFactory
    Stream<DynamicTest> addsToGradientsOfWeightsAndOverwritesThoseOfInputs() {
        return differentiated(contract -> true, contract -> {
            Fed fed = Fed.of(contract);
            Way way = Way.whole(fed.rows());
            Result once = room(contract, everything(contract)).run(fed, way);
            Result twice = room(contract, everything(contract)).run(fed, way.repeated(2));
            once.weightGradients()
                    .forEach((path, gradient) -> assertAgrees(
                            path, doubled(gradient), twice.weightGradients().get(path)));
            for (int i = 0; i < once.inputGradients().size(); i++) {
                if (once.inputGradients().get(i) != null) {
                    assertSameBits(
                            "input " + i,
                            once.inputGradients().get(i),
                            twice.inputGradients().get(i));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> takesAMissingOutputGradientForZero() {
        return differentiated(contract -> true, contract -> {
            Flow all = everything(contract);
            for (Set<Integer> present : properSubsets(all.outputs())) {
                // a node that no gradient reaches is not asked for any
                Set<Integer> asked = present.isEmpty() ? Set.of() : all.inputs();
                Flow flow = new Flow(true, present, asked, all.weights());
                Fed fed = Fed.of(contract);
                Result found = room(contract, flow).run(fed, Way.whole(fed.rows()));
                Result zeros = room(contract, all).run(silenced(fed, present), Way.whole(fed.rows()));
                assertAgree(zeros.weightGradients(), found.weightGradients());
                if (!present.isEmpty()) {
                    assertAgree(zeros.inputGradients(), found.inputGradients());
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameGradientsWhenOneOfAnInputIsNotWanted() {
        return differentiated(contract -> true, contract -> {
            Flow all = everything(contract);
            Result expected = run(contract, all);
            List<Set<Integer>> wanted = new ArrayList<>();
            all.inputs().forEach(input -> wanted.add(without(all.inputs(), input)));
            wanted.add(Set.of());
            for (Set<Integer> inputs : wanted) {
                Result found = run(contract, new Flow(true, all.outputs(), inputs, all.weights()));
                assertSame(expected.weightGradients(), found.weightGradients());
                for (int input : inputs) {
                    assertSameBits(
                            "input " + input,
                            expected.inputGradients().get(input),
                            found.inputGradients().get(input));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameGradientsWhenAWeightIsFrozen() {
        return differentiated(contract -> true, contract -> {
            Flow all = everything(contract);
            Result expected = run(contract, all);
            for (String path : all.weights()) {
                Set<String> weights = without(all.weights(), path);
                Result found = run(contract, new Flow(true, all.outputs(), all.inputs(), weights));
                assertThat(found.weightGradients()).doesNotContainKey(path);
                assertSame(expected, found);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> trainsAlikeHoweverRowsAreSharedOut() {
        return differentiated(contract -> true, contract -> {
            Fed fed = Fed.of(contract);
            Way way = Way.whole(fed.rows());
            Result whole = room(contract, everything(contract)).run(fed, way);
            for (int share = 1; share < fed.rows(); share++) {
                Result parts = room(contract, everything(contract)).run(fed, way.split(share));
                assertAgree(whole.weightGradients(), parts.weightGradients());
                assertAgree(whole.weights(), parts.weights());
                if (contract.training() != null) {
                    assertAgree(whole.inputGradients(), parts.inputGradients());
                    continue;
                }
                for (int i = 0; i < whole.outputs().size(); i++) {
                    assertSameBits(
                            "output " + i,
                            whole.outputs().get(i),
                            parts.outputs().get(i));
                }
                for (int i = 0; i < whole.inputGradients().size(); i++) {
                    if (whole.inputGradients().get(i) != null) {
                        assertSameBits(
                                "gradient of input " + i,
                                whole.inputGradients().get(i),
                                parts.inputGradients().get(i));
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> hasGradientsThatFiniteDifferencesConfirm() {
        return differentiated(this::isSmooth, contract -> {
            confirmByFiniteDifferences(layer(contract), contract);
        });
    }

    /** Compares all gradients of a layer that takes the place of a case's own with finite differences. */
    protected final void confirmByFiniteDifferences(Layer layer, Case contract) {
        Fed fed = Fed.of(contract);
        TrainingRoom room = TrainingRoom.of(layer, contract, everything(contract), SEED);
        new CentralDifferences(room, fed).compare(room.run(fed, Way.whole(fed.rows())));
    }

    @TestFactory
    Stream<DynamicTest> saysSoIfItHasNoGradient() {
        return vectors().cases().stream()
                .filter(contract ->
                        contract.gradients() == null && !contract.inputs().isEmpty())
                .map(contract -> dynamicTest(contract.name(), () -> {
                    Set<Integer> inputs = Set.of(0);
                    assertThatThrownBy(() -> room(contract, new Flow(true, Set.of(), inputs, Set.of())))
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("no adjoint");
                    Result found = run(contract, new Flow(true, Set.of(), Set.of(), Set.of()));
                    assertThat(found.outputs()).isEqualTo(run(contract).outputs());
                }));
    }

    /** Cases that have gradients. */
    private Stream<DynamicTest> differentiated(Predicate<Case> chosen, Consumer<Case> check) {
        return vectors().cases().stream()
                .filter(contract -> contract.gradients() != null && canBeTrained(contract))
                .filter(chosen)
                .map(contract -> dynamicTest(contract.name(), () -> check.accept(contract)));
    }

    /** Whether Keras can train the layer at all; where it fails, the room says why. */
    protected boolean canBeTrained(Case contract) {
        return true;
    }

    private TrainingRoom room(Case contract, Flow flow) {
        return TrainingRoom.of(layer(contract), contract, flow, SEED);
    }

    private Result run(Case contract, Flow flow) {
        Fed fed = Fed.of(contract);
        return room(contract, flow).run(fed, Way.whole(fed.rows()));
    }

    private static Gradients gradients(Case contract) {
        return Objects.requireNonNull(contract.gradients());
    }

    private static Flow everything(Case contract) {
        Gradients gradients = gradients(contract);
        return new Flow(
                true,
                present(gradients.cotangents()),
                present(gradients.inputs()),
                new LinkedHashSet<>(gradients.weights().keySet()));
    }

    private static Flow frozen(Case contract) {
        Flow all = everything(contract);
        return new Flow(false, all.outputs(), all.inputs(), Set.of());
    }

    private static <T> Set<T> without(Set<T> set, T element) {
        Set<T> rest = new LinkedHashSet<>(set);
        rest.remove(element);
        return rest;
    }

    private static List<Set<Integer>> properSubsets(Set<Integer> set) {
        List<Integer> elements = List.copyOf(set);
        List<Set<Integer>> subsets = new ArrayList<>();
        for (int bits = 0; bits < (1 << elements.size()) - 1; bits++) {
            Set<Integer> subset = new HashSet<>();
            for (int i = 0; i < elements.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    subset.add(elements.get(i));
                }
            }
            subsets.add(subset);
        }
        return subsets;
    }

    private static Fed silenced(Fed fed, Set<Integer> present) {
        List<@Nullable FloatTensor> cotangents = new ArrayList<>();
        for (int i = 0; i < fed.cotangents().size(); i++) {
            FloatTensor cotangent = fed.cotangents().get(i);
            cotangents.add(
                    cotangent == null || present.contains(i)
                            ? cotangent
                            : FloatTensor.wrap(cotangent.shape(), new float[cotangent.size()]));
        }
        return new Fed(fed.inputs(), fed.masks(), cotangents);
    }

    private static boolean isRandom(Case contract) {
        return isRandom(contract.layer());
    }

    private static boolean isRandom(Object json) {
        if (json instanceof List<?> list) {
            return list.stream().anyMatch(AdjointContract::isRandom);
        }
        return json instanceof Map<?, ?> object
                && object.entrySet().stream()
                        .anyMatch(entry -> RATES.contains(entry.getKey())
                                        && entry.getValue() instanceof Number rate
                                        && rate.doubleValue() > 0
                                || entry.getValue() != null && isRandom(entry.getValue()));
    }

    private static FloatTensor doubled(FloatTensor tensor) {
        float[] values = tensor.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 2;
        }
        return FloatTensor.wrap(tensor.shape(), values);
    }
}
