package dev.rekur.format.keras;

import dev.rekur.format.hdf5.NewDataset;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays variables out as {@code keras/src/saving/saving_lib.py} of Keras 3.15 does; {@link ArchiveVariables} reads them. */
final class ArchiveVariablesWriter {
    private final TargetModel target;
    private final NewGroup root = new NewGroup();

    private ArchiveVariablesWriter(TargetModel target) {
        this.target = target;
    }

    /** The content of {@code model.weights.h5}: weights alone. */
    static NewGroup weights(TargetModel target) {
        ArchiveVariablesWriter writer = new ArchiveVariablesWriter(target);
        writer.root.group("vars").text("name", target.model().graph().name());
        for (LayerEntry entry : target.layers()) {
            List<WeightSpec> weights =
                    target.graphLayer(entry).map(GraphLayer::weights).orElse(List.of());
            writer.layer(entry, weights);
        }
        return writer.root;
    }

    /** Adds the optimizer's variables, in their order, if it has any. */
    static void optimizer(NewGroup root, CompileConfiguration compile) {
        List<OptimizerVariable> variables = compile.optimizerVariables();
        if (variables.isEmpty()) {
            return;
        }
        NewGroup group = root.group("optimizer");
        group.group("vars").text("name", TargetModel.optimizerName(compile.config()));
        boolean placed = variables.stream().allMatch(variable -> variable.name().matches("(\\w+/)*vars/\\d+"));
        for (int i = 0; i < variables.size(); i++) {
            OptimizerVariable variable = variables.get(i);
            group.dataset(placed ? variable.name() : "vars/" + i, dataset(variable, i == 0));
        }
    }

    /** The first of an optimizer's variables is the iteration, a whole number. */
    static NewDataset dataset(OptimizerVariable variable, boolean iteration) {
        Long whole = variable.whole();
        if (whole != null) {
            return NewDataset.int64(new long[0], whole);
        }
        FloatTensor value = variable.value();
        return iteration && value.shape().rank() == 0
                ? NewDataset.int64(new long[0], (long) value.get(0))
                : NewDataset.float32(value);
    }

    private void layer(LayerEntry entry, List<WeightSpec> weights) {
        NewGroup group = root.group("layers/" + entry.group());
        group.group("vars").text("name", entry.name());
        TargetModel.objectNames(entry, weights)
                .forEach((path, name) -> group.group(path + "/vars").text("name", name));
        Map<String, Integer> indexes = new HashMap<>();
        for (WeightSpec weight : weights) {
            int index = indexes.merge(weight.owner(), 1, Integer::sum) - 1;
            FloatTensor value = target.model().weights().get(entry.name(), weight.path());
            group.group(weight.owner()).dataset("vars/" + index, NewDataset.float32(value));
        }
        target.graphLayer(entry).ifPresent(layer -> LearnedText.addWeights(target, entry, layer.layer(), group));
    }
}
