package dev.rekur.inference;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.operation.Any;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentLayer;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models that nobody would design: everything that can follow from anything, decided by a seed. */
final class RandomGraphs {
    static final int VOCABULARY = 11;

    private static final Activation[] FUNCTIONS = {
        Activation.TANH, Activation.RELU, Activation.SIGMOID, Activation.LINEAR, Activation.SOFTMAX
    };
    private static final int[] WIDTHS = {1, 3, 4, 5, 8, 17};

    private final Random random;
    private final GraphScript script;
    private final boolean simple;
    private final List<Value> tokens = new ArrayList<>();
    private final List<Value> sequences = new ArrayList<>();
    private final List<Value> vectors = new ArrayList<>();
    private final List<Value> masks = new ArrayList<>();
    private final Map<String, Layer> shareable = new LinkedHashMap<>();
    private int called;

    private RandomGraphs(long seed, boolean simple) {
        this.random = new Random(seed);
        this.script = new GraphScript(seed + 1);
        this.simple = simple;
    }

    /** A model with layers of all kinds, masks, shared layers, several inputs and outputs. */
    static Model any(long seed) {
        return new RandomGraphs(seed, false).build();
    }

    /** A model of Dense, SimpleRNN, normalizations, Add and Dropout, without masks. */
    static Model simple(long seed) {
        return new RandomGraphs(seed, true).build();
    }

