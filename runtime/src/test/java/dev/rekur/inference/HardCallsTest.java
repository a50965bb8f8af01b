package dev.rekur.inference;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ScalarKernels;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.plan.SlotTable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls that once went wrong: refused halfway, of ever new lengths, with masks on token ids. */
class HardCallsTest {
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);
    private static final RecurrentOptions STATEFUL = new RecurrentOptions(false, false, false, true, false);

    @Test
    void idleWorkspacesOfEverNewLengthsStayWithinTheirBudget() {
        IdleBudget budget = new IdleBudget();
        List<WorkspacePool> pools = new ArrayList<>();
        int floats = 4 << 20; // 16 MiB each: eight of them fit
        for (int length = 0; length < 100; length++) {
            WorkspacePool pool = new WorkspacePool(budget);
            SlotTable.Layout layout = new SlotTable.Layout(new int[0], floats, 0, 0);
            pool.give(new CallWorkspace(1, layout, ScalarKernels.INSTANCE));
            pools.add(pool);
        }
        long kept = pools.stream().filter(pool -> pool.take() != null).count();
        assertThat(kept).isEqualTo(8);
        assertThat(budget.reserve(128L << 20))
                .as("what was taken out gave its room back")
                .isTrue();
    }

    @Test
    void aMaskThatTheTokenIdsCarryEndsAtTheEmbedding() {
        GraphScript script = new GraphScript(1);
        Value masked = script.call(new Masking(0), script.input(ValueKind.FLOAT, 5));
        Value embedded = script.call(new Embedding(9, 4, false), masked);
        Model model = script.model(script.call(new SimpleRnn(3, Activation.TANH, true, LAST), embedded));
        Tensor ids = Tensor.of(new float[] {1, 2, 0, 4, 5, 0, 0, 0, 0, 0}, 2, 5);
        Tensor plain = model.predictor().activations(List.of(ids)).values().stream()
                .reduce((first, last) -> last)
                .orElseThrow();
        assertSameBits("folded", plain, model.predict(ids));
    }

    @Test
    void aRefusedCallLeavesTheSessionAsItWas() {
        GraphScript script = new GraphScript(1);
        Value embedded = script.call(new Embedding(9, 4, false), script.input(ValueKind.INT, -1));
        Model model = script.model(script.call(new SimpleRnn(3, Activation.TANH, true, STATEFUL), embedded));
        Tensor good = Tensor.of(new int[40 * 3], 40, 3);
        int[] ids = new int[40 * 3];
        ids[39 * 3] = 9;
        Session session = model.predictor().session();
        Session other = model.predictor().session();
        session.predict(List.of(good));
        other.predict(List.of(good));
        assertThatThrownBy(() -> session.predict(List.of(Tensor.of(ids, 40, 3))))
                .isInstanceOf(InvalidInputException.class);
        assertThat(session.predict(List.of(good))).isEqualTo(other.predict(List.of(good)));
    }

    @Test
    void aSessionWhoseFirstCallIsRefusedTakesAnyNumberOfRowsAfterwards() {
        GraphScript script = new GraphScript(1);
        Value embedded = script.call(new Embedding(9, 4, false), script.input(ValueKind.INT, -1));
        Model model = script.model(script.call(new SimpleRnn(3, Activation.TANH, true, STATEFUL), embedded));
        Session session = model.predictor().session();
        assertThatThrownBy(() -> session.predict(List.of(Tensor.of(new int[] {9}, 1, 1))))
                .isInstanceOf(InvalidInputException.class);
        Tensor two = Tensor.of(new int[2], 2, 1);
        assertThat(session.predict(List.of(two))).isEqualTo(model.predict(List.of(two)));
    }

    @Test
    void arraysAreSplitAmongThreadsToo() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 3, 2);
        Model model = script.model(script.call(new SimpleRnn(4, Activation.TANH, true, LAST), input));
        AtomicInteger tasks = new AtomicInteger();
        Predictor parallel = Predictor.of(model)
                .parallel(
                        task -> {
                            tasks.incrementAndGet();
                            task.run();
                        },
                        2)
                .build();
        FloatTensor inputs = (FloatTensor) RandomGraphs.inputs(model, 1, 40, 3).get(0);
        float[] out = new float[40 * 4];
        parallel.predict(inputs.toArray(), 40, out);
        assertThat(tasks).hasPositiveValue();
        assertThat(Tensor.of(out, 40, 4)).isEqualTo(model.predict(inputs));
    }

    @Test
    void aDropoutOfIntegersPutsOutTheFloatsItsGraphAnnounces() {
        GraphScript script = new GraphScript(1);
        Model model = script.model(script.call(new Dropout(0.5), script.input(ValueKind.INT, 2)));
        assertThat(model.predict(Tensor.of(new int[] {3, 4}, 1, 2))).isEqualTo(Tensor.of(new float[] {3, 4}, 1, 2));
    }

    @Test
    void inputsTooLargeForOneCallAreRefusedInWords() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, Shape.UNKNOWN, 1);
        RecurrentOptions sequences = new RecurrentOptions(true, false, false, false, false);
        Model model =
                script.model(script.call(new Lstm(512, Activation.TANH, Activation.SIGMOID, true, sequences), input));
        assertThatThrownBy(() -> model.predict(Tensor.of(new float[1_100_000], 1, 1_100_000, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("too large for one call");
    }

    @Test
    void anInputThatIsNullIsNamed() {
        GraphScript script = new GraphScript(1);
        Model model = script.model(script.call(new Dropout(0.5), script.input(ValueKind.FLOAT, 2)));
        List<Tensor> inputs = new ArrayList<>();
        inputs.add(null);
        assertThatThrownBy(() -> model.predict(inputs))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'layer_0' is null");
    }
}
