package dev.rekur.graph;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model used as a layer. Plans never see it: they run {@link Graph#flat}, in which the calls of its layers stand in place of
 * its own. Its weights are those of its layers, held by objects of their names: {@code dense/kernel}.
 *
 * <p>Follows {@code keras/src/models/functional.py} and {@code sequential.py} of Keras 3.15.
 *
 * @param graph the model
 */
public record NestedModel(Graph graph) implements Layer {
    @Override
    public String className() {
        return graph.style() == Graph.Style.SEQUENTIAL ? "Sequential" : "Functional";
    }

    /** Weights of all layers, in their order; they were fixed when the model was built, whatever it is called on. */
    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        List<WeightSpec> weights = new ArrayList<>();
        for (GraphLayer layer : graph.layers()) {
            layer.weights().forEach(weight -> weights.add(weight.within(layer.name())));
        }
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        if (inputs.size() != graph.inputs().size()) {
            throw new ShapeMismatchException(
                    "takes " + graph.inputs().size() + " inputs " + graph.inputNames() + ", found " + inputs.size(),
                    "Call the model with a tensor for each of its inputs.");
        }
        List<Shape> entering = entering(inputs);
        List<List<Shape>> shapes = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            int input = graph.inputIndex(i);
            shapes.add(input >= 0 ? List.of(entering.get(input)) : shapes(node, shapes));
        }
        return graph.outputs().stream()
                .map(output -> shapes.get(output.node()).get(output.output()))
                .toList();
    }

    private static List<Shape> shapes(Node node, List<List<Shape>> known) {
        try {
            return node.layer()
                    .layer()
                    .outputShapes(node.inputs().stream()
                            .map(value -> known.get(value.node()).get(value.output()))
                            .toList());
        } catch (ShapeMismatchException mismatch) {
            throw mismatch.within("its " + node.layer());
        }
    }

    /**
     * Shapes of what is fed, as the inner inputs take it.
     *
     * @throws ShapeMismatchException if they do not
     */
    public List<Shape> entering(List<Shape> inputs) {
        return IntStream.range(0, inputs.size())
                .mapToObj(input -> entering(input, inputs.get(input)))
                .toList();
    }

    private Shape entering(int input, Shape given) {
        Shape declared = graph.shape(graph.inputs().get(input));
        Shape fitted = new ModelEntry(declared, ValueKind.FLOAT).fitted(given);
        boolean text = graph.kind(graph.inputs().get(input)) == ValueKind.TEXT; // no plan has room for texts
        if (text && fitted.rank() != given.rank()
                || !fitted.withBatch(Shape.UNKNOWN).isCompatibleWith(declared.withBatch(Shape.UNKNOWN))) {
            throw new ShapeMismatchException(
                    "takes " + declared + " as input '" + graph.inputNames().get(input) + "', found " + given,
                    "Call the model with what it was made for.");
        }
        return fitted;
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return graph.kind(graph.outputs().get(output));
    }

    /** Numbers are cast to what an input takes. */
    @Override
    public boolean takes(int input, ValueKind kind) {
        return input >= graph.inputs().size()
                || (graph.kind(graph.inputs().get(input)) == ValueKind.TEXT) == (kind == ValueKind.TEXT);
    }

    /** Of all that use the input, the fewest tokens; 0 if any takes it for numbers, and then it matters what they are cast to. */
    @Override
    public int vocabularySize(int input) {
        if (input >= graph.inputs().size()) {
            return 0;
        }
        Value value = graph.inputs().get(input);
        int fewest = 0;
        for (Node node : graph.nodes()) {
            int at = node.inputs().indexOf(value);
            boolean only = !node.masks().contains(value) && node.inputs().lastIndexOf(value) == at;
            int size = at < 0 ? 0 : node.layer().layer().vocabularySize(at);
            if (size > 0 && only) {
                fewest = fewest == 0 ? size : Math.min(fewest, size);
            } else if (at >= 0 && !(node.layer().layer() instanceof NotEqual) || !only) {
                return 0;
            }
        }
        return graph.outputs().contains(value) ? 0 : fewest;
    }

    @Override
    public boolean isStateful() {
        return graph.isStateful();
    }

    @Override
    public Operation forward(Binding binding) {
        throw new IllegalStateException("a plan runs the layers of model '" + graph.name() + "', not the model");
    }
}
