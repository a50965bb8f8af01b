package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.function.Consumer;

/**
 * Stops a training when the loss of a batch is NaN or infinite; on request with an error, so that nothing after it runs.
 *
 * <p>Follows {@code keras/src/callbacks/terminate_on_nan.py} of Keras 3.15.1.
 */
public final class TerminateOnNaN implements Callback {
    private static final String LOSS = "loss";

    private final Announcer announcer = new Announcer();
    private boolean raiseError;

    private TerminateOnNaN() {}

    public static TerminateOnNaN create() {
        return new TerminateOnNaN();
    }

    /** Ends the training with an {@link InvalidInputException} instead. */
    public TerminateOnNaN raiseError() {
        raiseError = true;
        return this;
    }

    /** Says what it does, in Keras's words. */
    public TerminateOnNaN verbose(Consumer<String> messages) {
        announcer.to(messages);
        return this;
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        if (!logs.contains(LOSS) || Double.isFinite(logs.value(LOSS))) {
            return;
        }
        if (raiseError) {
            throw new InvalidInputException(
                    "TerminateOnNaN: at batch " + batch + " the loss is " + PythonFloat.repr(logs.value(LOSS))
                            + ". Try a lower learning rate, clip gradients, and look for NaN in the data");
        }
        announcer.say("Batch " + batch + ": Invalid loss, terminating training");
        run.stop();
    }
}
