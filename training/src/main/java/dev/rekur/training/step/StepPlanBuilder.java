package dev.rekur.training.step;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Port;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.SummedRows;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingResources;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightGradient;
import dev.rekur.plan.PlanLayout;
import dev.rekur.plan.Stage;
import dev.rekur.plan.StageCall;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link StepPlan}. Buffers live on a line of time: forward of node i at i, the losses at n, backward of node i at 2n -
 * i, and what is left to sum up at the end.
 */
final class StepPlanBuilder implements PlanLayout.Binder, StageCall.Values {
    private final Graph graph;
    private final Stages stages;
    private final TrainedWeights weights;
    private final GradientFlow flow;
    private final boolean training;
    private final Map<String, ActivityPenalty> penalties;
    private final long seed;
    private final PlanLayout layout;
    private final int losses;

    private final List<TrainingOperation> forward = new ArrayList<>();
    private final Map<Integer, List<TrainingOperation>> backward = new HashMap<>();
    private final Map<Value, Slot> gradients = new HashMap<>();
    private final Set<Integer> dense = new TreeSet<>();
    private final List<RowGradient> rowGradients = new ArrayList<>();
    private final List<SummedRowGradient> summedRows = new ArrayList<>();
    private final List<Slot> activityCosts = new ArrayList<>();
    private final List<TrainingOperation> activityAdjoints = new ArrayList<>();
    private final Observables observables = new Observables();
    private final Map<String, Object> derived = new HashMap<>();

    /**
     * @param penalties by name of a layer, what its outputs cost
     * @param training whether there is an adjoint; else layers compute as in inference
     * @param seed of what is random
     */
    StepPlanBuilder(
            Graph graph,
            Stages stages,
            TrainedWeights weights,
            GradientFlow flow,
            Map<String, ActivityPenalty> penalties,
            boolean training,
            long seed) {
        this.graph = graph;
        this.stages = stages;
        this.weights = weights;
        this.flow = flow;
        this.penalties = penalties;
        this.training = training;
        this.seed = seed;
        this.losses = graph.nodes().size();
        PlanLayout.Lifetime lifetime = training ? PlanLayout.Lifetime.EXTENSIBLE : PlanLayout.Lifetime.LAST_USE;
        this.layout = new PlanLayout(stages, this, lifetime, this);
    }

    StepPlan build(Map<Value, Shape> given) {
        layout.build(given);
        List<TrainingOperation> reverse = new ArrayList<>(activityAdjoints);
        for (int node = losses - 1; node >= 0; node--) {
            reverse.addAll(backward.getOrDefault(node, List.of()));
        }
        List<StepPlan.Output> outputs = new ArrayList<>();
        for (Value output : graph.outputs()) {
            outputs.add(new StepPlan.Output(
                    layout.slot(output), layout.shape(output), gradients.get(output), layout.mask(output)));
        }
        Map<Value, Slot> inputs = new LinkedHashMap<>();
        given.keySet().forEach(value -> inputs.put(value, layout.slot(value)));
        return new StepPlan(
                List.copyOf(forward),
                reverse,
                inputs,
                outputs,
                List.copyOf(dense),
                List.copyOf(rowGradients),
                List.copyOf(summedRows),
                List.copyOf(activityCosts),
                layout.stateRowSizes(),
                layout.table(),
                observables);
    }

    private int adjointOf(int node) {
        return 2 * losses - node;
    }

    private int end() {
        return 2 * losses + 1;
    }

    @Override
    public void operation(Operation operation) {
        forward.add((TrainingOperation.EachShard) operation::run);
    }

    @Override
    public void stage(StageCall call) {
        if (!training) {
            operation(call.stage().layer().forward(call.binding()));
            measureActivity(call);
            return;
        }
        int node = call.index();
        GraphLayer layer = graph.nodes().get(node).layer();
        List<TrainingOperation> sums = new ArrayList<>();
        reserveGradients(call);
        TrainingBinding binding = new TrainingBinding(
                call.stage().name(), inputs(call, sums), outputs(call), new StepResources(call, layer));
        LayerTraining part;
        try {
            part = call.stage().layer().training(binding);
        } catch (UnsupportedOperationException lacking) {
            throw new UnsupportedModelException(
                    graph.name(),
                    List.of(new Problem(
                            layer.toString(),
                            "cannot be trained: " + lacking.getMessage(),
                            "Freeze the layers before it, so that no gradient has to pass it, or leave it out.")));
        }
        forward.addAll(part.forward());
        observables.add(call, forward.size(), layout.table(), losses);
        measureActivity(call);
        if (flow.hasAdjoint(node)) {
            List<TrainingOperation> adjoint = new ArrayList<>(part.backward());
            adjoint.addAll(sums);
            backward.put(node, adjoint);
        }
    }

    private void measureActivity(StageCall call) {
        ActivityPenalty penalty = penalties.get(call.stage().name());
        if (penalty == null) {
            return;
        }
        for (int output = 0; output < call.outputs().size(); output++) {
            Value value = new Value(call.index(), output);
            Slot slot = call.outputs().get(output).slot();
            if (slot.kind() != ValueKind.FLOAT) {
                continue;
            }
            Slot cost = layout.table().add(ValueKind.FLOAT, 1, call.index());
            layout.table().extend(cost, end());
            activityCosts.add(cost);
            forward.add(penalty.measure(slot, cost));
            Slot gradient = gradients.get(value);
            if (training && gradient != null) {
                layout.table().extend(slot, losses);
                activityAdjoints.add(
                        penalty.adjoint(slot, gradient, graph.outputs().contains(value)));
            }
        }
    }

