package dev.rekur.training.diagnosis;

/**
 * Something that goes wrong in a training.
 *
 * @param evidence what was measured, in numbers
 * @param advice what to try
 */
public record Finding(Kind kind, String evidence, String advice) {
    /** What goes wrong; the most urgent first. */
    public enum Kind {
        NON_FINITE("a value is not finite"),
        FROM_LOGITS("from_logits does not fit the model"),
        LEARNING_RATE_TOO_HIGH("the learning rate is too high"),
        EXPLODING_IN_TIME("gradients explode through time"),
        EXPLODING_GRADIENTS("gradients explode"),
        VANISHING_IN_TIME("gradients vanish through time"),
        VANISHING_GRADIENTS("gradients vanish"),
        DEAD_RELU("ReLU units are dead"),
        LEARNING_RATE_TOO_LOW("the learning rate is too low"),
        ACCURACY_STUCK("the accuracy is stuck"),
        OVERFITTING("the model overfits"),
        SLOW("the training is slow");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** A short heading. */
        public String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return kind.words() + ": " + evidence + "\n" + advice;
    }
}
