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
import java.util.Optional;

/** Lays variables out as {@code keras/src/saving/saving_lib.py} of Keras 3.15 does; {@link ArchiveVariables} reads them. */
final class ArchiveVariablesWriter {
    private ArchiveVariablesWriter() {}

    /** The content of {@code model.weights.h5}: weights alone. */
    static NewGroup weights(TargetModel target) {
        NewGroup root = new NewGroup();
        model(target, root, target.graph().name());
        return root;
    }

    private static void model(TargetModel target, NewGroup group, String name) {
        group.group("vars").text("name", name);
        for (LayerEntry entry : target.layers()) {
            NewGroup own = group.group("layers/" + entry.group());
            Optional<TargetModel> inside = target.inside(entry);
            if (inside.isPresent()) {
                model(inside.get(), own, entry.name());
            } else {
                layer(target, entry, own);
            }
        }
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

    private static void layer(TargetModel target, LayerEntry entry, NewGroup group) {
        List<WeightSpec> weights =
                target.graphLayer(entry).map(GraphLayer::weights).orElse(List.of());
        group.group("vars").text("name", entry.name());
        TargetModel.objectNames(entry, weights)
                .forEach((path, name) -> group.group(path + "/vars").text("name", name));
        Map<String, Integer> indexes = new HashMap<>();
        for (WeightSpec weight : weights) {
            int index = indexes.merge(weight.owner(), 1, Integer::sum) - 1;
            NewDataset value = NewDataset.float32(target.weight(entry, weight));
            group.group(weight.owner()).dataset("vars/" + index, value);
        }
        target.graphLayer(entry).ifPresent(layer -> LearnedText.addWeights(target, entry, layer.layer(), group));
    }
}
