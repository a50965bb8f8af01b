package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The learning rate of each epoch, which Keras logs only where a callback changes it. */
final class LearningRates implements Callback {
    private static final String KEY = "rates";

    private final List<Double> rates = new ArrayList<>();

    /** Rates in the order of the epochs; an epoch that was interrupted is in no history and has none. */
    List<Double> of(History history) {
        return List.copyOf(
                rates.subList(0, Math.min(rates.size(), history.epochs().size())));
    }

    @Override
    public void trainBegin(TrainingRun run) {
        rates.clear();
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        rates.add(run.learningRate());
    }

    @Override
    public Map<String, Object> state() {
        return Map.of(KEY, List.copyOf(rates));
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        rates.clear();
        if (!(state.get(KEY) instanceof List<?> kept) || !kept.stream().allMatch(Number.class::isInstance)) {
            throw new InvalidInputException(
                    "the kept training does not say which learning rates it had. Go on with the"
                            + " folder of this training, or begin anew in another",
                    "docs/TROUBLESHOOTING.md#resume");
        }
        kept.forEach(rate -> rates.add(((Number) rate).doubleValue()));
    }
}
