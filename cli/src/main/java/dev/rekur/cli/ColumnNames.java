package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import dev.rekur.graph.PortNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Finds the columns of a table that hold an input or an output: those that the user names, or one of its name, or several of its
 * name and a number.
 */
final class ColumnNames {
    private final Map<String, String> named;

    /**
     * @param named columns by input or output: one, several joined by {@code +}, or a pattern with {@code *}
     */
    ColumnNames(Map<String, String> named) {
        this.named = named;
    }

    /**
     * Refuses names that are no input and no output.
     *
     * @param outputs those that are looked for
     */
    void check(PortNames inputs, PortNames outputs) {
        for (String name : named.keySet()) {
            boolean usual = inputs.names().size() == 1
                            && List.of(TextTable.TEXT, TrainingArrays.X).contains(name)
                    || outputs.names().size() == 1
                            && List.of(TextTable.LABEL, TrainingArrays.Y).contains(name);
            if (!usual
                    && !name.equals(TrainingArrays.SAMPLE_WEIGHT)
                    && inputs.indexOf(name) < 0
                    && outputs.indexOf(name) < 0) {
                throw new UsageException("--columns: '" + name + "' is no input and no output; the model's inputs are "
                        + inputs.text() + ", its outputs with a loss " + outputs.text());
            }
        }
    }

    /**
     * The columns of an input or output: those that the user names, or one of the names, or one of the names with numbers; none if
     * there are no such.
     *
     * @throws InvalidInputException if the user names a column that is not there
     */
    List<String> find(TextTable table, Collection<String> names) {
        List<String> chosen = chosen(table, names);
        List<String> found = chosen.isEmpty() ? alone(table, names) : chosen;
        return found.isEmpty() ? numbered(table, names) : found;
    }

    /** The columns that the user names. */
    List<String> chosen(TextTable table, Collection<String> names) {
        return names.stream()
                .filter(named::containsKey)
                .findFirst()
                .map(name -> chosen(table, named.getOrDefault(name, "")))
                .orElse(List.of());
    }

    /** The column that has one of the names. */
    static List<String> alone(TextTable table, Collection<String> names) {
        return names.stream().filter(table::has).findFirst().map(List::of).orElse(List.of());
    }

    /** The columns that have one of the names and a number. */
    static List<String> numbered(TextTable table, Collection<String> names) {
        return names.stream()
                .map(table::numbered)
                .filter(columns -> !columns.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<String> chosen(TextTable table, String chosen) {
        if (table.has(chosen)) {
            return List.of(chosen);
        }
        List<String> columns = new ArrayList<>();
        for (String part : chosen.split("\\+", -1)) {
            List<String> matching = table.matching(part.strip());
            if (matching.isEmpty()) {
                throw new InvalidInputException(
                        table.source() + ": there is no column '" + part.strip() + "'"
                                + Misspelling.among(table.columns(), part.strip(), NumberCells.brief(table.columns())),
                        TextTable.SECTION);
            }
            columns.addAll(matching);
        }
        return columns;
    }

    /** What to say where there are no columns for an input or output. */
    InvalidInputException missing(TextTable table, String name, List<String> usual) {
        return new InvalidInputException(
                table.source() + ": expected a column '" + name + "'"
                        + (usual.isEmpty() ? "" : " or '" + String.join("' or '", usual) + "'") + ", found "
                        + NumberCells.brief(table.columns()) + "; " + name + "_0, " + name
                        + "_1, ... would do, too. Say which it is: --columns "
                        + (usual.isEmpty() ? name : usual.get(0)) + "="
                        + table.columns().get(0),
                TextTable.SECTION);
    }
}
