package dev.rekur.format.keras;

import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Value;
import dev.rekur.layer.DtypePolicy;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.Outline;
import dev.rekur.model.Outline.Call;
import dev.rekur.model.Outline.OutlineLayer;
import dev.rekur.model.Outline.Variable;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outline of a model that Rekur cannot run. Shapes of layers that Rekur has are computed as far as the shapes of their
 * inputs are known; the others are those that the file tells, if it does: Keras 3 writes the shapes of what a layer is called
 * on, Keras 2 does not. Parameters of layers that Rekur lacks are those that the file holds.
 */
final class OutlineReader {
    /** Training moves no weight of which Keras's name contains this. */
    private static final String STATISTICS = "moving_";

    private final ModelConfig model;
    private final LayerRegistry registry;
    private final Vocabularies vocabularies;
    private final ModelVariables stored;
    private final LayerCache layers;

    /** What goes before the names of the layers of a model inside the model. */
    private final String prefix;

    /** The group of the model in the weights file. */
    private final String folder;

    private final List<Call> calls = new ArrayList<>();
    private final Map<OrderedCalls.CallKey, Integer> nodes = new HashMap<>();
    private final Map<TensorReference, Shape> shapes = new HashMap<>();
    private final Map<String, List<Variable>> variables = new HashMap<>();

    private OutlineReader(
            ModelConfig model,
            LayerRegistry registry,
            Vocabularies vocabularies,
            ModelVariables stored,
            String prefix,
            String folder) {
        this.model = model.withProblems(new ArrayList<>()); // those of the model were reported before
        this.registry = registry;
        this.vocabularies = vocabularies;
        this.stored = stored;
        this.layers = new LayerCache(
                this.model, new LayerConfig.Origin(registry, model.version(), this.model.problems()), vocabularies);
        this.prefix = prefix;
        this.folder = folder;
    }

    /** The outline of a model whose configuration was found to hold together. */
    static Outline read(ModelConfig model, LayerRegistry registry, Vocabularies vocabularies, ModelVariables stored) {
        return new OutlineReader(model, registry, vocabularies, stored, "", "").read();
    }

    private Outline read() {
        boolean sequential = model.className().equals("Sequential");
        Map<String, Integer> indexes = new HashMap<>();
        List<Found> found = new ArrayList<>();
        OrderedCalls ordered = sequential ? null : new OrderedCalls(model);
        for (LayerEntry entry : model.entries()) {
            List<CallEntry> own = ordered == null ? List.of() : ordered.of(entry);
            indexes.put(entry.name(), found.size());
            found.add(find(entry, own.isEmpty() ? null : own.get(0)));
        }
        if (ordered == null) {
            addInSequence(found);
        } else {
            shapes.putAll(ordered.shapesTold());
            for (OrderedCalls.Step step : ordered.inOrder()) {
                int layer = Objects.requireNonNull(indexes.get(step.entry().name()));
                CallEntry call = ordered.of(step.entry()).get(step.call());
                add(found.get(layer), layer, step.call(), call.tensors(), call.all());
            }
        }
        List<OutlineLayer> layers = found.stream().map(this::layer).toList();
        List<Variable> all = new ArrayList<>();
        found.forEach(each -> all.addAll(variables.getOrDefault(each.entry().name(), List.of())));
        return new Outline(
                model.name(), sequential ? Graph.Style.SEQUENTIAL : Graph.Style.FUNCTIONAL, layers, calls, all);
    }

    /**
     * A layer as far as it can be made.
     *
     * @param layer what was made of it; a stand-in if there were problems
     * @param supported whether there were none
     * @param nested its outline if it is a model
     */
    private record Found(LayerEntry entry, Optional<NamedLayer> layer, boolean supported, Optional<Outline> nested) {}

    private Found find(LayerEntry entry, @Nullable CallEntry call) {
        int before = model.problems().size();
        Optional<NamedLayer> layer = layers.layer(entry, call);
        boolean supported = layer.isPresent() && model.problems().size() == before;
        Optional<Outline> nested = Optional.empty();
        if (layer.isPresent() && layer.get().layer() instanceof NestedModel made) {
            nested = Optional.of(Outline.of(made.graph()));
        } else if (entry.isModel()) {
            nested = Optional.of(new OutlineReader(
                            model.inside(entry),
                            registry,
                            vocabularies.inside(entry),
                            stored,
                            prefix + entry.name() + "/",
                            folder + "layers/" + entry.group() + "/")
                    .read());
        }
        return new Found(entry, layer, supported, nested);
    }

