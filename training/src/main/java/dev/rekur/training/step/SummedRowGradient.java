package dev.rekur.training.step;

import dev.rekur.layer.SummedRows;

/**
 * The gradient of a table whose rows were looked up, summed up already.
 *
 * @param variable index of the table among the trained variables
 * @param features floats of a row
 */
record SummedRowGradient(int variable, SummedRows rows, int features) {}
