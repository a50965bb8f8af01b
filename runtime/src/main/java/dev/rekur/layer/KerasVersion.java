package dev.rekur.layer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Keras that wrote a file, and what it means by what the file says or leaves unsaid. Where versions of Keras differ, a layer asks
 * here for the fact that it needs, by name; {@code docs/KERAS_VERSIONS.md} lists all of them.
 *
 * @param major 2 (for 1 and 2) or 3
 * @param minor the second number
 * @param insideTensorFlow whether it is {@code tf.keras} of Keras 2, which is not the package {@code keras} of the same version
 */
public record KerasVersion(int major, int minor, boolean insideTensorFlow) {
    /** The version whose meaning is taken where a file does not say its version: the newest that Rekur follows. */
    public static final KerasVersion NEWEST = new KerasVersion(3, 15, false);

    /** The last Keras 2; what it means is what tf_keras means. */
    public static final KerasVersion LAST_OF_KERAS_2 = new KerasVersion(2, 15, true);

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

    /**
     * A version as files name it, {@code 3.15.1} or {@code 2.2.4-tf}.
     *
     * @return empty if it does not begin with two numbers
     */
    public static Optional<KerasVersion> parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        if (major >= 3) {
            return Optional.of(new KerasVersion(major, minor, false));
        }
        // from 2.4 on the package only hands on what is in TensorFlow
        boolean insideTensorFlow = major == 2 && (minor >= 4 || text.endsWith("-tf"));
        return Optional.of(new KerasVersion(2, major == 2 ? minor : 0, insideTensorFlow));
    }

    /** The version whose words are written for Keras 2 or Keras 3. */
    public static KerasVersion written(int major) {
        return major == 2 ? LAST_OF_KERAS_2 : NEWEST;
    }

    /** Whether a GRU whose configuration lacks {@code reset_after} resets after the product: the key came with 2.1.5. */
    public boolean gruResetsAfterProduct() {
        return major >= 3;
    }

    /** How merging layers join the masks of their inputs; before 3.4 a layer that takes a list finds no mask on it. */
    public MaskMerge mergedMasks() {
        if (major < 3) {
            return MaskMerge.ALL;
        }
        return isBefore(3, 4) ? MaskMerge.NONE : MaskMerge.ANY;
    }

    /** Whether the mask that an input carries holds also where an initial state is passed with it. */
    public boolean masksStepsGivenStates() {
        return major < 3;
    }

    /** Whether a Bidirectional that returns sequences has its layers put out zeros at masked steps, whatever they say. */
    public boolean bidirectionalZeroesMaskedSteps() {
        return major >= 3 || insideTensorFlow;
    }

    /**
     * Whether an LSTM or a GRU that TensorFlow computes in one kernel heeds {@code zero_output_for_mask}; where it does not, masked
     * steps repeat the output before them.
     */
    public boolean fusedLayersHeedZeroOutputForMask() {
        return !isBefore(2, 4); // TensorFlow 2.1.4 calls itself 2.3.0-tf
    }

    /** Whether a mask that a call is given goes on with the output; before 3.11 what goes on is the mask that the input carries. */
    public boolean givenMasksPass() {
        return major < 3 || !isBefore(3, 11);
    }

    /** Whether each step of a TimeDistributed is a batch of its own, and the mask goes on as it is. */
    public boolean distributesStepwise() {
        return major >= 3;
    }

    /** Whether {@code vocabulary.txt} is split at every line separator that Unicode has, and not at line feeds alone. */
    public boolean splitsVocabulariesAtEverySeparator() {
        return !isBefore(3, 14);
    }

    /** Whether masked steps are left out of the statistics of a BatchNormalization in training. */
    public boolean batchStatisticsHeedMasks() {
        return !isBefore(2, 12);
    }

    /** Whether the moving variance of a BatchNormalization follows the unbiased variance of the batches. */
    public boolean movingVarianceIsUnbiased() {
        return major == 2 && minor >= 1 && !insideTensorFlow;
    }

    /** Whether what outputs cost by themselves (activity regularizers) is divided by the size of the batch. */
    public boolean activityCostsAreDividedByBatch() {
        return major == 2 ? insideTensorFlow : !isBefore(3, 14);
    }

    /** Whether metrics in a list, not in a list for each output, are those of every output, or the first output's, the second's and so on. */
    public boolean listedMetricsAreOfEveryOutput() {
        return major < 3;
    }

    /** Whether a model that is compiled without naming an optimizer has RMSprop. */
    public boolean optimizerIsRmspropByDefault() {
        return major >= 3;
    }

    /** Whether a step that a mask leaves out costs nothing, and yet is one of those by whose number a loss is divided. */
    public boolean lossesCountMaskedSteps() {
        return major == 2 && countsMasksAsWeights() && isBefore(2, 10);
    }

    /** Whether rows of weight 0 are among those by whose number a loss is divided. */
    public boolean lossesCountZeroWeights() {
        return countsMasksAsWeights();
    }

    /** Whether every metric weighs what a mask leaves out with 0, or only such as are means of a function. */
    public boolean everyMetricHeedsMasks() {
        return major < 3;
    }

    /** Whether a metric that is a mean heeds a mask also where it is given no sample weights. */
    public boolean metricsHeedMasksWithoutWeights() {
        return major < 3 || !isBefore(3, 12);
    }

    /** Whether a metric is the mean of what it is for each batch, which counts as many as it has rows. */
    public boolean metricsAreMeansOfBatches() {
        return !countsMasksAsWeights();
    }

    /** Whether the loss of an epoch counts as many for each batch as it has rows, or one. */
    public boolean epochLossesCountRows() {
        return major < 3 || !isBefore(3, 2);
    }

    /** Whether the loss that is reported for an output is multiplied by the weight of that output. */
    public boolean reportedLossesAreWeighted() {
        return major >= 3 && isBefore(3, 7);
    }

    /** Whether the loss that is reported for an output counts as many for each batch as it has rows, or one. */
    public boolean reportedLossesCountRows() {
        return major < 3 && !(countsMasksAsWeights() && isBefore(2, insideTensorFlow ? 3 : 4));
    }

    /** Whether a mask is multiplied with sample weights, as since 2.2.4-tf and 2.3; before, it is a divisor of its own. */
    private boolean countsMasksAsWeights() {
        return !isBefore(2, insideTensorFlow ? 2 : 3);
    }

    private boolean isBefore(int otherMajor, int otherMinor) {
        return major < otherMajor || major == otherMajor && minor < otherMinor;
    }
}
