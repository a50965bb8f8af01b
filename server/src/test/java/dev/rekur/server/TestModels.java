package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Models whose answers can be told without a calculator, so that what the server does with them stands out. */
final class TestModels {
    static final int VOCABULARY = 10;

    private TestModels() {}

    /** One float input [None, 3]; gives it back. */
    static ServedModel echo(String name, long version) {
        return model(name, version, List.of(input("x", ValueKind.FLOAT, 3)), List.of("y"), inputs -> inputs);
    }

    /** One float input [None, 2, 2]; gives it back. */
    static ServedModel matrices() {
        return model("matrices", 1, List.of(input("x", ValueKind.FLOAT, 2, 2)), List.of("y"), inputs -> inputs);
    }

    /** Token ids [None, None]; gives the number of tokens, and refuses ids from 10 on as an Embedding does. */
    static ServedModel tokens() {
        return model("tokens", 1, List.of(input("ids", ValueKind.INT, Shape.UNKNOWN)), List.of("sum"), inputs -> {
            IntTensor ids = (IntTensor) inputs.get(0);
            int time = ids.shape().last();
            float[] sums = new float[ids.shape().dimension(0)];
            for (int i = 0; i < ids.size(); i++) {
                if (ids.get(i) >= VOCABULARY) {
                    throw new InvalidInputException(
                            "layer 'embedding': expected token ids from 0 to 9, found "
                                    + ids.get(i) + " at row " + i / time + ", position " + i % time
                                    + ". Map words that the vocabulary lacks to its out-of-vocabulary id",
                            "docs/TROUBLESHOOTING.md#token-ids");
                }
                sums[i / time] += ids.get(i);
            }
            return List.of(FloatTensor.wrap(Shape.of(sums.length, 1), sums));
        });
    }

    /** Texts [None, 1]; gives each text's length. */
    static ServedModel texts() {
        return model("texts", 1, List.of(input("text", ValueKind.TEXT, 1)), List.of("length"), inputs -> {
            TextTensor texts = (TextTensor) inputs.get(0);
            float[] lengths = new float[texts.size()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = texts.get(i).length();
            }
            return List.of(FloatTensor.wrap(Shape.of(lengths.length, 1), lengths));
        });
    }

    /** Inputs a [None, 2] of floats and b [None] of integers; gives them back as outputs y and z. */
    static ServedModel pair() {
        return model(
                "pair",
                1,
                List.of(input("a", ValueKind.FLOAT, 2), input("b", ValueKind.INT)),
                List.of("y", "z"),
                inputs -> inputs);
    }

    /** Waits in each call until it may go on. */
    static ServedModel slow(CountDownLatch begun, CountDownLatch mayGoOn) {
        return model("slow", 1, List.of(input("x", ValueKind.FLOAT, 1)), List.of("y"), inputs -> {
            begun.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return inputs;
        });
    }

    /** Fails as a defect would, with what no client may see. */
    static ServedModel defective() {
        return model("defective", 1, List.of(input("x", ValueKind.FLOAT, 1)), List.of("y"), inputs -> {
            throw new IllegalStateException("secret of /home/somebody");
        });
    }

    /** Fails as the JVM does in trouble. */
    static ServedModel overflowing() {
        return model("overflowing", 1, List.of(input("x", ValueKind.FLOAT, 1)), List.of("y"), inputs -> {
            throw new StackOverflowError("secret of /home/somebody");
        });
    }

    private record Input(String name, ValueKind kind, int... row) {}

    private static Input input(String name, ValueKind kind, int... row) {
        return new Input(name, kind, row);
    }

    /** A model of one layer, which gives as many outputs as it has inputs or fewer. */
    private static ServedModel model(
            String name, long version, List<Input> inputs, List<String> outputNames, ServedModel.Inference inference) {
        List<Problem> problems = new ArrayList<>();
        GraphBuilder builder = new GraphBuilder(name, Graph.Style.FUNCTIONAL, problems);
        List<String> layers = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (Input input : inputs) {
            int[] shape = IntStream.concat(IntStream.of(Shape.UNKNOWN), IntStream.of(input.row()))
                    .toArray();
            values.add(add(builder, input.name(), new InputLayer(Shape.of(shape), input.kind()), List.of()));
            layers.add(input.name());
        }
        Value body = add(builder, "body", new Body(), values);
        layers.add("body");
        List<Value> outputs = new ArrayList<>();
        for (int output = 0; output < outputNames.size(); output++) {
            outputs.add(new Value(body.node(), output));
        }
        Graph graph = builder.build(layers, values, outputs, outputNames);
        assertThat(problems).isEmpty();
        return new ServedModel(name, version, graph, Signature.of(graph), inference, Labels.NONE);
    }

    private static Value add(GraphBuilder builder, String name, Layer layer, List<Value> inputs) {
        int node = builder.add(new GraphBuilder.Call(NamedLayer.of(name, layer), "test", inputs))
                .orElseThrow();
        return new Value(node, 0);
    }

    /** Stands for whatever a model computes; has outputs like its inputs, but of floats. */
    private record Body() implements Layer {
        @Override
        public String className() {
            return "Body";
        }

        @Override
        public List<WeightSpec> weights(List<Shape> inputs) {
            return List.of(WeightSpec.of("kernel", 2, 3));
        }

        @Override
        public List<Shape> outputShapes(List<Shape> inputs) {
            return inputs;
        }

        @Override
        public boolean takes(int input, ValueKind kind) {
            return true;
        }

        @Override
        public Operation forward(Binding binding) {
            throw new UnsupportedOperationException();
        }
    }
}
