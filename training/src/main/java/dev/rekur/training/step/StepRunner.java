package dev.rekur.training.step;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.model.Model;
import dev.rekur.plan.FoldEmbeddings;
import dev.rekur.plan.FoldedEmbedding;
import dev.rekur.plan.Inputs;
import dev.rekur.plan.Stage;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches forwards and backwards. A batch is cut into at most {@value RowSplit#LARGEST} shards, by its number of rows alone, so
 * that results do not depend on the number of threads.
 */
public final class StepRunner {
    private static final int LARGEST_CACHE = 16;

    private final Graph graph;
    private final Stages stages;
    private final InputCopies inputs;
    private final TrainedWeights weights;
    private final GradientFlow flow;
    private final Map<String, ActivityPenalty> penalties;
    private final boolean training;
    private final long seed;
    private final Kernels kernels;
    private final Tasks tasks;
    private final LastingStates states;
    private final GradientSums sums;
    private final ShardMemories memories;
    /** The plans that were used last. */
    private final Map<List<Shape>, PreparedPlan> plans = new LinkedHashMap<>(LARGEST_CACHE, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Shape>, PreparedPlan> eldest) {
            return size() > LARGEST_CACHE;
        }
    };

    private final RowSplit split;
    private final IntConsumer beginShard = this::beginShard;
    private @Nullable PreparedPlan current;
    private int batchRows;
    private long step;
    private boolean tracing;

    /**
     * @param model the model; only its graph is used
     * @param weights shared by all runners of one training, with the memory that batches run in: only one of the runners may be in
     *     the midst of a batch
     * @param losses the outputs that a loss is computed of
     * @param penalties by name of a layer, what its outputs cost
     * @param training whether gradients are computed; else layers run as in inference
     * @param seed of what is random
     * @param states shared by all runners of one training
     */
    public StepRunner(
            Model model,
            TrainedWeights weights,
            Set<Value> losses,
            Map<String, ActivityPenalty> penalties,
            boolean training,
            long seed,
            Kernels kernels,
            Tasks tasks,
            LastingStates states) {
        this.graph = model.graph().flat();
        Stages given = Stages.of(model);
        this.inputs = new InputCopies(new Inputs(graph, given), given);
        this.stages = training ? FoldEmbeddings.applyInTraining(given, penalties.keySet()) : given;
        this.split = new RowSplit(stages.joinRows());
        this.weights = weights;
        this.penalties = penalties;
        this.flow = new GradientFlow(graph, stages, node -> isTrained(node), beginnings(losses));
        this.training = training;
        this.seed = seed;
        this.kernels = kernels;
        this.tasks = tasks;
        this.states = states;
        this.sums = new GradientSums(training ? weights.trainable() : List.of());
        this.memories = weights.memories();
    }

    /** Where the adjoint begins: at outputs that have a loss, and at outputs of layers that cost something. */
    private Set<Value> beginnings(Set<Value> losses) {
        Set<Value> beginnings = new HashSet<>(losses);
        for (int node = 0; node < graph.nodes().size(); node++) {
            if (penalties.containsKey(graph.nodes().get(node).layer().name())) {
                for (int output = 0; output < graph.nodes().get(node).shapes().size(); output++) {
                    beginnings.add(new Value(node, output));
                }
            }
        }
        return beginnings;
    }

    private boolean isTrained(int node) {
        Stage stage = stages.stages().get(node);
        GraphLayer layer = graph.nodes().get(node).layer();
        boolean folded = stage != null
                && stage.layer() instanceof FoldedEmbedding embedding
                && weights.variable(embedding.embeddingName(), FoldedEmbedding.EMBEDDINGS)
                        .trainable();
        return folded
                || layer.weights().stream().anyMatch(spec -> weights.variable(layer.name(), spec.path())
                        .trainable());
    }

    /**
     * Runs a batch forwards.
     *
     * @param given in the order of the model's inputs
     * @param number of the step, which what is random depends on
     * @throws dev.rekur.error.InvalidInputException if the inputs do not fit the model
     */
    public void forward(List<? extends Tensor> given, long number) {
        begin(given, number).forward(tasks);
        states.commit();
    }

    /** Copies a batch to its shards. */
    private PreparedPlan begin(List<? extends Tensor> given, long number) {
        PreparedPlan prepared = prepare(given);
        batchRows = given.get(0).shape().dimension(0);
        step = number;
        split.of(batchRows);
        prepared.split(split, memories, kernels);
        if (training) {
            weights.pack(tasks);
        }
        states.begin(batchRows, prepared.plan().stateRowSizes());
        tasks.run(split.count(), beginShard);
        return prepared;
    }

    private void beginShard(int number) {
        Shard shard = current().shards().get(number);
        int firstRow = split.firstRow(number);
        shard.begin(firstRow, batchRows, step, states);
        inputs.copy(shard, firstRow, split.rows(number));
    }

    private PreparedPlan prepare(List<? extends Tensor> given) {
        PreparedPlan prepared = current;
        if (!inputs.take(given) && prepared != null) {
            return prepared;
        }
        current = null;
        Map<Value, Shape> shapes = inputs.shapes();
        List<Shape> key = List.copyOf(shapes.values());
        prepared = plans.get(key);
        if (prepared == null) {
            prepared = new PreparedPlan(
                    new StepPlanBuilder(graph, stages, weights, flow, penalties, training, seed).build(shapes));
            plans.put(key, prepared);
        }
        current = prepared;
        inputs.to(prepared.plan().inputs());
        return prepared;
    }

    /**
     * Runs the batch that has just run forwards once more, and looks at what each layer puts out as soon as it has: some of it
     * is overwritten later. Afterwards everything is as before.
     *
     * @return the first that is not finite, of the inputs or of the layers in their order
     */
    public Optional<NonFiniteOutput> findNonFinite(List<? extends Tensor> given, long number) {
        Map<Variable, float[]> statistics = weights.untrained();
        states.commit(); // back to the states before the batch
        PreparedPlan prepared = begin(given, number);
        Optional<NonFiniteOutput> found = prepared.plan()
                .findNonFinite(
                        stages, prepared.shards(), prepared.rows(), operations -> prepared.run(operations, tasks));
        states.commit();
        statistics.forEach((variable, values) -> System.arraycopy(values, 0, variable.values(), 0, values.length));
        return found;
    }

    /** Shows what layers with relu put out in the batch that has run forwards. */
    public void observe(UnitActivity activity) {
        PreparedPlan prepared = current();
        activity.add(prepared.plan().observables().relus(), prepared.shards(), prepared.rows());
    }

    /** Whether the next backward notes how large the gradients of states are. */
    public void traceStates(boolean trace) {
        tracing = trace;
    }

    /** Shows what a backward has noted that traced states. */
    public void observe(StateNorms norms) {
        norms.add(current().plan().observables().traces(), current().shards());
    }

    private PreparedPlan current() {
        PreparedPlan prepared = current;
        if (prepared == null) {
            throw new IllegalStateException("no batch has run");
        }
        return prepared;
    }

    /** What outputs of layers of the batch cost by themselves. */
    public double activityPenalty() {
        double sum = 0;
        int rows = 0;
        List<Slot> costs = current().plan().activityCosts();
        for (int s = 0; s < split.count(); s++) {
            Shard shard = current().shards().get(s);
            rows += split.rows(s);
            for (int i = 0; i < costs.size(); i++) {
                sum += shard.floats(costs.get(i))[shard.at(costs.get(i))];
            }
        }
        return rows == 0 ? 0 : sum / rows;
    }

    /** Shape of an output of the batch, batch unknown. */
    public Shape outputShape(int output) {
        return current().plan().outputs().get(output).shape();
    }

    /** Copies an output of the batch. */
    public void output(int output, float[] target) {
        PreparedPlan prepared = current();
        Slot slot = prepared.plan().outputs().get(output).slot();
        for (int s = 0; s < split.count(); s++) {
            Shard shard = prepared.shards().get(s);
            System.arraycopy(
                    shard.floats(slot),
                    shard.at(slot),
                    target,
                    split.firstRow(s) * slot.rowSize(),
                    split.rows(s) * slot.rowSize());
        }
    }

    /** Number of flags a row of the mask that an output carries, or 0 if it carries none. */
    public int maskSize(int output) {
        Slot mask = current().plan().outputs().get(output).mask();
        return mask == null ? 0 : mask.rowSize();
    }

    /** Copies the mask that an output carries. */
    public void mask(int output, boolean[] target) {
        PreparedPlan prepared = current();
        Slot mask = prepared.plan().outputs().get(output).mask();
        for (int s = 0; mask != null && s < split.count(); s++) {
            Shard shard = prepared.shards().get(s);
            System.arraycopy(
                    shard.flags(mask),
                    shard.at(mask),
                    target,
                    split.firstRow(s) * mask.rowSize(),
                    split.rows(s) * mask.rowSize());
        }
    }

    /**
     * Runs the batch backwards.
     *
     * @param outputGradients gradient of the loss with respect to each output; null for an output that has no loss
     * @return the gradients by trained variable, which the next batch overwrites
     */
    public float[][] backward(float[] @Nullable [] outputGradients) {
        PreparedPlan prepared = current();
        List<StepPlan.Output> outputs = prepared.plan().outputs();
        for (int k = 0; k < outputs.size(); k++) {
            Slot slot = outputs.get(k).gradient();
            float[] gradient = outputGradients[k];
            for (int s = 0; slot != null && s < split.count(); s++) {
                Shard shard = prepared.shards().get(s);
                if (gradient == null) { // an output without a loss, which costs something by itself
                    int at = shard.at(slot);
                    Arrays.fill(shard.floats(slot), at, at + split.rows(s) * slot.rowSize(), 0f);
                    continue;
                }
                System.arraycopy(
                        gradient,
                        split.firstRow(s) * slot.rowSize(),
                        shard.floats(slot),
                        shard.at(slot),
                        split.rows(s) * slot.rowSize());
            }
        }
        for (int s = 0; s < split.count(); s++) {
            prepared.shards().get(s).traceStates(tracing);
        }
        prepared.backward(tasks);
        sums.collect(prepared.plan(), prepared.shards(), prepared.rows(), tasks);
        return sums.sums();
    }

    /** Says that somebody will write to the gradient of a table beyond the rows that a batch touches. */
    public void clearWholly(int variable) {
        sums.clearWholly(variable);
    }

    /** Bytes that the buffers of all shards take, gradients of weights aside. */
    public long sizeBytes() {
        return memories.sizeBytes();
    }
}
