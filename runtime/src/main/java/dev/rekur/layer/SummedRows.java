package dev.rekur.layer;

/** Gradients of some rows of a table, which a layer has summed up. */
public interface SummedRows {
    /** How many there are. */
    int count();

    /** Which row of the table the {@code index}-th is. */
    int row(int index);

    /** The gradients of all rows. */
    float[] gradients();

    /** Where those of the {@code index}-th row begin. */
    int at(int index);
}
