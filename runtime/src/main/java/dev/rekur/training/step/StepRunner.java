package dev.rekur.training.step;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.model.Model;
import dev.rekur.plan.FoldEmbeddings;
import dev.rekur.plan.FoldedEmbedding;
import dev.rekur.plan.Inputs;
import dev.rekur.plan.Stage;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import dev.rekur.training.Tasks;
import dev.rekur.training.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches forwards and backwards. A batch is cut into at most {@value RowSplit#LARGEST} shards, by its number of rows alone, so
 * that results do not depend on the number of threads.
 */
public final class StepRunner {
    private static final int LARGEST_CACHE = 16;

    private final Graph graph;
    private final Stages stages;
    private final Inputs inputs;
    private final TrainedWeights weights;
    private final GradientFlow flow;
    private final Map<String, ActivityPenalty> penalties;
    private final boolean training;
    private final long seed;
    private final Kernels kernels;
    private final Tasks tasks;
    private final LastingStates states;
    private final GradientSums sums;
    private final Map<List<Shape>, Prepared> plans = new HashMap<>();
    private @Nullable Prepared current;
    private final RowSplit split = new RowSplit();
    private boolean tracing;
    private List<? extends Tensor> lastGiven = List.of();
    private Map<Value, Tensor> lastFed = Map.of();

    /** A plan, and shards that have room for as many rows each. */
    private static final class Prepared {
        final StepPlan plan;
        int capacity;
        List<Shard> shards = new ArrayList<>();

        Prepared(StepPlan plan) {
            this.plan = plan;
        }
    }

    /**
     * @param model the model; only its graph is used
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
        this.inputs = new Inputs(graph, given);
        this.stages = training ? FoldEmbeddings.applyInTraining(given, penalties.keySet()) : given;
        this.weights = weights;
        this.penalties = penalties;
        this.flow = new GradientFlow(graph, stages, node -> isTrained(node), beginnings(losses));
        this.training = training;
        this.seed = seed;
        this.kernels = kernels;
        this.tasks = tasks;
        this.states = states;
        this.sums = new GradientSums(training ? weights.trainable() : List.of());
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
     * @param step number of the step, which what is random depends on
     * @throws dev.rekur.InvalidInputException if the inputs do not fit the model
     */
    public void forward(List<? extends Tensor> given, long step) {
        Prepared prepared = begin(given, step);
        run(prepared.plan.forward(), prepared);
        states.commit();
    }

    /** Copies a batch to its shards. */
    private Prepared begin(List<? extends Tensor> given, long step) {
        Map<Value, Tensor> fed = fed(given);
        int rows = given.get(0).shape().dimension(0);
        Prepared prepared = prepare(fed, rows);
        current = prepared;
        if (training) {
            weights.pack(tasks);
        }
        states.begin(rows, prepared.plan.stateRowSizes());
        tasks.run(split.count(), s -> {
            Shard shard = prepared.shards.get(s);
            int firstRow = split.firstRow(s);
            shard.begin(firstRow, rows, step, states);
            for (Map.Entry<Value, Tensor> entry : fed.entrySet()) {
                Slot slot = prepared.plan.inputs().get(entry.getKey());
                if (slot != null) {
                    String name = stages.stages().get(entry.getKey().node()).name();
                    Inputs.copy(name, entry.getValue(), firstRow, split.rows(s), shard, slot);
                }
            }
        });
        return prepared;
    }

    /**
     * Runs the batch that has just run forwards once more, and looks at what each layer puts out as soon as it has: some of it
     * is overwritten later. Afterwards everything is as before.
     *
     * @return the first that is not finite, of the inputs or of the layers in their order
     */
    public Optional<NonFiniteOutput> findNonFinite(List<? extends Tensor> given, long step) {
        Map<Variable, float[]> statistics = weights.untrained();
        states.commit(); // back to the states before the batch
        Prepared prepared = begin(given, step);
        Optional<NonFiniteOutput> found = prepared.plan.findNonFinite(
                stages,
                prepared.shards.subList(0, split.count()),
                split.rows(),
                operations -> run(operations, prepared));
        states.commit();
        statistics.forEach((variable, values) -> System.arraycopy(values, 0, variable.values(), 0, values.length));
        return found;
    }

    /** Shows what layers with relu put out in the batch that has run forwards. */
    public void observe(UnitActivity activity) {
        activity.add(current().plan.observables().relus(), current().shards, split.count(), split.rows());
    }

    /** Whether the next backward notes how large the gradients of states are. */
    public void traceStates(boolean trace) {
        tracing = trace;
    }

    /** Shows what a backward has noted that traced states. */
    public void observe(StateNorms norms) {
        norms.add(current().plan.observables().traces(), current().shards, split.count());
    }

    private Map<Value, Tensor> fed(List<? extends Tensor> given) {
        boolean texts = given.stream().anyMatch(TextTensor.class::isInstance); // what is made of them is not theirs
        if (given != lastGiven || texts) { // a source may fill the same tensors again and again
            lastFed = inputs.prepare(given);
            lastGiven = given;
        }
        return lastFed;
    }

    private Prepared prepare(Map<Value, Tensor> fed, int rows) {
        Map<Value, Shape> shapes = new LinkedHashMap<>();
        fed.forEach((value, tensor) -> shapes.put(value, tensor.shape().withBatch(Shape.UNKNOWN)));
        List<Shape> key = List.copyOf(shapes.values());
        Prepared prepared = plans.get(key);
        if (prepared == null) {
            if (plans.size() >= LARGEST_CACHE) {
                plans.clear();
            }
            prepared = new Prepared(
                    new StepPlanBuilder(graph, stages, weights, flow, penalties, training, seed).build(shapes));
            plans.put(key, prepared);
        }
        split.of(rows);
        int largest = split.largest();
        if (prepared.shards.size() < split.count() || prepared.capacity < largest) {
            prepared.capacity = Math.max(prepared.capacity, largest);
            int count = Math.max(prepared.shards.size(), split.count());
            prepared.shards = new ArrayList<>();
            for (int s = 0; s < count; s++) {
                prepared.shards.add(new Shard(
                        prepared.capacity,
                        prepared.plan.table().layout(prepared.capacity),
                        gradients(prepared.plan),
                        kernels));
            }
        }
        return prepared;
    }

    private float[][] gradients(StepPlan plan) {
        float[][] gradients = new float[training ? weights.trainable().size() : 0][];
        for (int index : plan.dense()) {
            Variable variable = weights.trainable().get(index);
            gradients[index] = new float[variable.values().length];
        }
        return gradients;
    }

    /** Runs operations; those of a shard that follow one another run on one thread. */
    private void run(List<TrainingOperation> operations, Prepared prepared) {
        for (int begin = 0; begin < operations.size(); ) {
            TrainingOperation operation = operations.get(begin);
            List<Shard> shards = prepared.shards.subList(0, split.count());
            if (operation instanceof TrainingOperation.WholeBatch whole) {
                whole.run(shards, split.rows());
                begin++;
                continue;
            }
            if (operation instanceof TrainingOperation.Parts parts) {
                tasks.run(parts.count(shards, split.rows()), part -> parts.run(part, shards, split.rows()));
                begin++;
                continue;
            }
            int end = begin;
            while (end < operations.size() && operations.get(end) instanceof TrainingOperation.EachShard) {
                end++;
            }
            int first = begin;
            int last = end;
            tasks.run(split.count(), s -> {
                Shard shard = prepared.shards.get(s);
                for (int i = first; i < last; i++) {
                    ((TrainingOperation.EachShard) operations.get(i)).run(shard, split.rows(s));
                }
            });
            begin = end;
        }
    }

    private Prepared current() {
        Prepared prepared = current;
        if (prepared == null) {
            throw new IllegalStateException("no batch has run");
        }
        return prepared;
    }

    /** What outputs of layers of the batch cost by themselves. */
    public double activityPenalty() {
        double sum = 0;
        int rows = 0;
        for (int s = 0; s < split.count(); s++) {
            Shard shard = current().shards.get(s);
            rows += split.rows(s);
            for (Slot cost : current().plan.activityCosts()) {
                sum += shard.floats(cost)[shard.at(cost)];
            }
        }
        return rows == 0 ? 0 : sum / rows;
    }

    /** Shape of an output of the batch, batch unknown. */
    public Shape outputShape(int output) {
        return current().plan.outputs().get(output).shape();
    }

    /** Copies an output of the batch. */
    public void output(int output, float[] target) {
        Prepared prepared = current();
        Slot slot = prepared.plan.outputs().get(output).slot();
        for (int s = 0; s < split.count(); s++) {
            Shard shard = prepared.shards.get(s);
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
        Slot mask = current().plan.outputs().get(output).mask();
        return mask == null ? 0 : mask.rowSize();
    }

    /** Copies the mask that an output carries. */
    public void mask(int output, boolean[] target) {
        Prepared prepared = current();
        Slot mask = prepared.plan.outputs().get(output).mask();
        for (int s = 0; mask != null && s < split.count(); s++) {
            Shard shard = prepared.shards.get(s);
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
        Prepared prepared = current();
        List<StepPlan.Output> outputs = prepared.plan.outputs();
        for (int k = 0; k < outputs.size(); k++) {
            Slot slot = outputs.get(k).gradient();
            float[] gradient = outputGradients[k];
            for (int s = 0; slot != null && s < split.count(); s++) {
                Shard shard = prepared.shards.get(s);
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
            prepared.shards.get(s).traceStates(tracing);
        }
        run(prepared.plan.backward(), prepared);
        sums.collect(prepared.plan, prepared.shards.subList(0, split.count()), split.rows(), tasks);
        return sums.sums();
    }

    /** Says that somebody will write to the gradient of a table beyond the rows that a batch touches. */
    public void clearWholly(int variable) {
        sums.clearWholly(variable);
    }

    /** Bytes that the buffers of all shards take. */
    public long sizeBytes() {
        return plans.values().stream()
                .flatMap(prepared -> prepared.shards.stream())
                .mapToLong(Shard::sizeBytes)
                .sum();
    }
}
