package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rekur.error.Problem;
import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.ContractVectors.Value;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** The cases of one class of layers, from real Keras, and the rooms that belong to them. */
public abstract class ContractCases {
    private final String className;
    private final ContractVectors vectors;

    ContractCases(String className) {
        this.className = className;
        this.vectors = ContractVectors.of(className);
    }

    final String className() {
        return className;
    }

    final ContractVectors vectors() {
        return vectors;
    }

    /** The room of a configuration, which must be free of problems. */
    protected final Layer read(Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        Layer layer = read(config, problems);
        assertThat(problems).isEmpty();
        return Objects.requireNonNull(layer);
    }

    /** The room, or null if there is none; problems are collected. */
    protected final @Nullable Layer read(Map<String, Object> config, List<Problem> problems) {
        Map<String, Object> object = new HashMap<>(Map.of("class_name", className, "config", config));
        return read(object, 3, problems);
    }

    private static @Nullable Layer read(Map<String, Object> object, int kerasMajor, List<Problem> problems) {
        NamedLayer named = named(object, kerasMajor, problems);
        return named == null ? null : named.layer();
    }

    /** The layer with its settings, or null if there is none; problems are collected. */
    static @Nullable NamedLayer named(Map<String, Object> object, int kerasMajor, List<Problem> problems) {
        LayerConfig.Origin origin =
                new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.written(kerasMajor), problems);
        return StandardLayers.registry()
                .read("layer 'it'", "$.it", object, origin)
                .orElse(null);
    }

    /** Problems of the smallest configuration with one value changed. */
    protected final List<Problem> problemsWith(String key, @Nullable Object value) {
        List<Problem> problems = new ArrayList<>();
        read(with(vectors.minimal(), key, value), problems);
        return problems;
    }

    /** The smallest configuration with one value changed. */
    protected final Map<String, Object> minimalWith(String key, @Nullable Object value) {
        return with(vectors.minimal(), key, value);
    }

    /** A case of the vectors by its name. */
    protected final Case contractCase(String name) {
        return vectors.cases().stream()
                .filter(contract -> contract.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The room of a case. */
    protected final Layer layer(Case contract) {
        List<Problem> problems = new ArrayList<>();
        Layer layer = read(contract.layer(), 3, problems);
        assertThat(problems).isEmpty();
        return Objects.requireNonNull(layer);
    }

    /** What a case puts out. */
    protected final Room.Result run(Case contract) {
        return Room.of(layer(contract), contract, false).run(inputs(contract), masks(contract));
    }

    static Map<String, Object> with(Map<String, Object> config, String key, @Nullable Object value) {
        Map<String, Object> changed = new HashMap<>(config);
        changed.put(key, value);
        return changed;
    }

    final Stream<DynamicTest> each(Consumer<Case> check) {
        return vectors.cases().stream().map(contract -> dynamicTest(contract.name(), () -> check.accept(contract)));
    }

    /** The cases that compute something: an InputLayer does not. */
    final Stream<DynamicTest> computing(Consumer<Case> check) {
        return vectors.cases().stream()
                .filter(contract -> !contract.outputs().isEmpty())
                .map(contract -> dynamicTest(contract.name(), () -> check.accept(contract)));
    }

    static List<Tensor> inputs(Case contract) {
        return contract.inputs().stream().map(Value::tensor).toList();
    }

    static List<@Nullable Tensor> masks(Case contract) {
        List<@Nullable Tensor> masks = new ArrayList<>();
        contract.masks().forEach(mask -> masks.add(mask == null ? null : mask.tensor()));
        return masks;
    }
}