    /** The calls of a Sequential model: each layer is called on what the one before gave. */
    private void addInSequence(List<Found> found) {
        List<TensorReference> sources = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            sources.add(
                    new TensorReference(i == 0 ? "" : found.get(i - 1).entry().name(), 0, 0));
            inputTold(found.get(i).entry(), i == 0)
                    .ifPresent(shape -> shapes.put(sources.get(sources.size() - 1), shape));
        }
        for (int i = 0; i < found.size(); i++) {
            List<TensorReference> tensors = found.get(i).entry().isInput() ? List.of() : List.of(sources.get(i));
            add(found.get(i), i, 0, tensors, tensors);
        }
    }

    /** What the file says of the input of a Sequential model's layer. */
    private Optional<Shape> inputTold(LayerEntry entry, boolean first) {
        if (entry.isInput()) {
            return Optional.empty();
        }
        if (first) {
            return SequentialReader.inputFor(model)
                    .flatMap(made -> shape(made.config().get("batch_shape")));
        }
        return JsonTree.object(entry.object().get("build_config")).flatMap(config -> shape(config.get("input_shape")));
    }

    /**
     * Adds a call.
     *
     * @param tensors what the layer computes with
     * @param connected those, and masks
     */
    private void add(Found found, int layer, int call, List<TensorReference> tensors, List<TensorReference> connected) {
        String name = found.entry().name();
        List<Shape> inputs =
                tensors.stream().map(shapes::get).filter(Objects::nonNull).toList();
        boolean known = inputs.size() == tensors.size()
                && (!inputs.isEmpty() || found.entry().isInput());
        Optional<List<Shape>> computed = known ? computed(found, inputs) : Optional.empty();
        List<Shape> outputs = computed.orElseGet(() -> told(name, call));
        for (int output = 0; output < outputs.size(); output++) {
            shapes.put(new TensorReference(name, call, output), outputs.get(output));
        }
        List<Value> sources = new ArrayList<>();
        for (TensorReference tensor : connected) {
            Integer node = nodes.get(new OrderedCalls.CallKey(tensor.layer(), tensor.node()));
            if (node != null) { // the input of a Sequential model has no call
                sources.add(new Value(node, tensor.output()));
            }
        }
        nodes.put(new OrderedCalls.CallKey(name, call), calls.size());
        calls.add(new Call(layer, sources, outputs));
    }

    /** What the file says of a call's outputs where they are used. */
    private List<Shape> told(String layer, int call) {
        List<Shape> told = new ArrayList<>();
        while (shapes.containsKey(new TensorReference(layer, call, told.size()))) {
            told.add(shapes.get(new TensorReference(layer, call, told.size())));
        }
        return told;
    }

    /** What a layer gives on inputs of known shapes; also notes its weights. */
    private Optional<List<Shape>> computed(Found found, List<Shape> inputs) {
        LayerEntry entry = found.entry();
        NamedLayer named = found.layer().orElse(null);
        if (named == null) {
            return Optional.empty();
        }
        Layer layer = named.layer();
        if (layer instanceof InputLayer input) {
            return Optional.of(List.of(input.shape()));
        }
        try {
            List<WeightSpec> weights = layer.weights(inputs);
            List<Shape> outputs = layer.outputShapes(inputs);
            weights.forEach(weight -> weight.shape().size()); // fails where it cannot be counted
            if (!found.supported() && !isAsStored(entry, weights)) {
                return Optional.empty(); // a stand-in for something else
            }
            if (found.nested().isEmpty()) {
                GraphLayer made = new GraphLayer(named, weights);
                variables.putIfAbsent(entry.name(), Outline.variables(made, prefix + entry.name()));
            }
            return Optional.of(outputs);
        } catch (ShapeMismatchException | ArithmeticException mismatch) {
            return Optional.empty(); // reported before
        }
    }

    private boolean isAsStored(LayerEntry entry, List<WeightSpec> weights) {
        List<Shape> held = stored.held(folder, prefix, entry).orElse(List.of()).stream()
                .map(ModelVariables.Held::shape)
                .toList();
        List<Shape> expected = weights.stream().map(WeightSpec::shape).toList();
        return !expected.isEmpty() && held.size() == expected.size() && held.containsAll(expected);
    }

    private OutlineLayer layer(Found found) {
        LayerEntry entry = found.entry();
        OptionalLong parameters;
        if (found.nested().isPresent()) {
            Outline nested = found.nested().get();
            variables.put(entry.name(), nested.variables());
            parameters = nested.layers().stream()
                            .allMatch(layer -> layer.parameters().isPresent())
                    ? OptionalLong.of(nested.layers().stream()
                            .mapToLong(layer -> layer.parameters().orElseThrow())
                            .sum())
                    : OptionalLong.empty();
        } else {
            if (!variables.containsKey(entry.name())) {
                stored.held(folder, prefix, entry)
                        .ifPresent(held -> variables.put(entry.name(), variables(entry, held)));
            }
            parameters = variables.containsKey(entry.name())
                    ? OptionalLong.of(variables.get(entry.name()).stream()
                            .mapToLong(variable -> variable.shape().size())
                            .sum())
                    : OptionalLong.empty();
        }
        return new OutlineLayer(
                entry.name(),
                entry.className(),
                found.supported(),
                entry.operation(),
                entry.trainable(),
                parameters,
                found.nested());
    }

    private List<Variable> variables(LayerEntry entry, List<ModelVariables.Held> held) {
        return held.stream()
                .map(variable -> Variable.of(
                        prefix + entry.name() + "/" + variable.name(),
                        variable.shape(),
                        DtypePolicy.name(entry.config().get("dtype")),
                        entry.trainable() && !variable.name().contains(STATISTICS)))
                .toList();
    }

    /** The shape that a configuration's list stands for, if it is one. */
    static Optional<Shape> shape(@Nullable Object value) {
        List<?> extents = JsonTree.list(value).orElse(List.of());
        int[] dimensions = new int[extents.size()];
        for (int i = 0; i < dimensions.length; i++) {
            if (extents.get(i) == null) {
                dimensions[i] = Shape.UNKNOWN;
            } else if (extents.get(i) instanceof Long extent && extent >= 0 && extent <= Integer.MAX_VALUE) {
                dimensions[i] = extent.intValue();
            } else {
                return Optional.empty();
            }
        }
        return dimensions.length == 0 ? Optional.empty() : Optional.of(Shape.of(dimensions));
    }
}
