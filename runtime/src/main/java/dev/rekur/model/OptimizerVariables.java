package dev.rekur.model;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An optimizer's variables in the file's order. Those of a file are read when they are first asked for: a model that only predicts
 * does not need them, so that it does not matter to it whether they can be read. Thread-safe.
 */
public final class OptimizerVariables {
    private static final Logger LOG = LoggerFactory.getLogger(OptimizerVariables.class);

    private @Nullable Supplier<List<OptimizerVariable>> reader;
    private @Nullable List<OptimizerVariable> read;

    private OptimizerVariables(
            @Nullable Supplier<List<OptimizerVariable>> reader, @Nullable List<OptimizerVariable> read) {
        this.reader = reader;
        this.read = read;
    }

    /** Variables in memory. */
    public static OptimizerVariables of(List<OptimizerVariable> variables) {
        return new OptimizerVariables(null, List.copyOf(variables));
    }

    /**
     * Variables of a file.
     *
     * @param reader reads them; it is called once, and what it holds is kept until then
     */
    public static OptimizerVariables readBy(Supplier<List<OptimizerVariable>> reader) {
        return new OptimizerVariables(reader, null);
    }

    /** The variables; none, after a warning, if the file has some that cannot be read. */
    public synchronized List<OptimizerVariable> list() {
        List<OptimizerVariable> known = read;
        if (known == null) {
            known = listRead(Objects.requireNonNull(reader));
            read = known;
            reader = null;
        }
        return known;
    }

    private static List<OptimizerVariable> listRead(Supplier<List<OptimizerVariable>> reader) {
        try {
            return List.copyOf(reader.get());
        } catch (ModelFormatException | UnsupportedModelException unreadable) {
            Problem problem = unreadable.problems().get(0);
            LOG.warn(
                    "the state of the optimizer is left out, since it cannot be read: {}: {}; {}",
                    problem.place(),
                    problem.finding(),
                    "docs/TROUBLESHOOTING.md#optimizer-state");
            return List.of();
        }
    }
}