    /** Inputs for a model. */
    static List<Tensor> inputs(Model model, long seed, int rows, int time) {
        Random random = new Random(seed);
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : model.graph().inputs()) {
            Shape shape = model.graph().shape(input).withBatch(rows);
            for (int axis = 1; axis < shape.rank(); axis++) {
                shape = shape.dimension(axis) == Shape.UNKNOWN ? shape.with(axis, time) : shape;
            }
            if (model.graph().kind(input) == ValueKind.INT) {
                inputs.add(IntTensor.wrap(
                        shape,
                        random.ints(shape.size(), 0, VOCABULARY)
                                .map(id -> id < 4 ? 0 : id)
                                .toArray()));
            } else {
                float[] values = new float[shape.size()];
                int features = shape.last();
                for (int i = 0; i < values.length; i++) {
                    boolean padding = i / features % 3 == 2;
                    values[i] = padding ? 0 : (float) random.nextGaussian();
                }
                inputs.add(FloatTensor.wrap(shape, values));
            }
        }
        return inputs;
    }

    private Model build() {
        addInput();
        int calls = 4 + random.nextInt(14);
        while (called < calls) {
            if (random.nextInt(8) == 0) {
                addInput();
            }
            step();
        }
        List<Value> outputs = new ArrayList<>();
        List<Value> candidates = new ArrayList<>(sequences);
        candidates.addAll(vectors);
        outputs.add(candidates.get(candidates.size() - 1));
        for (int i = random.nextInt(3); i > 0; i--) {
            Value output = pick(candidates);
            if (!outputs.contains(output)) {
                outputs.add(output);
            }
        }
        return script.model(outputs.toArray(new Value[0]));
    }

    private void addInput() {
        if (random.nextBoolean()) {
            Value input = script.input(ValueKind.INT, Shape.UNKNOWN);
            tokens.add(input);
            sequences.add(script.call(embedding(), input));
        } else {
            sequences.add(script.input(ValueKind.FLOAT, Shape.UNKNOWN, width()));
        }
    }

    private void step() {
        called++;
        Value sequence = pick(sequences);
        switch (random.nextInt(simple ? 7 : 13)) {
            case 0 -> vectors.add(call(recurrent(false, false), sequence));
            case 1 -> sequences.add(call(recurrent(true, false), sequence));
            case 2 -> sequences.add(call(perhapsAtEachStep(pointwise()), sequence));
            case 3 -> {
                if (!vectors.isEmpty()) {
                    vectors.add(call(pointwise(), pick(vectors)));
                }
            }
            case 4 -> addTo(sequences);
            case 5 -> addTo(vectors);
            case 6 -> share();
            case 7 -> sequences.add(call(new Masking(0), sequence));
            case 8 -> {
                if (!tokens.isEmpty()) {
                    sequences.add(call(embedding(), pick(tokens)));
                }
            }
            case 9 -> sequences.add(call(bidirectional(), sequence));
            case 10 -> {
                Value states = call(recurrent(random.nextBoolean(), true), sequence);
                for (int output = 1; output < script.outputs(states); output++) {
                    vectors.add(new Value(states.node(), output));
                }
            }
            case 11 -> addMask(sequence);
            default -> withInitialState(sequence);
        }
    }

    /** A flag a step, from tokens or from vectors, and a layer that is told to use it. */
    private void addMask(Value sequence) {
        if (!tokens.isEmpty() && random.nextBoolean()) {
            masks.add(script.call(new NotEqual(0), pick(tokens)));
        } else {
            masks.add(script.call(new Any(false), script.call(new NotEqual(0), sequence)));
        }
        sequences.add(script.call("masked_" + called, recurrent(true, false), pick(masks), pick(sequences)));
    }

    private void withInitialState(Value sequence) {
        for (Value vector : vectors) {
            int units = script.shape(vector).last();
            Layer layer = new SimpleRnn(units, Activation.TANH, true, options(true, false));
            if (random.nextBoolean()) {
                sequences.add(script.call(layer, sequence, vector));
                return;
            }
        }
    }

    private void addTo(List<Value> values) {
        if (values.isEmpty()) {
            return;
        }
        Value first = pick(values);
        List<Value> equal = values.stream()
                .filter(value ->
                        script.shape(value).last() == script.shape(first).last())
                .toList();
        Value second = equal.get(random.nextInt(equal.size()));
        values.add(script.call(new Add(), first, second));
    }

    /** Calls a layer once more, on a value that fits. */
    private void share() {
        if (shareable.isEmpty()) {
            return;
        }
        String name = new ArrayList<>(shareable.keySet()).get(random.nextInt(shareable.size()));
        Layer layer = shareable.get(name);
        int features = Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
        for (Value value : List.copyOf(sequences)) {
            if (script.shape(value).last() == features) {
                Value result = script.call(name, layer, null, value);
                (script.shape(result).rank() == 3 ? sequences : vectors).add(result);
                if (random.nextBoolean()) {
                    return;
                }
            }
        }
    }

    private Value call(Layer layer, Value on) {
        boolean ofSequences = script.shape(on).rank() == 3;
        String name = "layer_" + called + "_" + script.shape(on).last();
        if (ofSequences) {
            shareable.put(name, layer);
        }
        return script.call(name, layer, null, on);
    }

    private Embedding embedding() {
        return new Embedding(VOCABULARY, width(), !simple && random.nextBoolean());
    }

    private Layer pointwise() {
        return switch (random.nextInt(5)) {
            case 0 -> new Dense(width(), FUNCTIONS[random.nextInt(FUNCTIONS.length)], random.nextBoolean());
            case 1 -> new LayerNormalization(List.of(-1), 1e-3f, random.nextBoolean(), random.nextBoolean(), false);
            case 2 -> new BatchNormalization(-1, 1e-3f, 0.99, random.nextBoolean(), random.nextBoolean());
            case 3 -> new Dropout(0.5);
            default -> new ActivationLayer(FUNCTIONS[random.nextInt(FUNCTIONS.length)]);
        };
    }

    /** On vectors of a sequence the same as the layer itself. */
    private Layer perhapsAtEachStep(Layer layer) {
        return !simple && random.nextInt(3) == 0 ? new TimeDistributed(layer, random.nextBoolean()) : layer;
    }

    private RecurrentLayer recurrent(boolean sequences, boolean states) {
        RecurrentOptions options = options(sequences, states);
        return switch (simple ? 0 : random.nextInt(3)) {
            case 0 -> new SimpleRnn(width(), Activation.TANH, random.nextBoolean(), options);
            case 1 -> new Lstm(width(), Activation.TANH, Activation.SIGMOID, random.nextBoolean(), options);
            default ->
                new Gru(
                        width(),
                        Activation.TANH,
                        Activation.SIGMOID,
                        random.nextBoolean(),
                        random.nextBoolean(),
                        options);
        };
    }

    private Bidirectional bidirectional() {
        RecurrentLayer forward = recurrent(true, false);
        forward = forward.withOptions(forward.options().withZeroOutputForMask(true));
        RecurrentLayer backward = forward.withOptions(forward.options().reversed());
        Bidirectional.Merge[] modes = Bidirectional.Merge.values();
        return new Bidirectional(forward, backward, modes[random.nextInt(modes.length)]);
    }

    private RecurrentOptions options(boolean sequences, boolean states) {
        return new RecurrentOptions(
                sequences, states, random.nextInt(4) == 0, false, !simple && random.nextInt(4) == 0);
    }

    private int width() {
        return WIDTHS[random.nextInt(WIDTHS.length)];
    }

    private <T> T pick(List<T> values) {
        // the latest ones more often: deep graphs, not broad ones
        int back = Math.min(random.nextInt(values.size()), random.nextInt(values.size()));
        return values.get(values.size() - 1 - back);
    }
}
