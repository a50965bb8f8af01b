package dev.rekur.cli;

import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.EarlyStopping;
import dev.rekur.training.callback.ModelCheckpoint;
import dev.rekur.training.callback.ReduceLrOnPlateau;
import dev.rekur.training.callback.TerminateOnNaN;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What watches a training and steers it: Keras's callbacks, in the order in which they are here. */
final class CallbackOptions {
    @Option(
            names = "--early-stopping",
            paramLabel = "KEY=VALUE,...",
            description = "Keras's EarlyStopping: monitor=val_loss,patience=5,restore_best_weights=true.")
    private @Nullable String earlyStopping;

    @Option(
            names = "--reduce-lr",
            paramLabel = "KEY=VALUE,...",
            description = "Keras's ReduceLROnPlateau: monitor=val_loss,factor=0.5,patience=3,min_lr=1e-5.")
    private @Nullable String reduceLr;

    @Option(
            names = "--checkpoint",
            paramLabel = "PATH",
            description = "Keras's ModelCheckpoint: where to save the model after each epoch. The name may have fields,"
                    + " as in m-{epoch:02d}-{val_loss:.2f}.keras.")
    private @Nullable String checkpoint;

    @Option(
            names = "--checkpoint-options",
            paramLabel = "KEY=VALUE,...",
            description = "monitor=val_accuracy,save_best_only=true.")
    private @Nullable String checkpointOptions;

    @Option(
            names = "--terminate-on-nan",
            description = "Keras's TerminateOnNaN: stop when the loss is no number any more.")
    private boolean terminatesOnNaN;

    /** Says which file is written; one whose name has fields is another each time. */
    void name(NamedFiles files) {
        files.writes("--checkpoint", checkpoint);
    }

    /** How names of checkpoints end, if there are to be any and the callback knows that ending. */
    Optional<String> checkpointFormat() {
        return checkpoint == null
                ? Optional.empty()
                : Stream.of(".keras", ".weights.h5", ".h5")
                        .filter(checkpoint::endsWith)
                        .findFirst();
    }

    /** A file in the folder of the checkpoints, as far as their names have no fields; empty if there are to be none. */
    Optional<Path> checkpointSample() {
        if (checkpoint == null) {
            return Optional.empty();
        }
        int field = checkpoint.indexOf('{');
        String fixed =
                field < 0 ? checkpoint : checkpoint.substring(0, checkpoint.lastIndexOf('/', field) + 1) + "checkpoint";
        return Optional.of(ArgumentPath.of(fixed));
    }

    /**
     * The callbacks asked for, each in its place.
     *
     * @param messages where those with {@code verbose=1} say what they do
     * @throws dev.rekur.error.InvalidInputException if a setting is unknown or has no meaning
     */
    List<Callback> callbacks(Consumer<String> messages) {
        if (checkpointOptions != null && checkpoint == null) {
            throw new UsageException("--checkpoint-options goes with --checkpoint PATH");
        }
        Callback stopping = earlyStopping == null
                ? null
                : EarlyStopping.fromSettings(KeyValues.parse("--early-stopping", earlyStopping), messages);
        Callback reducing = reduceLr == null
                ? null
                : ReduceLrOnPlateau.fromSettings(KeyValues.parse("--reduce-lr", reduceLr), messages);
        Map<String, String> settings =
                checkpointOptions == null ? Map.of() : KeyValues.parse("--checkpoint-options", checkpointOptions);
        Callback saving = checkpoint == null ? null : ModelCheckpoint.fromSettings(checkpoint, settings, messages);
        return Stream.of(
                        stopping,
                        reducing,
                        saving,
                        terminatesOnNaN ? TerminateOnNaN.create().verbose(messages) : null)
                .<Callback>map(OptionalCallback::new)
                .toList();
    }
}
