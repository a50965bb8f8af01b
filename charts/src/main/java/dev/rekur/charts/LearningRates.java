package dev.rekur.charts;

import dev.rekur.training.callback.History;
import java.util.List;

/** How a history calls the learning rate: as Keras 3 does, or as Keras 2 did. */
final class LearningRates {
    private static final List<String> NAMES = List.of("learning_rate", "lr");

    private LearningRates() {}

    static boolean isName(String logged) {
        return NAMES.contains(logged);
    }

    /** The name under which it was logged; that of Keras 3 if it was not. */
    static String nameIn(History history) {
        return NAMES.stream().filter(history.names()::contains).findFirst().orElse(NAMES.get(0));
    }
}
