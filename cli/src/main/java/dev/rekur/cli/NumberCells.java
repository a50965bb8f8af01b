package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Numbers of a table, as pandas and numpy write them: a cell holds one, or a sequence, {@code 3 17 5} or {@code [3, 17, 5]}. True
 * and False are 1 and 0.
 */
final class NumberCells {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern SEPARATORS = Pattern.compile("[\\[\\](),;\\s]+");
    private static final Pattern SPACE = Pattern.compile(" ");

    private NumberCells() {}

    /** Whether a text is one number. */
    static boolean isNumber(String text) {
        return parse(text).isPresent();
    }

    /** The value of a text that is a number; empty if it is none. */
    static OptionalDouble parse(String text) {
        if (NUMBER.matcher(text).matches()) {
            return OptionalDouble.of(Double.parseDouble(text));
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> OptionalDouble.of(1);
            case "false" -> OptionalDouble.of(0);
            case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            case "nan", "+nan", "-nan" -> OptionalDouble.of(Double.NaN);
            default -> OptionalDouble.empty();
        };
    }

    /** Whether all cells of a column hold sequences of numbers: in brackets, or several in a cell. */
    static boolean areSequences(List<String> cells) {
        boolean any = false;
        for (String cell : cells) {
            String[] words = words(cell);
            if (!Arrays.stream(words).allMatch(NumberCells::isNumber)) {
                return false;
            }
            any |= words.length > 1 || cell.strip().startsWith("[");
        }
        return any;
    }

    /** The numbers of a cell; brackets and commas only separate. */
    private static String[] words(String cell) {
        return SPACE.split(SEPARATORS.matcher(cell).replaceAll(" ").strip());
    }

    /**
     * The numbers of columns, row by row.
     *
     * @return {@code [rows][numbers]}; as many in each row
     * @throws InvalidInputException if a cell holds none, or a row has another number of them
     */
    static double[][] read(TextTable table, List<String> columns) {
        List<List<String>> cells = columns.stream().map(table::values).toList();
        double[][] rows = new double[cells.get(0).size()][];
        for (int row = 0; row < rows.length; row++) {
            double[] numbers = new double[columns.size()];
            int count = 0;
            for (int column = 0; column < columns.size(); column++) {
                String cell = cells.get(column).get(row);
                for (String word : words(cell)) {
                    numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
                    numbers[count++] = number(table, row, columns.get(column), cell, word);
                }
            }
            rows[row] = Arrays.copyOf(numbers, count);
            if (rows[row].length != rows[0].length) {
                throw new InvalidInputException(
                        table.source() + ", row " + row + ": expected " + rows[0].length
                                + " numbers as in row 0, found " + count + " in " + brief(columns)
                                + "; sequences must be equally long, fill them up with the number that stands for padding",
                        TextTable.SECTION);
            }
        }
        return rows;
    }

    private static double number(TextTable table, int row, String column, String cell, String word) {
        OptionalDouble number = parse(word);
        double value = number.orElse(0);
        if (number.isEmpty() || Math.abs(value) > Float.MAX_VALUE && !Double.isInfinite(value)) {
            throw new InvalidInputException(
                    table.source() + ", row " + row + ", column '" + column
                            + "': expected a number in the range of a 32-bit float, found "
                            + (cell.isBlank() ? "nothing" : "'" + cell + "'")
                            + ". Correct it, or say which columns to take with --columns",
                    TextTable.SECTION);
        }
        return value;
    }

    /** A tensor of numbers; of whole ones if all are. */
    static Tensor tensor(Shape shape, double[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        float[] floats = new float[rows.length * width];
        int[] ints = new int[floats.length];
        boolean whole = true;
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < width; i++) {
                double value = rows[row][i];
                floats[row * width + i] = (float) value;
                ints[row * width + i] = (int) value;
                whole &= value == (int) value;
            }
        }
        return whole ? IntTensor.wrap(shape, ints) : FloatTensor.wrap(shape, floats);
    }

    /** Names of columns in a message. */
    static String brief(List<String> columns) {
        int shown = 8;
        return columns.size() <= shown
                ? String.join(", ", columns)
                : String.join(", ", columns.subList(0, shown - 1)) + ", ... " + columns.get(columns.size() - 1);
    }
}
