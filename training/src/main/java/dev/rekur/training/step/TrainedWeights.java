package dev.rekur.training.step;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntConsumer;

/**
 * The variables of a model in training, matrices packed from them, which are packed anew before each step, and the memory in
 * which batches run and gradients of the variables are added up.
 */
public final class TrainedWeights {
    private final List<Variable> variables = new ArrayList<>();
    private final List<Variable> trainable = new ArrayList<>();
    private final Map<String, Integer> trainableIndex = new HashMap<>();
    private final Map<String, Variable> byPath = new LinkedHashMap<>();
    private final Map<PackedKey, PackedMatrix> packed = new LinkedHashMap<>();
    private final List<Packing> moving = new ArrayList<>();
    private final List<Packing> frozen = new ArrayList<>();
    private final IntConsumer packMoving = index -> moving.get(index).run();
    private final ShardMemories memories;
    private boolean frozenAreFresh = true;

    /** Columns of a variable that is seen as a matrix with so many rows. */
    private record PackedKey(Variable variable, int rows, int firstColumn, int columns, boolean transposed) {
        int stride() {
            return rows == 0 ? 0 : variable.size() / rows;
        }
    }

    private record Packing(PackedKey key, PackedMatrix matrix) {
        void run() {
            float[] values = key.variable().values();
            int stride = key.stride();
            if (key.transposed()) {
                matrix.fillTransposed(values, key.firstColumn(), stride);
            } else {
                matrix.fill(values, key.firstColumn(), stride);
            }
        }
    }

    /**
     * Copies the weights of a model.
     *
     * @param trained whether a weight of a layer is moved by gradients
     */
    public TrainedWeights(Graph graph, Weights weights, BiPredicate<GraphLayer, WeightSpec> trained) {
        for (GraphLayer layer : graph.flat().layers()) {
            for (WeightSpec spec : layer.weights()) {
                Variable variable = new Variable(
                        layer.name(), spec, trained.test(layer, spec), weights.get(layer.name(), spec.path()));
                variables.add(variable);
                byPath.put(variable.path(), variable);
                if (variable.trainable()) {
                    trainableIndex.put(variable.path(), trainable.size());
                    trainable.add(variable);
                }
            }
        }
        memories = new ShardMemories(trainable);
    }

    ShardMemories memories() {
        return memories;
    }

    /** Every variable, in the order of the model's layers. */
    public List<Variable> variables() {
        return variables;
    }

    /** Those that gradients move, in Keras's order. */
    public List<Variable> trainable() {
        return trainable;
    }

    /** Copies of those that gradients do not move, but layers may. */
    Map<Variable, float[]> untrained() {
        Map<Variable, float[]> copies = new LinkedHashMap<>();
        for (Variable variable : variables) {
            if (!variable.trainable()) {
                copies.put(variable, variable.values().clone());
            }
        }
        return copies;
    }

    /** A variable by its layer and path, or by a path that begins with a slash and the name of another layer. */
    Variable variable(String layer, String path) {
        Variable variable = byPath.get(path.startsWith("/") ? path.substring(1) : layer + "/" + path);
        if (variable == null) {
            throw new IllegalArgumentException("no weight '" + path + "' in layer '" + layer + "'");
        }
        return variable;
    }

    /** Index among {@link #trainable}, or -1. */
    int trainableIndex(Variable variable) {
        return trainableIndex.getOrDefault(variable.path(), -1);
    }

    /** A live view of a weight. */
    FloatTensor view(String layer, String path) {
        Variable variable = variable(layer, path);
        return FloatTensor.view(variable.shape(), variable.values());
    }

    /**
     * Columns of a variable that is seen as a matrix with so many rows, or their transpose, as they are when {@link #pack} ran
     * last.
     */
    PackedMatrix packed(Variable variable, int rows, int firstColumn, int columns, boolean transposed) {
        PackedKey key = new PackedKey(variable, rows, firstColumn, columns, transposed);
        PackedMatrix known = packed.get(key);
        if (known == null) {
            known = transposed ? PackedMatrix.of(columns, rows) : PackedMatrix.of(rows, columns);
            packed.put(key, known);
            (variable.trainable() ? moving : frozen).add(new Packing(key, known));
            frozenAreFresh &= variable.trainable();
        }
        return known;
    }

    /** Packs matrices again that have changed since. */
    public void pack(Tasks tasks) {
        tasks.run(moving.size(), packMoving);
        if (!frozenAreFresh) {
            frozen.forEach(Packing::run);
            frozenAreFresh = true;
        }
    }

    /** The weights as they are now. */
    public Weights toWeights() {
        Weights.Builder weights = Weights.builder();
        for (Variable variable : variables) {
            weights.put(variable.layer(), variable.spec(), variable.toTensor());
        }
        return weights.build();
    }

    /** Goes back to weights taken before. */
    public void restore(Weights weights) {
        frozenAreFresh = false;
        for (Variable variable : variables) {
            weights.get(variable.layer(), variable.spec().path()).copyTo(0, variable.values(), 0, variable.size());
        }
    }
}
