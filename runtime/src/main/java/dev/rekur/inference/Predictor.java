package dev.rekur.inference;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Network;
import dev.rekur.graph.Value;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.FoldEmbeddings;
import dev.rekur.plan.Inputs;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model. Thread-safe; the result is bit for bit the same at any batch size, thread count and vector width.
 *
 * <p>A plan is made for each shape of input that comes (the batch aside) and kept, up to {@value #LARGEST_CACHE} of them.
 */
public final class Predictor {
    private static final int LARGEST_CACHE = 64;
    private static final int NO_ARRAY = -1;
    private static final Tensor EMPTY = Tensor.of(new float[0], 0);

    private final Network model;
    private final Graph graph;
    private final Stages stages;
    private final Inputs inputs;
    private final KernelSelection selection;
    private final Parallelism parallelism;
    private final SharedValues shared = new SharedValues();
    private final Map<List<Shape>, Plan> plans = new ConcurrentHashMap<>();
    private volatile IdleBudget idleBudget = new IdleBudget();
    private volatile @Nullable Direct direct;

    private Predictor(Builder builder) {
        this.model = builder.model;
        this.graph = model.graph().flat();
        this.selection = builder.kernels == null ? KernelSelection.auto() : builder.kernels;
        this.parallelism = new Parallelism(builder.executor, builder.threads);
        this.stages = FoldEmbeddings.apply(DropIdentities.apply(Stages.of(model), graph));
        this.inputs = new Inputs(graph, stages);
    }

    public static Builder of(Network model) {
        return new Builder(model);
    }

    /** The kernels that run, and why. */
    public KernelSelection kernels() {
        return selection;
    }

    /**
     * Predicts with a model of one input and one output.
     *
     * @throws InvalidInputException if the input does not fit, or the model has several inputs or outputs
     */
    public Tensor predict(Tensor input) {
        if (model.graph().outputs().size() != 1) {
            throw new InvalidInputException("the model has "
                    + model.graph().outputs().size() + " outputs; call predict with a list of inputs to get them all");
        }
        return predict(Collections.singletonList(input)).get(0);
    }

    /**
     * Predicts.
     *
     * @param given in the order of the model's inputs, equally many rows in each
     * @return in the order of the model's outputs
     * @throws InvalidInputException if the inputs do not fit
     */
    public List<Tensor> predict(List<? extends Tensor> given) {
        return predict(given, null);
    }

    @SuppressWarnings("NullAway") // callers without a checker of nulls
    List<Tensor> predict(List<? extends Tensor> given, @Nullable Session session) {
        if (given == null) {
            throw new InvalidInputException("expected inputs " + graph.inputNames() + ", found null");
        }
        Map<Value, Tensor> fed = inputs.prepare(given);
        Plan plan = plan(fed);
        int rows = rows(given);
        if (session != null) {
            session.begin(rows, plan.stateRowSizes());
        }
        Outputs outputs = new Outputs(plan, rows);
        run(plan, rows, (firstRow, count) -> {
            CallWorkspace workspace = plan.acquire(count, selection.kernels());
            workspace.place(firstRow, session);
            try {
                for (Map.Entry<Value, Tensor> entry : fed.entrySet()) {
                    Slot slot = plan.slot(entry.getKey());
                    String name = stages.stages().get(entry.getKey().node()).name();
                    Inputs.copy(name, entry.getValue(), firstRow, count, workspace, slot);
                }
                plan.run(workspace, count);
                outputs.collect(workspace, firstRow, count);
            } finally {
                plan.release(workspace);
            }
        });
        if (session != null) {
            session.commit(rows);
        }
        return outputs.tensors();
    }

    /** Runs all rows, in tiles where they do not matter to each other. */
    private void run(Plan plan, int rows, Parallelism.Tile work) {
        if (plan.joinsRows() && rows > 0) {
            work.run(0, rows);
        } else {
            parallelism.run(rows, plan.tile(), work);
        }
    }

    /**
     * Predicts with a model that takes token ids {@code [batch, time]} and gives floats; allocates nothing in steady state.
     *
     * @param tokens {@code rows * time} ids, row by row
     * @param rows number of sequences
     * @param out room for the output, row by row
     * @throws InvalidInputException if the model does not take tokens, or sizes do not fit
     */
    @SuppressWarnings("NullAway") // callers without a checker of nulls
    public void predict(int[] tokens, int rows, float[] out) {
        predict(tokens, direct(tokens == null ? NO_ARRAY : tokens.length, rows, out, ValueKind.INT), rows, out);
    }

    /**
     * Predicts with a model that takes floats and gives floats; allocates nothing in steady state.
     *
     * @param values the input, row by row
     * @param rows number of rows
     * @param out room for the output, row by row
     * @throws InvalidInputException if the model does not take one input of floats, or sizes do not fit
     */
    @SuppressWarnings("NullAway") // callers without a checker of nulls
    public void predict(float[] values, int rows, float[] out) {
        predict(values, direct(values == null ? NO_ARRAY : values.length, rows, out, ValueKind.FLOAT), rows, out);
    }

    /** From an array of ints or floats to an array; several threads take work tiles, which allocates a little. */
    private void predict(Object values, Plan plan, int rows, float[] out) {
        if (parallelism.threads() > 1) {
            run(plan, rows, (firstRow, count) -> predictTile(values, plan, firstRow, count, out));
            return;
        }
        int tile = Math.min(rows, plan.tile());
        for (int firstRow = 0; firstRow < rows; firstRow += tile) {
            predictTile(values, plan, firstRow, Math.min(tile, rows - firstRow), out);
        }
    }

    private void predictTile(Object values, Plan plan, int firstRow, int count, float[] out) {
        CallWorkspace workspace = plan.acquire(count, selection.kernels());
        workspace.place(firstRow, null);
        try {
            Slot input = plan.slot(graph.inputs().get(0));
            Object target = input.kind() == ValueKind.INT ? workspace.ints(input) : workspace.floats(input);
            int size = input.rowSize();
            System.arraycopy(values, firstRow * size, target, workspace.at(input), count * size);
            plan.run(workspace, count);
            Slot output = plan.output(0);
            size = output.rowSize();
            System.arraycopy(workspace.floats(output), workspace.at(output), out, firstRow * size, count * size);
        } finally {
            plan.release(workspace);
        }
    }

    /**
     * What every layer puts out for the inputs, at its first call, by layer name, those of layers inside nested models by path.
     * Slow and memory-hungry: for comparing with Keras layer by layer.
     */
    public Map<String, Tensor> activations(List<? extends Tensor> given) {
        Stages all = Stages.of(model);
        Inputs allInputs = new Inputs(graph, all);
        Map<Value, Tensor> fed = allInputs.prepare(given);
        Plan plan = new PlanBuilder(all, shared, new IdleBudget(), true).build(shapes(fed));
        Map<String, Tensor> activations = new LinkedHashMap<>();
        Outputs outputs = new Outputs(plan, rows(given));
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < all.stages().size(); i++) {
            Value value = new Value(i, 0);
            if (plan.has(value) && activations.putIfAbsent(all.stages().get(i).name(), EMPTY) == null) {
                values.add(value);
                outputs.observe(value);
            }
        }
        run(plan, rows(given), (firstRow, count) -> {
            CallWorkspace workspace = plan.acquire(count, selection.kernels());
            workspace.place(firstRow, null);
            fed.forEach((value, tensor) -> Inputs.copy(
                    all.stages().get(value.node()).name(), tensor, firstRow, count, workspace, plan.slot(value)));
            plan.run(workspace, count);
            outputs.collect(workspace, firstRow, count);
        });
        for (Value value : values) {
            activations.put(all.stages().get(value.node()).name(), outputs.observed(value));
        }
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            Value output = model.graph().inFlat(new Value(i, 0));
            if (values.contains(output)) { // what a nested model puts out is what one of its layers does
                activations.putIfAbsent(model.graph().nodes().get(i).layer().name(), outputs.observed(output));
            }
        }
        return activations;
    }

    /**
     * A session, for models with stateful layers. Where the file fixes the batch, calls must have that many rows.
     */
    public Session session() {
        return new Session(this, model.graph().fixedBatch());
    }

    private Plan plan(Map<Value, Tensor> fed) {
        return planFor(shapes(fed));
    }

    private Plan planFor(Map<Value, Shape> shapes) {
        List<Shape> key = List.copyOf(shapes.values());
        Plan plan = plans.get(key);
        if (plan == null) {
            if (plans.size() >= LARGEST_CACHE) {
                plans.clear(); // plans are cheap to make again; sizes that never repeat must not pile up
                idleBudget = new IdleBudget(); // what the plans that go now hold, goes with them
            }
            plan = new PlanBuilder(stages, shared, idleBudget, false).build(shapes);
            plans.put(key, plan);
        }
        return plan;
    }

    private static Map<Value, Shape> shapes(Map<Value, Tensor> fed) {
        Map<Value, Shape> shapes = new LinkedHashMap<>();
        fed.forEach((value, tensor) -> shapes.put(value, tensor.shape().withBatch(Shape.UNKNOWN)));
        return shapes;
    }

    private static int rows(List<? extends Tensor> given) {
        return given.isEmpty() ? 0 : given.get(0).shape().dimension(0);
    }

    /** The plan for a call with arrays, found without allocating if the row size is that of the call before. */
    @SuppressWarnings("NullAway") // callers without a checker of nulls
    private Plan direct(int length, int rows, float[] out, ValueKind kind) {
        if (length == NO_ARRAY || out == null) {
            throw new InvalidInputException("expected arrays for the input and for the output, found null");
        }
        if (rows < 1 || length % rows != 0) {
            throw new InvalidInputException("expected a whole number of values in each of at least one row, found "
                    + length + " values in " + rows + " rows");
        }
        Direct found = direct;
        if (found == null || found.rowSize != length / rows || found.kind != kind) {
            found = makeDirect(length / rows, kind);
            direct = found;
        }
        if (out.length < Math.multiplyExact(rows, found.plan.output(0).rowSize())) {
            throw new InvalidInputException("expected room for " + rows + " times "
                    + found.plan.output(0).rowSize() + " values in the output array, found " + out.length);
        }
        return found.plan;
    }

    private Direct makeDirect(int rowSize, ValueKind kind) {
        if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
            throw new InvalidInputException("the model has inputs " + graph.inputNames() + " and outputs "
                    + graph.outputNames() + "; predicting from array to array needs one of each");
        }
        int[] dimensions = graph.shape(graph.inputs().get(0)).dimensions();
        int known = 1;
        int unknown = 0;
        for (int axis = 1; axis < dimensions.length; axis++) {
            if (dimensions[axis] == Shape.UNKNOWN) {
                unknown++;
            } else {
                known *= dimensions[axis];
            }
        }
        if (unknown > 1 || known == 0 || rowSize % known != 0 || unknown == 0 && rowSize != known) {
            throw new InvalidInputException("a row of " + rowSize + " values does not fit the input "
                    + graph.shape(graph.inputs().get(0)));
        }
        for (int axis = 1; axis < dimensions.length; axis++) {
            dimensions[axis] = dimensions[axis] == Shape.UNKNOWN ? rowSize / known : dimensions[axis];
        }
        if (graph.kind(graph.inputs().get(0)) != ValueKind.TEXT) {
            Plan plan = planFor(Map.of(graph.inputs().get(0), Shape.of(dimensions)));
            if (plan.slot(graph.inputs().get(0)).kind() == kind
                    && plan.output(0).kind() == ValueKind.FLOAT) {
                return new Direct(plan, rowSize, kind);
            }
        }
        throw new InvalidInputException("the model does not take " + (kind == ValueKind.INT ? "token ids" : "floats")
                + " and give floats; call predict with a tensor");
    }

    /** The plan of the last call from array to array. */
    private record Direct(Plan plan, int rowSize, ValueKind kind) {}

    /** Settings of a predictor. */
    public static final class Builder {
        private final Network model;
        private @Nullable KernelSelection kernels;
        private Executor executor = Runnable::run;
        private int threads = 1;

        private Builder(Network model) {
            this.model = model;
        }

        /** Which kernels to run on; default {@link KernelSelection#auto}. */
        public Builder kernels(KernelSelection selection) {
            this.kernels = selection;
            return this;
        }

        /**
         * Splits batches among up to {@code threads} threads: the calling one, and tasks of the executor. A task that the
         * executor never runs costs speed, not the result.
         */
        public Builder parallel(Executor tasks, int threadCount) {
            if (threadCount < 1) {
                throw new InvalidInputException("expected at least one thread, found " + threadCount);
            }
            this.executor = tasks;
            this.threads = threadCount;
            return this;
        }

        public Predictor build() {
            return new Predictor(this);
        }
    }
}
