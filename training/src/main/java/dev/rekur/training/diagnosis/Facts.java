package dev.rekur.training.diagnosis;

import dev.rekur.training.callback.History;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in a training. Everything but the history may be missing; rules that need it then say nothing.
 *
 * @param learningRates one for each epoch of the history, NaN where it is not known; or none
 * @param clipped whether the optimizer clips gradients
 * @param fromLogits losses and metrics that take a model's probabilities for logits
 * @param firstLoss the loss of the first batch
 * @param steps of the optimizer, in all epochs that were watched; 0 if unknown
 * @param restoresBest whether the training ends with the weights of its best epoch
 * @param layers those with weights that are trained, in the order of the graph
 * @param classFrequencies fraction of each class among the training's labels; empty if it does not classify
 */
public record Facts(
        History history,
        List<Double> learningRates,
        boolean clipped,
        Optional<NonFinite> nonFinite,
        List<FromLogits> fromLogits,
        OptionalDouble firstLoss,
        long steps,
        boolean restoresBest,
        List<LayerNorms> layers,
        List<StateGradients> states,
        List<ReluActivity> relus,
        List<Double> classFrequencies,
        Optional<Pace> pace) {
    public Facts {
        learningRates = List.copyOf(learningRates);
        fromLogits = List.copyOf(fromLogits);
        layers = List.copyOf(layers);
        states = List.copyOf(states);
        relus = List.copyOf(relus);
        classFrequencies = List.copyOf(classFrequencies);
    }

    /** Collects facts, starting from a history. */
    public static Builder of(History history) {
        return new Builder(history);
    }

    /** The learning rate of the i-th epoch of the history, if known. */
    Optional<Double> learningRate(int index) {
        return index >= 0 && index < learningRates.size()
                ? Optional.of(learningRates.get(index)).filter(rate -> !rate.isNaN())
                : Optional.empty();
    }

    /** Collects facts. */
    public static final class Builder {
        private final History history;
        private List<Double> learningRates = List.of();
        private boolean clipped;
        private @Nullable NonFinite nonFinite;
        private List<FromLogits> fromLogits = List.of();
        private OptionalDouble firstLoss = OptionalDouble.empty();
        private long steps;
        private boolean restoresBest;
        private List<LayerNorms> layers = List.of();
        private List<StateGradients> states = List.of();
        private List<ReluActivity> relus = List.of();
        private List<Double> classFrequencies = List.of();
        private @Nullable Pace pace;

        private Builder(History history) {
            this.history = history;
        }

        public Builder learningRates(List<Double> rates) {
            learningRates = rates;
            return this;
        }

        public Builder clipped(boolean value) {
            clipped = value;
            return this;
        }

        public Builder nonFinite(NonFinite first) {
            nonFinite = first;
            return this;
        }

        public Builder fromLogits(List<FromLogits> claims) {
            fromLogits = claims;
            return this;
        }

        public Builder firstLoss(double loss) {
            firstLoss = OptionalDouble.of(loss);
            return this;
        }

        public Builder steps(long number) {
            steps = number;
            return this;
        }

        public Builder restoresBest(boolean value) {
            restoresBest = value;
            return this;
        }

        public Builder layers(List<LayerNorms> norms) {
            layers = norms;
            return this;
        }

        public Builder states(List<StateGradients> gradients) {
            states = gradients;
            return this;
        }

        public Builder relus(List<ReluActivity> activities) {
            relus = activities;
            return this;
        }

        public Builder classFrequencies(List<Double> frequencies) {
            classFrequencies = frequencies;
            return this;
        }

        public Builder pace(Pace value) {
            pace = value;
            return this;
        }

        public Facts build() {
            return new Facts(
                    history,
                    learningRates,
                    clipped,
                    Optional.ofNullable(nonFinite),
                    fromLogits,
                    firstLoss,
                    steps,
                    restoresBest,
                    layers,
                    states,
                    relus,
                    classFrequencies,
                    Optional.ofNullable(pace));
        }
    }
}
