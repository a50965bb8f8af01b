package dev.rekur.training.step;

import dev.rekur.layer.Slot;

/**
 * The gradient of a table whose rows were looked up, place by place.
 *
 * @param variable index of the table among the trained variables
 * @param ids which rows, an INT or FLOAT slot
 * @param vectors the gradient with respect to what was looked up
 * @param features floats of a row
 * @param layerName who looked up
 */
record RowGradient(int variable, Slot ids, Slot vectors, int features, String layerName) {}
