package dev.rekur.training.checkpoint;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.optimizer.OptimizerState;
import dev.rekur.training.optimizer.schedule.ConstantRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with the state that a file has of its optimizer. */
public final class FileState {
    private static final Logger LOG = LoggerFactory.getLogger(FileState.class);

    private FileState() {}

    /**
     * Takes the state over. If it is none of this optimizer's for these variables, the optimizer begins afresh, after a warning.
     *
     * @param optimizer the file's, perhaps with other settings
     * @param keepsRate whether the learning rate is the one of the settings, and not the one in the file's state
     */
    public static void restore(OptimizerState optimizer, CompileConfiguration file, boolean keepsRate) {
        if (file.optimizerMajor() == 2) {
            optimizer.restoreKeras2(file.optimizerVariables()).ifPresent(FileState::warn);
            return;
        }
        float rate = optimizer.learningRate();
        List<OptimizerVariable> variables = new ArrayList<>(file.optimizerVariables());
        boolean constant = optimizer.optimizer().learningRate() instanceof ConstantRate;
        if (constant && isScheduled(file)) {
            variables.add(1, new OptimizerVariable("vars/1", FloatTensor.wrap(Shape.of(), new float[] {rate})));
        }
        try {
            optimizer.restore(variables);
        } catch (InvalidInputException misfit) {
            warn(misfit.getMessage());
            return;
        }
        if (constant && keepsRate) {
            optimizer.learningRate(rate);
        }
    }

    private static void warn(@Nullable String reason) {
        LOG.warn(
                "the optimizer begins afresh, since the file's state of it cannot be placed: {}; {}",
                reason,
                "docs/TROUBLESHOOTING.md#optimizer-state");
    }

    /** The state that goes with a schedule has no variable for the rate. */
    private static boolean isScheduled(CompileConfiguration file) {
        return file.config().get("optimizer") instanceof Map<?, ?> optimizer
                && optimizer.get("config") instanceof Map<?, ?> config
                && config.get("learning_rate") instanceof Map<?, ?>;
    }
}
