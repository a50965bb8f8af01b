package dev.rekur.inference;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.Stage;
import dev.rekur.plan.Stages;
import java.util.HashMap;
import java.util.Map;

/** Leaves out layers that only pass their input on when they do not train: Dropout. */
final class DropIdentities {
    private DropIdentities() {}

    /**
     * @param model the graph that the stages are the calls of
     */
    static Stages apply(Stages stages, Graph model) {
        Graph graph = model.flat();
        Map<Value, Value> sources = new HashMap<>();
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            Value input = stage == null || stage.inputs().isEmpty()
                    ? null
                    : stage.inputs().get(0);
            if (input != null
                    && stage.masks().isEmpty() // the mask of the call goes on, whatever the input carries
                    && stage.layer().isIdentityInInference()
                    && graph.kind(input) == ValueKind.FLOAT) {
                sources.put(new Value(i, 0), sources.getOrDefault(input, input));
            }
        }
        return stages.replaceValues(value -> sources.getOrDefault(value, value)).prune();
    }
}
