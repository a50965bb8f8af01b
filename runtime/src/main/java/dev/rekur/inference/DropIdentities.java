package dev.rekur.inference;

import dev.rekur.graph.Value;
import java.util.HashMap;
import java.util.Map;

/** Leaves out layers that only pass their input on when they do not train: Dropout. */
final class DropIdentities {
    private DropIdentities() {}

    static Stages apply(Stages stages) {
        Map<Value, Value> sources = new HashMap<>();
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            if (stage != null && stage.layer().isIdentityInInference()) {
                Value input = stage.inputs().get(0);
                sources.put(new Value(i, 0), sources.getOrDefault(input, input));
            }
        }
        return stages.replaceValues(value -> sources.getOrDefault(value, value)).prune();
    }
}
