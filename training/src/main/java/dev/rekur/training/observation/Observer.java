package dev.rekur.training.observation;

import dev.rekur.training.data.Batch;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.diagnosis.Pace.Part;
import java.util.List;

/** Is shown a training as it goes, and changes nothing in it. Used on the thread that trains. */
public interface Observer {
    /** Sees nothing. */
    Observer NONE = new Observer() {};

    /** Says what the time since the last call went into. */
    default void spent(Part part) {}

    /** The batches of an epoch begin, or those that are left of one that was cut. */
    default void epochBegins(int epoch) {}

    /** A step begins; both counted from 0. */
    default void stepBegins(int epoch, int batch) {}

    /**
     * A batch has run forwards, and its loss is known.
     *
     * @param step number of the step, as the runner was told
     */
    default void loss(Batch batch, long step, double loss) {}

    /**
     * The batch has run backwards.
     *
     * @param gradients by trained variable, as the optimizer is given them: before clipping, penalties included
     */
    default void gradients(float[][] gradients) {}

    /** All batches of an epoch are done; neither validation nor callbacks have run. */
    default void epochTrained(int epoch, double learningRate) {}

    /** The epoch is over, and in the history. */
    default void epochEnds() {}

    /** What goes wrong, as far as can be seen so far. */
    default List<Finding> findings() {
        return List.of();
    }
}
