package dev.rekur.training.callback;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.Model;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A training that only writes down what callbacks do to it. Its one weight is the number of the epoch. */
final class ScriptedRun implements TrainingRun {
    final List<String> events = new ArrayList<>();
    final List<Path> forgotten = new ArrayList<>();
    final Graph graph = graph();
    int epoch;
    private float rate;
    private boolean stopping;

    ScriptedRun(double rate) {
        this.rate = (float) rate;
    }

    private static Graph graph() {
        GraphBuilder builder = new GraphBuilder("model", Graph.Style.FUNCTIONAL, new ArrayList<>());
        Value input = new Value(add(builder, "input", new InputLayer(Shape.of(-1, 1), ValueKind.FLOAT), List.of()), 0);
        Value output = new Value(add(builder, "dense", new Dense(1, Activation.LINEAR, false), List.of(input)), 0);
        return builder.build(List.of("input", "dense"), List.of(input), List.of(output), List.of("dense"));
    }

    private static int add(GraphBuilder builder, String name, Layer layer, List<Value> inputs) {
        return builder.add(new GraphBuilder.Call(NamedLayer.of(name, layer), "$", inputs))
                .orElseThrow();
    }

    @Override
    public int epochs() {
        return 50;
    }

    @Override
    public int stepsPerEpoch() {
        return 10;
    }

    @Override
    public double learningRate() {
        return rate;
    }

    @Override
    public void learningRate(double value) {
        rate = (float) value;
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public Weights weights() {
        WeightSpec kernel = kernel();
        return Weights.builder()
                .put("dense", kernel, Tensor.of(new float[] {epoch}, 1, 1))
                .build();
    }

    private WeightSpec kernel() {
        return graph.layers().stream()
                .flatMap(layer -> layer.weights().stream())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void restore(Weights weights) {
        events.add("restore " + (int) weights.get("dense", kernel().path()).get(0));
    }

    @Override
    public Model model() {
        return new Model(graph, weights(), Optional.empty());
    }

    @Override
    public void save(Path file) {
        events.add("save " + file);
    }

    @Override
    public void saveWeights(Path file) {
        events.add("weights " + file);
    }

    @Override
    public void backup(Path directory) {
        events.add("backup");
    }

    @Override
    public void forget(Path directory) {
        forgotten.add(directory);
    }

    @Override
    public boolean resume(Path directory) {
        return false;
    }
}
