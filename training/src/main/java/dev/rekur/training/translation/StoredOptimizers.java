package dev.rekur.training.translation;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.model.OptimizerTranslation;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.OptimizerState;
import dev.rekur.training.optimizer.Optimizers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the optimizers of files as a training does, and says what it would keep of them. */
public final class StoredOptimizers implements OptimizerTranslation {
    @Override
    public Optional<StoredOptimizer> read(
            @Nullable Object serialized, String place, KerasVersion version, List<Problem> problems) {
        return Optimizers.fromConfig(serialized, place, version, problems).map(Translated::new);
    }

    private record Translated(Optimizer optimizer) implements StoredOptimizer {
        @Override
        public String className() {
            return optimizer.className();
        }

        @Override
        public Map<String, Object> forKeras3() {
            return optimizer.serialized();
        }

        @Override
        public List<OptimizerVariable> variables(Model model, List<OptimizerVariable> stored, int from, int to) {
            OptimizerState state = optimizer.start(model);
            if (from == 2) {
                state.restoreKeras2(stored).ifPresent(reason -> {
                    throw new InvalidInputException(reason);
                });
            } else {
                state.restore(stored);
            }
            return to == 2 ? state.keras2Variables() : state.variables();
        }
    }
}
