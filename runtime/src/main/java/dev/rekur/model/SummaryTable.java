package dev.rekur.model;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as Python's {@code rich} draws it for Keras: fixed column widths, a heavy head, a line between rows.
 *
 * <p>Follows {@code keras/src/utils/summary_utils.py} of Keras 3.15 and {@code table.py}, {@code text.py} and {@code
 * _wrap.py} of rich 15. Where a width does not follow from reason it follows from them.
 */
final class SummaryTable {
    /** How a column places its text. */
    enum Align {
        LEFT,
        CENTER,
        RIGHT
    }

    /**
     * A column.
     *
     * @param header its title
     * @param end where it ends, as a fraction of the line
     */
    record Column(String header, Align align, double end) {}

    /** A space on either side of each cell. */
    private static final int PADDING = 2;

    private static final int NARROWEST = 4;

    private final List<Column> columns;
    private final int[] widths;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param lineLength characters in a line, borders included
     * @throws InvalidInputException if a column would be narrower than four characters
     */
    SummaryTable(List<Column> columns, int lineLength) {
        this.columns = List.copyOf(columns);
        this.widths = widths(columns, lineLength);
    }

    void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    private static int[] widths(List<Column> columns, int lineLength) {
        int[] widths = new int[columns.size()];
        int current = 0;
        for (int i = 0; i < widths.length; i++) {
            int width = (int) (columns.get(i).end() * lineLength) - current;
            if (width < NARROWEST) {
                throw new InvalidInputException("line length " + lineLength + " is too short for a summary of "
                        + widths.length + " columns: column '" + columns.get(i).header()
                        + "' would be " + width + " characters wide, expected at least " + NARROWEST
                        + "\nChoose a greater line length.");
            }
            widths[i] = width + PADDING;
            current += width;
        }
        shrink(widths, lineLength - (widths.length + 1));
        return widths;
    }

    /** Takes what is too much from all columns alike, in rich's order and with Python's rounding (half to even). */
    private static void shrink(int[] widths, int available) {
        int excess = -available;
        for (int width : widths) {
            excess += width;
        }
        for (int i = 0; i < widths.length && excess > 0; i++) {
            int cut = (int) Math.min(widths[i], Math.rint((double) excess / (widths.length - i)));
            widths[i] -= cut;
            excess -= cut;
        }
    }

    /** The lines of the table, each ending in a line feed. */
    String text() {
        StringBuilder text = new StringBuilder();
        rule(text, "┏━┳┓");
        row(text, columns.stream().map(Column::header).toList(), '┃', true);
        rule(text, "┡━╇┩");
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0) {
                rule(text, "├─┼┤");
            }
            row(text, rows.get(i), '│', false);
        }
        rule(text, "└─┴┘");
        return text.toString();
    }

    private void rule(StringBuilder text, String marks) {
        text.append(marks.charAt(0));
        for (int i = 0; i < widths.length; i++) {
            text.append(i == 0 ? "" : marks.substring(2, 3))
                    .append(marks.substring(1, 2).repeat(widths[i]));
        }
        text.append(marks.charAt(3)).append('\n');
    }

    /** A row is as high as its highest cell; titles stand at the bottom of theirs, other texts at the top. */
    private void row(StringBuilder text, List<String> cells, char border, boolean header) {
        List<List<String>> wrapped = new ArrayList<>();
        int height = 1;
        for (int i = 0; i < widths.length; i++) {
            List<String> lines = CellText.wrap(
                    cells.get(i), widths[i] - PADDING, columns.get(i).align());
            wrapped.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            text.append(border);
            for (int i = 0; i < widths.length; i++) {
                List<String> lines = wrapped.get(i);
                int at = header ? line - (height - lines.size()) : line;
                text.append(' ')
                        .append(at >= 0 && at < lines.size() ? lines.get(at) : " ".repeat(widths[i] - PADDING))
                        .append(' ')
                        .append(border);
            }
            text.append('\n');
        }
    }
}
