package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A layer alone with its buffers in training: the strictest reading of what a {@link TrainingBinding} promises. */
final class TrainingRoomBinding extends RoomBinding implements TrainingResources {
    /**
     * Which gradients there are.
     *
     * @param trainable Keras's {@code trainable} of the layer
     * @param outputs those with a gradient
     * @param inputs those whose gradient is asked for
     * @param weights those that are trained
     */
    record Flow(boolean trainable, Set<Integer> outputs, Set<Integer> inputs, Set<String> weights) {}

    /** The gradient of a table whose rows were looked up. */
    record LookedUp(String path, Slot ids, Slot vectors) {}

    private record Packing(String path, int stride, int firstColumn, boolean transposed, PackedMatrix matrix) {}

    private final Map<String, FloatTensor> views;
    private final Map<String, float[]> live;
    private final List<String> paths;
    private final Flow flow;
    private final long seed;
    private final Map<Integer, Slot> outputGradients = new HashMap<>();
    private final Map<Integer, Slot> inputGradients = new HashMap<>();
    private final Set<Slot> kept = new HashSet<>();
    private final List<LookedUp> lookedUp = new ArrayList<>();
    private final List<Packing> packings = new ArrayList<>();
    private int randomKeys;

    private TrainingRoomBinding(
            Layer layer,
            Map<String, FloatTensor> views,
            Map<String, float[]> live,
            List<Shape> inputShapes,
            List<ValueKind> kinds,
            List<Integer> maskSteps,
            Flow flow,
            long seed) {
        super(layer, views, inputShapes, kinds, maskSteps, false);
        this.views = views;
        this.live = live;
        this.paths = List.copyOf(live.keySet());
        this.flow = flow;
        this.seed = seed;
        flow.outputs()
                .forEach(output -> outputGradients.put(
                        output, slot(ValueKind.FLOAT, outputShape(output).rowSize())));
        flow.inputs()
                .forEach(input -> inputGradients.put(
                        input, slot(ValueKind.FLOAT, inputShape(input).rowSize())));
    }

    /** A binding with weights of its own, which begin as those given. */
    static TrainingRoomBinding of(
            Layer layer,
            Map<String, FloatTensor> weights,
            List<Shape> inputShapes,
            List<ValueKind> kinds,
            List<Integer> maskSteps,
            Flow flow,
            long seed) {
        Map<String, float[]> live = new LinkedHashMap<>();
        Map<String, FloatTensor> views = new LinkedHashMap<>();
        weights.forEach((path, weight) -> {
            float[] values = Arrays.copyOf(weight.toArray(), weight.size() + Workspace.SLACK);
            live.put(path, values);
            views.put(path, FloatTensor.view(weight.shape(), values));
        });
        return new TrainingRoomBinding(layer, views, live, inputShapes, kinds, maskSteps, flow, seed);
    }

    /** The weights as they are now, which may be written to. */
    Map<String, float[]> live() {
        return live;
    }

    boolean isKept(Slot slot) {
        return kept.contains(slot);
    }

    List<LookedUp> lookedUp() {
        return lookedUp;
    }

    String path(WeightGradient gradient) {
        return paths.get(gradient.id());
    }

    /** Packs all matrices again, as is done before each step. */
    void pack() {
        for (Packing packing : packings) {
            float[] values = live.get(packing.path());
            if (packing.transposed()) {
                packing.matrix().fillTransposed(values, packing.firstColumn(), packing.stride());
            } else {
                packing.matrix().fill(values, packing.firstColumn(), packing.stride());
            }
        }
    }

    @Override
    public boolean trainable() {
        return flow.trainable();
    }

    @Override
    public void keep(Slot slot) {
        kept.add(slot);
    }

    @Override
    public Slot adjointScratch(int rowSize) {
        return slot(ValueKind.FLOAT, rowSize);
    }

