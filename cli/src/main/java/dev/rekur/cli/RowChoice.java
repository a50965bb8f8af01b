package dev.rekur.cli;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which rows of a table are taken, by what their columns hold.
 *
 * @param taken what the columns of the rows to take hold; empty for all rows
 * @param leftOut what the columns of rows hold that are left out of these; empty to leave out none
 * @param columns all columns that choose among rows, here or where other rows of the same data are taken
 */
record RowChoice(Map<String, String> taken, Map<String, String> leftOut, Set<String> columns) {
    /** The rows whose columns hold these values. */
    static RowChoice of(Map<String, String> taken) {
        return new RowChoice(taken, Map.of(), taken.keySet());
    }

    /** These rows without others. */
    RowChoice without(Map<String, String> others) {
        return new RowChoice(taken, others, union(columns, others.keySet()));
    }

    /** The same rows where other columns choose, too. */
    RowChoice besides(Set<String> others) {
        return new RowChoice(taken, leftOut, union(columns, others));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** Whether nothing is chosen. */
    boolean isAll() {
        return columns.isEmpty();
    }

    /**
     * These rows of a table.
     *
     * @throws dev.rekur.error.InvalidInputException if there are none, or a column is not there
     */
    TextTable of(TextTable table) {
        TextTable found = table.where(taken);
        return leftOut.isEmpty() ? found : found.without(leftOut);
    }
}
