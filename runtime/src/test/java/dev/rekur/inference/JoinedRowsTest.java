package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class JoinedRowsTest {
    /** Gives each row the sum over all rows of the batch. */
    private record BatchSum() implements Layer {
        @Override
        public String className() {
            return "BatchSum";
        }

        @Override
        public List<Shape> outputShapes(List<Shape> inputs) {
            return inputs;
        }

        @Override
        public Rows rows() {
            return Rows.JOINED;
        }

        @Override
        public Operation forward(Binding binding) {
            Slot input = binding.input(0);
            Slot output = binding.output(0);
            return (workspace, rows) -> {
                float sum = 0;
                for (int row = 0; row < rows; row++) {
                    sum += workspace.floats(input)[workspace.at(input) + row];
                }
                int at = workspace.at(output);
                Arrays.fill(workspace.floats(output), at, at + rows, sum);
            };
        }
    }

    private static final Model MODEL = model();

    private static Model model() {
        List<Problem> problems = new ArrayList<>();
        GraphBuilder builder = new GraphBuilder("joined", Graph.Style.FUNCTIONAL, problems);
        Shape shape = Shape.of(Shape.UNKNOWN, 1);
        builder.add(new GraphBuilder.Call(NamedLayer.of("x", new InputLayer(shape, ValueKind.FLOAT)), "$", List.of()));
        builder.add(new GraphBuilder.Call(NamedLayer.of("sum", new BatchSum()), "$", List.of(new Value(0, 0))));
        Graph graph =
                builder.build(List.of("x", "sum"), List.of(new Value(0, 0)), List.of(new Value(1, 0)), List.of("sum"));
        assertThat(problems).isEmpty();
        return new Model(graph, Weights.builder().build(), Optional.empty());
    }

    private static FloatTensor ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1f);
        return FloatTensor.wrap(Shape.of(rows, 1), ones);
    }

    private static float[] all(int rows) {
        float[] expected = new float[rows];
        Arrays.fill(expected, rows);
        return expected;
    }

    @Test
    void rowsThatMatterToEachOtherRunTogether() {
        for (int rows : new int[] {1, 2, 16, 17, 20, 100}) {
            assertThat(((FloatTensor) MODEL.predict(ones(rows))).toArray()).containsExactly(all(rows));
        }
    }

    @Test
    void alsoOnSeveralThreads() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Predictor parallel = Predictor.of(MODEL).parallel(executor, 2).build();
            assertThat(((FloatTensor) parallel.predict(ones(20))).toArray()).containsExactly(all(20));
            float[] out = new float[40];
            parallel.predict(ones(40).toArray(), 40, out);
            assertThat(out).containsExactly(all(40));
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void alsoFromArrayToArray() {
        float[] out = new float[20];
        MODEL.predictor().predict(ones(20).toArray(), 20, out);
        assertThat(out).containsExactly(all(20));
    }
}