    /** What the layer is given. */
    TrainingBinding trainingBinding() {
        List<Port> inputs = new ArrayList<>();
        for (int i = 0; i < inputPorts().size(); i++) {
            inputs.add(inputPorts().get(i).withGradient(inputGradients.get(i)));
        }
        List<Port> outputs = new ArrayList<>();
        for (int i = 0; i < outputPorts().size(); i++) {
            outputs.add(outputPorts().get(i).withGradient(outputGradients.get(i)));
        }
        return new TrainingBinding("room", inputs, outputs, this);
    }

    @Nullable
    Slot outputGradient(int output) {
        return outputGradients.get(output);
    }

    @Nullable
    Slot inputGradient(int input) {
        return inputGradients.get(input);
    }

    @Override
    public @Nullable WeightGradient gradient(String path) {
        return flow.weights().contains(path) ? new WeightGradient(paths.indexOf(path)) : null;
    }

    @Override
    public Slot stateTrace(String name, int time) {
        return slot(ValueKind.FLOAT, 2 * time);
    }

    @Override
    public void addRows(String path, SummedRows rows) {
        throw new AssertionError("only a folded embedding sums rows up itself, and that is no layer of the registry");
    }

    @Override
    public void addRows(String path, Slot ids, Slot vectors) {
        if (flow.weights().contains(path)) {
            keep(ids);
            lookedUp.add(new LookedUp(path, ids, vectors));
        }
    }

    @Override
    public float[] values(String path) {
        return statistic(path);
    }

    @Override
    public PackedMatrix packed(String path, int rows, int firstColumn, int columns, boolean transposed) {
        PackedMatrix matrix = transposed ? PackedMatrix.of(columns, rows) : PackedMatrix.of(rows, columns);
        int stride = rows == 0 ? 0 : weight(path).size() / rows;
        packings.add(new Packing(path, stride, firstColumn, transposed, matrix));
        return matrix;
    }

    @Override
    public float[] statistic(String path) {
        float[] values = live.get(path);
        if (values == null) {
            throw new AssertionError("no weight " + path + " among " + views.keySet());
        }
        return values;
    }

    @Override
    public long randomKey() {
        return RandomNumbers.key(seed, randomKeys++);
    }

    @Override
    public <T> T shared(String key, Supplier<T> maker) {
        throw new AssertionError("'" + key + "' is derived from weights that change at every step");
    }

    /** Memory of a shard. */
    ShardMemory memory(int capacity, int firstRow, long step) {
        return new ShardMemory(capacity, firstRow, step);
    }

    /** The arrays of a shard, and what it adds to gradients of weights. */
    final class ShardMemory extends Memory implements TrainingWorkspace {
        private final int firstRow;
        private final long step;
        private final Map<String, float[]> gradients = new LinkedHashMap<>();

        private ShardMemory(int capacity, int firstRow, long step) {
            super(capacity);
            this.firstRow = firstRow;
            this.step = step;
            for (String path : flow.weights()) {
                float[] gradient = new float[live.get(path).length];
                Arrays.fill(gradient, gradient.length - SLACK, gradient.length, Float.NaN);
                gradients.put(path, gradient);
            }
        }

        /** By path, with slack behind. */
        Map<String, float[]> gradients() {
            return gradients;
        }

        /** Whether nothing was written behind the gradients of weights. */
        boolean slackIsUntouched() {
            return gradients.values().stream().allMatch(gradient -> {
                for (int i = gradient.length - SLACK; i < gradient.length; i++) {
                    if (!Float.isNaN(gradient[i])) {
                        return false;
                    }
                }
                return true;
            });
        }

        @Override
        public boolean tracesStates() {
            return false;
        }

        @Override
        public float[] gradient(WeightGradient gradient) {
            return gradients.get(path(gradient));
        }

        @Override
        public long step() {
            return step;
        }

        @Override
        public int firstRow() {
            return firstRow;
        }
    }
}
