package dev.rekur.training.checkpoint;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Weights;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.training.variable.Variable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a training needs to go on after an interruption, between two epochs or between two batches of one. Kept in one
 * file, replaced atomically, with a checksum at its end: torn files are told apart, not guessed at.
 *
 * @param step number of the next step, which what is random depends on
 * @param states of stateful layers
 * @param callbacks their state: texts, numbers, and lists and objects of them
 */
public record Checkpoint(
        long seed,
        Place place,
        long step,
        boolean stopping,
        Weights weights,
        List<OptimizerVariable> optimizerVariables,
        States states,
        Map<String, Object> callbacks) {
    /** Name of the file in its directory. */
    static final String FILE = "training.rekur";

    static final long MAGIC = 0x52454B5552_0003L;

    /**
     * Where in the data a training stands.
     *
     * @param epoch the epoch to go on with
     * @param batch its next batch; 0 if the epoch has not begun
     * @param batchSize rows of a batch
     * @param stepsPerEpoch batches of an epoch, 0 if nobody knew
     * @param sums of losses and metrics over the epoch's batches so far; none if it has not begun
     */
    public record Place(int epoch, int batch, int batchSize, int stepsPerEpoch, List<double[]> sums) {
        /**
         * Looks whether the batches of an epoch that was cut are those that are asked for now.
         *
         * @throws InvalidInputException if not
         */
        public void requireBatchesOf(int rows) {
            if (batch > 0 && batchSize != rows) {
                throw new InvalidInputException(
                        "the training was interrupted after batch " + batch + " of epoch "
                                + (epoch + 1) + ", in batches of " + batchSize + " rows; now they have " + rows
                                + ". Give the same batch size to go on in mid-epoch",
                        "docs/TROUBLESHOOTING.md#resume");
            }
        }
    }

    /**
     * States of stateful layers.
     *
     * @param batch rows of a batch; 0 if there are none
     */
    public record States(int batch, List<float[]> values) {}

    /** Keeps it in a directory, which is made if need be. */
    public void write(Path directory, List<Variable> variables) {
        CheckpointWriter.write(this, directory, variables);
    }

    /**
     * What a directory keeps; empty if it keeps nothing.
     *
     * @throws InvalidInputException if it is damaged, or of another model
     */
    public static Optional<Checkpoint> read(Path directory, List<Variable> variables) {
        return CheckpointReader.read(directory.resolve(FILE), variables);
    }

    /** Removes what {@link #write} wrote, and the directory if nothing else is in it. */
    public static void remove(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(FILE));
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(directory);
            }
        } catch (DirectoryNotEmptyException kept) {
            // what else is in it is not ours
        } catch (IOException e) {
            throw new InvalidInputException(
                    directory + ": what was kept of the training cannot be removed: " + e.getMessage()
                            + ". The training is done; remove " + FILE + " there yourself.",
                    "docs/TROUBLESHOOTING.md#resume",
                    e);
        }
    }
}