    /** Makes room for the gradients of a node's outputs, from the first adjoint that writes them to the node's own. */
    private void reserveGradients(StageCall call) {
        int node = call.index();
        for (int output = 0; output < graph.nodes().get(node).shapes().size(); output++) {
            Value value = new Value(node, output);
            if (flow.has(value)) {
                int begin = flow.isLoss(value) ? losses : adjointOf(flow.firstAdjoint(value));
                Slot gradient = layout.table()
                        .add(ValueKind.FLOAT, call.outputs().get(output).shape().rowSize(), begin);
                layout.table().extend(gradient, adjointOf(node));
                gradients.put(value, gradient);
            }
        }
    }

    /** The outputs of a call with their gradients. */
    private List<Port> outputs(StageCall call) {
        List<Port> ports = new ArrayList<>();
        for (int output = 0; output < call.outputs().size(); output++) {
            ports.add(call.outputs().get(output).withGradient(gradients.get(new Value(call.index(), output))));
        }
        return ports;
    }

    /**
     * The inputs of a call with their gradients.
     *
     * @param sums takes what adds up the gradients that several calls write for one value
     */
    private List<Port> inputs(StageCall call, List<TrainingOperation> sums) {
        List<Port> ports = new ArrayList<>();
        for (int input = 0; input < call.inputs().size(); input++) {
            ports.add(call.inputs().get(input).withGradient(inputGradient(call, input, sums)));
        }
        return ports;
    }

    private @Nullable Slot inputGradient(StageCall call, int input, List<TrainingOperation> sums) {
        Slot sum = gradients.get(call.stage().inputs().get(input));
        boolean asked = flow.hasAdjoint(call.index()) && call.stage().layer().passesGradient(input);
        if (sum == null || !asked || flow.writesFirst(call.index(), input)) {
            return asked ? sum : null;
        }
        Slot part = layout.table().add(ValueKind.FLOAT, sum.rowSize(), adjointOf(call.index()));
        sums.add((TrainingOperation.EachShard) (workspace, rows) -> {
            float[] values = workspace.floats(sum);
            workspace.kernels().add(values, workspace.at(part), values, workspace.at(sum), rows * sum.rowSize());
        });
        return part;
    }

    /** What the layer of one call may ask for. */
    private final class StepResources implements TrainingResources {
        private final StageCall call;
        private final GraphLayer layer;
        private int randomKeys;

        private StepResources(StageCall call, GraphLayer layer) {
            this.call = call;
            this.layer = layer;
        }

        private Variable variable(String path) {
            return weights.variable(call.stage().name(), path);
        }

        @Override
        public Slot scratch(ValueKind kind, int rowSize) {
            return call.resources().scratch(kind, rowSize);
        }

        @Override
        public StateSlot state(int rowSize) {
            return call.resources().state(rowSize);
        }

        @Override
        public FloatTensor weight(String path) {
            return call.resources().weight(path);
        }

        @Override
        public <T> T shared(String key, Supplier<T> maker) {
            return call.resources().shared(key, maker);
        }

        @Override
        public boolean trainable() {
            return layer.isTrained();
        }

        @Override
        public void keep(Slot slot) {
            layout.table().extend(slot, adjointOf(call.index()));
        }

        @Override
        public Slot adjointScratch(int rowSize) {
            return layout.table().add(ValueKind.FLOAT, rowSize, adjointOf(call.index()));
        }

        @Override
        public @Nullable WeightGradient gradient(String path) {
            int index = weights.trainableIndex(variable(path));
            if (index < 0) {
                return null;
            }
            dense.add(index);
            return new WeightGradient(index);
        }

        @Override
        public void addRows(String path, Slot ids, Slot vectors) {
            int index = weights.trainableIndex(variable(path));
            if (index >= 0) {
                layout.table().extend(ids, end());
                layout.table().extend(vectors, end());
                int features = weights.trainable().get(index).shape().dimension(1);
                rowGradients.add(new RowGradient(
                        index, ids, vectors, features, call.stage().name()));
            }
        }

        @Override
        public void addRows(String path, SummedRows rows) {
            int index = weights.trainableIndex(variable(path));
            if (index >= 0) {
                int features = weights.trainable().get(index).shape().dimension(1);
                summedRows.add(new SummedRowGradient(index, rows, features));
            }
        }

        @Override
        public float[] statistic(String path) {
            return variable(path).values();
        }

        @Override
        public PackedMatrix packed(String path, int rows, int firstColumn, int columns, boolean transposed) {
            return weights.packed(variable(path), rows, firstColumn, columns, transposed);
        }

        @Override
        public float[] values(String path) {
            return variable(path).values();
        }

        @Override
        public Slot stateTrace(String owner, int steps) {
            Slot norms = layout.table().add(ValueKind.FLOAT, 2 * steps, adjointOf(call.index()));
            layout.table().extend(norms, end());
            observables.add(new Observables.StateTrace(call.stage().name(), owner, norms));
            return norms;
        }

        @Override
        public long randomKey() {
            return RandomNumbers.key(RandomNumbers.key(seed, call.index()), randomKeys++);
        }
    }

    @Override
    public FloatTensor weight(Stage stage, String path) {
        return weights.view(stage.name(), path);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T shared(Stage stage, String key, Supplier<T> maker) {
        if (training) {
            throw new IllegalStateException(
                    stage.layer().className() + " derives '" + key + "' from weights that change at every step");
        }
        String id = stage.name() + '\n' + key;
        Object known = derived.get(id);
        if (known == null) {
            known = maker.get(); // not computeIfAbsent: making one may ask for another
            derived.put(id, known);
        }
        return (T) known;
    }
}
