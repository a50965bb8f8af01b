package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/** Numbers of a dataset as a configuration holds them. */
final class Floats {
    private Floats() {}

    /**
     * The elements of a list that is not longer than it can be.
     *
     * @param source the file's name
     * @throws ModelFormatException if it is longer, or no list; then nothing was allocated
     */
    static List<Float> list(String source, Hdf5Dataset dataset, long limit) {
        if (dataset.dimensions().length != 1 || dataset.count() > limit) {
            throw new ModelFormatException(
                    source + ": '" + dataset.path() + "'",
                    "expected a list of at most " + limit + " numbers, found shape " + dataset.shapeText(),
                    "Save the model again.",
                    "docs/TROUBLESHOOTING.md#vocabulary");
        }
        FloatTensor tensor = dataset.floats();
        List<Float> list = new ArrayList<>(tensor.size());
        for (int i = 0; i < tensor.size(); i++) {
            list.add(tensor.get(i));
        }
        return list;
    }
}
