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
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.PlanLayout;
import dev.rekur.plan.Stage;
import dev.rekur.plan.StageBinding;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
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
final class StepPlanBuilder implements PlanLayout.Binder, StageBinding.Values {
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
    public void stage(StageBinding binding) {
        if (!training) {
            operation(binding.stage().layer().forward(binding));
            measureActivity(binding);
            return;
        }
        int node = binding.index();
        GraphLayer layer = graph.nodes().get(node).layer();
        List<TrainingOperation> sums = new ArrayList<>();
        StepBinding bound = new StepBinding(binding, layer, new Gradients(binding, sums));
        reserveGradients(binding);
        LayerTraining part;
        try {
            part = binding.stage().layer().training(bound);
        } catch (UnsupportedOperationException lacking) {
            throw new UnsupportedModelException(
                    graph.name(),
                    List.of(new Problem(
                            layer.toString(),
                            "cannot be trained: " + lacking.getMessage(),
                            "Freeze the layers before it, so that no gradient has to pass it, or leave it out.")));
        }
        forward.addAll(part.forward());
        observables.add(binding, forward.size(), layout.table(), losses);
        measureActivity(binding);
        if (flow.hasAdjoint(node)) {
            List<TrainingOperation> adjoint = new ArrayList<>(part.backward());
            adjoint.addAll(sums);
            backward.put(node, adjoint);
        }
    }

    private void measureActivity(StageBinding binding) {
        ActivityPenalty penalty = penalties.get(binding.stage().name());
        if (penalty == null) {
            return;
        }
        for (int output = 0;
                output < graph.nodes().get(binding.index()).shapes().size();
                output++) {
            Value value = new Value(binding.index(), output);
            Slot slot = binding.output(output);
            if (slot.kind() != ValueKind.FLOAT) {
                continue;
            }
            Slot cost = layout.table().add(ValueKind.FLOAT, 1, binding.index());
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
    private void reserveGradients(StageBinding binding) {
        int node = binding.index();
        for (int output = 0; output < graph.nodes().get(node).shapes().size(); output++) {
            Value value = new Value(node, output);
            if (flow.has(value)) {
                int begin = flow.isLoss(value) ? losses : adjointOf(flow.firstAdjoint(value));
                Slot gradient = layout.table()
                        .add(ValueKind.FLOAT, binding.outputShape(output).rowSize(), begin);
                layout.table().extend(gradient, adjointOf(node));
                gradients.put(value, gradient);
            }
        }
    }

    /** Gradients of one node: where they are, and how those that several nodes write are summed up. */
    final class Gradients implements StepBinding.Gradients {
        private final StageBinding binding;
        private final List<TrainingOperation> sums;
        private final Map<Integer, Slot> inputs = new HashMap<>();

        private Gradients(StageBinding binding, List<TrainingOperation> sums) {
            this.binding = binding;
            this.sums = sums;
        }

        @Override
        public @Nullable Slot ofOutput(int output) {
            return gradients.get(new Value(binding.index(), output));
        }

        @Override
        public @Nullable Slot ofInput(int input) {
            Value value = binding.stage().inputs().get(input);
            Slot sum = gradients.get(value);
            if (sum == null || !flow.hasAdjoint(binding.index()) || flow.writesFirst(binding.index(), input)) {
                return flow.hasAdjoint(binding.index()) ? sum : null;
            }
            return inputs.computeIfAbsent(input, key -> {
                Slot part = layout.table().add(ValueKind.FLOAT, sum.rowSize(), adjointOf(binding.index()));
                sums.add((TrainingOperation.EachShard) (workspace, rows) -> {
                    float[] values = workspace.floats(sum);
                    workspace
                            .kernels()
                            .add(values, workspace.at(part), values, workspace.at(sum), rows * sum.rowSize());
                });
                return part;
            });
        }

        @Override
        public Slot keep(Slot slot) {
            layout.table().extend(slot, adjointOf(binding.index()));
            return slot;
        }

        @Override
        public Slot adjointScratch(int rowSize) {
            return layout.table().add(ValueKind.FLOAT, rowSize, adjointOf(binding.index()));
        }

        @Override
        public int ofWeight(String path) {
            int index = weights.trainableIndex(weights.variable(binding.stage().name(), path));
            if (index >= 0) {
                dense.add(index);
            }
            return index;
        }

        @Override
        public void addRows(String path, Slot ids, Slot vectors) {
            int index = weights.trainableIndex(weights.variable(binding.stage().name(), path));
            if (index >= 0) {
                layout.table().extend(ids, end());
                layout.table().extend(vectors, end());
                int features = weights.trainable().get(index).shape().dimension(1);
                rowGradients.add(new RowGradient(
                        index, ids, vectors, features, binding.stage().name()));
            }
        }

        @Override
        public void addRows(String path, TrainingBinding.SummedRows rows) {
            int index = weights.trainableIndex(weights.variable(binding.stage().name(), path));
            if (index >= 0) {
                int features = weights.trainable().get(index).shape().dimension(1);
                summedRows.add(new SummedRowGradient(index, rows, features));
            }
        }

        @Override
        public float[] statistic(String path) {
            return weights.variable(binding.stage().name(), path).values();
        }

        @Override
        public PackedMatrix packed(String path, int firstColumn, int columns, boolean transposed) {
            return weights.packed(binding.stage().name(), path, firstColumn, columns, transposed);
        }

        @Override
        public float[] values(String path) {
            return weights.variable(binding.stage().name(), path).values();
        }

        @Override
        public Slot stateTrace(String owner, int steps) {
            Slot norms = layout.table().add(ValueKind.FLOAT, steps, adjointOf(binding.index()));
            layout.table().extend(norms, end());
            observables.add(new Observables.StateTrace(binding.stage().name(), owner, norms));
            return norms;
        }

        @Override
        public long randomKey(int number) {
            return RandomNumbers.key(RandomNumbers.key(seed, binding.index()), number);
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
