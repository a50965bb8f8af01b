package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the optimizer's variables. No configuration implies their shapes, but all that Keras's optimizers keep are a few
 * numbers for each of the model's weights.
 */
final class OptimizerBudget {
    private static final int RANK_LIMIT = 8;

    /** Adam with amsgrad, an average of the weights and accumulated gradients has five. */
    private static final long PER_WEIGHT = 6;

    private static final long FLOOR = 1_000_000;

    private final String source;
    private final long limit;
    private long charged;

    /**
     * @param source the file's name
     * @param weights numbers in the model's weights
     */
    OptimizerBudget(String source, long weights) {
        this.source = source;
        this.limit = weights > (Long.MAX_VALUE - FLOOR) / PER_WEIGHT ? Long.MAX_VALUE : PER_WEIGHT * weights + FLOOR;
    }

    /**
     * The variable; nothing is allocated before its size is known to be plausible.
     *
     * @param weight path of the weight that the name tells of; null if it tells of none
     */
    OptimizerVariable read(String name, Hdf5Dataset dataset, @Nullable String weight) {
        FloatTensor value = read(dataset);
        return new OptimizerVariable(
                name, value, value.shape().rank() == 0 ? dataset.wholeNumber().orElse(null) : null, weight);
    }

    private FloatTensor read(Hdf5Dataset dataset) {
        int rank = dataset.dimensions().length;
        if (rank > RANK_LIMIT) {
            throw refused(dataset, "expected at most " + RANK_LIMIT + " dimensions, found " + rank);
        }
        long count = Math.max(1, dataset.count());
        if (count > limit - charged) {
            throw refused(
                    dataset,
                    "expected at most " + limit + " numbers in all of the optimizer's variables, found more with shape "
                            + dataset.shapeText());
        }
        charged += count;
        return dataset.floats();
    }

    private ModelFormatException refused(Hdf5Dataset dataset, String what) {
        return new ModelFormatException(
                source + ": the optimizer's variable '" + dataset.path() + "'",
                what,
                "Save the model again, or without its optimizer (include_optimizer=False).",
                "docs/TROUBLESHOOTING.md#limits");
    }
}
