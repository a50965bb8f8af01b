package dev.rekur.layer.core;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;

/**
 * Reads token ids from a buffer and checks each against the vocabulary.
 *
 * @param layerName who looks them up, for messages
 * @param slot an INT buffer, or a FLOAT buffer that holds whole numbers
 * @param vocabularySize ids must be below
 * @param rowSize ids of a row of the batch
 */
public record TokenIds(String layerName, Slot slot, int vocabularySize, int rowSize) {
    /** The ids that a layer is bound to. */
    public static TokenIds of(Binding binding, String layerName, int vocabularySize) {
        Slot slot = binding.input(0);
        return new TokenIds(layerName, slot, vocabularySize, slot.rowSize() * binding.rowsOfEach());
    }

    /**
     * The id at an index.
     *
     * @param index into the buffer, from its beginning on
     * @throws InvalidInputException if it is not a whole number from 0 to the vocabulary's size minus 1
     */
    public int get(Workspace workspace, int index) {
        int id;
        if (slot.kind() == ValueKind.INT) {
            id = workspace.ints(slot)[workspace.at(slot) + index];
        } else {
            float value = workspace.floats(slot)[workspace.at(slot) + index];
            id = (int) value;
            if (id != value) {
                throw refused(workspace, index, String.valueOf(value));
            }
        }
        if (id < 0 || id >= vocabularySize) {
            throw refused(workspace, index, String.valueOf(id));
        }
        return id;
    }

    private InvalidInputException refused(Workspace workspace, int index, String found) {
        int row = workspace.firstRow() + index / rowSize;
        return new InvalidInputException(
                "layer '" + layerName + "': expected token ids from 0 to "
                        + (vocabularySize - 1) + ", found " + found + " at row " + row + ", position " + index % rowSize
                        + ". Map words that the vocabulary lacks to its out-of-vocabulary id",
                "docs/TROUBLESHOOTING.md#token-ids");
    }
}
