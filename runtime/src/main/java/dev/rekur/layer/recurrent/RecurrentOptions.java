package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;

/**
 * What all recurrent layers can be told, Keras's names and defaults.
 *
 * @param returnSequences every step's output, not just the last one's
 * @param returnState the last state too, as further outputs
 * @param goBackwards time runs backwards; outputs come in the order in which they are computed
 * @param stateful the state outlives the call, in a session
 * @param zeroOutputForMask masked steps put out zeros in place of the previous output
 * @param masksGivenStates the mask that the input carries holds also where an initial state is passed; so in Keras 2,
 *     while Keras 3 then heeds only a mask that is passed too
 * @param dropout fraction of the input's features that training silences, the same at every step of a row
 * @param recurrentDropout fraction of the state's units that training silences, likewise
 */
public record RecurrentOptions(
        boolean returnSequences,
        boolean returnState,
        boolean goBackwards,
        boolean stateful,
        boolean zeroOutputForMask,
        boolean masksGivenStates,
        double dropout,
        double recurrentDropout) {
    /** Keras's defaults: the last step's output alone. */
    public static final RecurrentOptions DEFAULT = new RecurrentOptions(false, false, false, false, false);

    /** Keras's defaults, but that every step's output is returned. */
    public static final RecurrentOptions SEQUENCES = new RecurrentOptions(true, false, false, false, false);

    /** Options of Keras 3. */
    public RecurrentOptions(
            boolean returnSequences,
            boolean returnState,
            boolean goBackwards,
            boolean stateful,
            boolean zeroOutputForMask) {
        this(returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, false, 0, 0);
    }

    public static RecurrentOptions fromConfig(LayerConfig config) {
        // they change training, or how Keras computes, but not what is computed
        config.acknowledge("seed", "unroll", "use_cudnn", "implementation", "input_length", "input_dim");
        config.weight("kernel");
        config.weight("recurrent_kernel", "recurrent", true);
        config.weight("bias", "bias", config.flag("use_bias", true));
        if (config.flag("time_major", false)) {
            config.problem(
                    "'time_major': inputs [time, batch, features] are not supported",
                    "Set time_major=False and feed [batch, time, features].");
        }
        return new RecurrentOptions(
                config.flag("return_sequences", false),
                config.flag("return_state", false),
                config.flag("go_backwards", false),
                config.flag("stateful", false),
                config.flag("zero_output_for_mask", false),
                config.version().masksStepsGivenStates(),
                rate(config, "dropout"),
                rate(config, "recurrent_dropout"));
    }

    /** Writes what {@link #fromConfig} reads. */
    void toConfig(LayerConfigWriter config) {
        config.put("return_sequences", returnSequences)
                .put("return_state", returnState)
                .put("go_backwards", goBackwards)
                .put("stateful", stateful)
                .put("zero_output_for_mask", zeroOutputForMask)
                .put("dropout", dropout)
                .put("recurrent_dropout", recurrentDropout);
    }

    /** Keras clips rates. */
    private static double rate(LayerConfig config, String key) {
        return Math.min(1, Math.max(0, config.number(key, 0)));
    }

    /** As Keras's cells with gates read their rates: at 1 they drop nothing, where SimpleRNN drops everything. */
    RecurrentOptions withoutRatesOfOne() {
        return new RecurrentOptions(
                returnSequences,
                returnState,
                goBackwards,
                stateful,
                zeroOutputForMask,
                masksGivenStates,
                dropout < 1 ? dropout : 0,
                recurrentDropout < 1 ? recurrentDropout : 0);
    }

    /** The same with another treatment of masked outputs. */
    public RecurrentOptions withZeroOutputForMask(boolean zero) {
        return new RecurrentOptions(
                returnSequences, returnState, goBackwards, stateful, zero, masksGivenStates, dropout, recurrentDropout);
    }

    /** The same with time running the other way. */
    public RecurrentOptions reversed() {
        return new RecurrentOptions(
                returnSequences,
                returnState,
                !goBackwards,
                stateful,
                zeroOutputForMask,
                masksGivenStates,
                dropout,
                recurrentDropout);
    }
}
