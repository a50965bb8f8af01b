package dev.rekur.format.keras;

import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/** Numbers of a dataset as a configuration holds them. */
final class Floats {
    private Floats() {}

    static List<Float> list(FloatTensor tensor) {
        List<Float> list = new ArrayList<>(tensor.size());
        for (int i = 0; i < tensor.size(); i++) {
            list.add(tensor.get(i));
        }
        return list;
    }
}
