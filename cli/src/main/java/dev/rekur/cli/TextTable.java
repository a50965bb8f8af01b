package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Texts and numbers in columns.
 *
 * @param source the file's name, for messages
 * @param columns their names
 * @param rows as many values each
 */
record TextTable(String source, List<String> columns, List<List<String>> rows) {
    static final String TEXT = "text";
    static final String LABEL = "label";

    static final String SECTION = "docs/TROUBLESHOOTING.md#tables";

    private static final int SHOWN = 10;

    /** Whether a file's name says that it is a table: {@code .csv} or {@code .txt}, perhaps with {@code .gz}. */
    static boolean isTable(String file) {
        return List.of("csv", "txt").contains(ArrayFiles.extension(withoutGz(file)));
    }

    /** Whether a file's name says that it has columns with names: {@code .csv}, perhaps with {@code .gz}. */
    static boolean isCsv(String file) {
        return ArrayFiles.extension(withoutGz(file)).equals("csv");
    }

    private static String withoutGz(String file) {
        return ArrayFiles.extension(file).equals("gz") ? file.substring(0, file.length() - ".gz".length()) : file;
    }

    /**
     * Reads a file.
     *
     * @throws InvalidInputException if it is missing or broken
     */
    static TextTable read(String file) {
        Path path = ArgumentPath.of(file);
        String name = ArrayFiles.nameOf(path);
        boolean compressed = ArrayFiles.extension(file).equals("gz");
        byte[] bytes = ArrayFiles.bytes(path);
        String content = ArrayFiles.text(name, compressed ? decompressed(name, bytes) : bytes);
        return ArrayFiles.extension(withoutGz(file)).equals("csv") ? csv(name, content) : lines(name, content);
    }

    private static byte[] decompressed(String name, byte[] bytes) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new InvalidInputException(
                    name,
                    "cannot be unpacked: " + broken.getMessage(),
                    "Compress it again with gzip, or give it uncompressed, without .gz in its name.",
                    SECTION,
                    broken);
        }
    }

    /**
     * Reads a {@code .csv} whose first line names the columns.
     *
     * @throws InvalidInputException if it is something else
     */
    static TextTable csv(String source, String content) {
        List<List<String>> records = CsvReader.read(source, content);
        if (records.isEmpty()) {
            throw new InvalidInputException(
                    source,
                    "expected a line that names the columns, found an empty file",
                    "Write the table again.",
                    SECTION);
        }
        if (records.size() == 1) {
            throw new InvalidInputException(
                    source + ": the data has no rows, only a line that names the columns", SECTION);
        }
        List<String> columns = records.get(0).stream().map(String::strip).toList();
        if (columns.size() > 1 && columns.get(0).isEmpty()) { // pandas's index
            records = records.stream()
                    .map(record -> record.subList(1, record.size()))
                    .toList();
            columns = columns.subList(1, columns.size());
        }
        requireNames(source, columns);
        Set<String> names = new HashSet<>();
        for (String column : columns) {
            if (column.isEmpty() || !names.add(column)) {
                throw new InvalidInputException(
                        source,
                        "expected a first line that names the columns, each by another name, found " + columns,
                        "Rename those that are empty or there twice.",
                        SECTION);
            }
        }
        return new TextTable(source, columns, records.subList(1, records.size()));
    }

    /** Numbers in the first line are a row of a file without names, unless they are pandas's own: 0, 1, 2, ... */
    private static void requireNames(String source, List<String> columns) {
        boolean counted =
                IntStream.range(0, columns.size()).allMatch(i -> columns.get(i).equals(String.valueOf(i)));
        if (!counted && columns.stream().allMatch(NumberCells::isNumber)) {
            throw new InvalidInputException(
                    source + ": expected a first line that names the columns, found numbers, "
                            + NumberCells.brief(columns) + "; put a line of names before it",
                    SECTION);
        }
    }

    /**
     * Reads a {@code .txt}: on each line a text, a tab, and its label.
     *
     * @throws InvalidInputException if there is no line, or one has no tab
     */
    static TextTable lines(String source, String content) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : content.lines().toList()) {
            int tab = line.lastIndexOf('\t');
            if (tab < 0) {
                throw new InvalidInputException(
                        source + ", line " + (rows.size() + 1),
                        "expected a text, a tab and its label, found no tab",
                        "Correct the line, or give a .csv.",
                        SECTION);
            }
            rows.add(List.of(line.substring(0, tab), line.substring(tab + 1).strip()));
        }
        if (rows.isEmpty()) {
            throw new InvalidInputException(
                    source,
                    "expected a text, a tab and its label on each line, found an empty file",
                    "Write the file again.",
                    SECTION);
        }
        return new TextTable(source, List.of(TEXT, LABEL), rows);
    }

    boolean has(String column) {
        return columns.contains(column);
    }

    /** The columns that are called by a name and a number, {@code NAME_0}, {@code NAME_1}, ..., in this order; from 0 or from 1 on. */
    List<String> numbered(String name) {
        List<String> found = new ArrayList<>();
        for (int i = has(name + "_0") ? 0 : 1; has(name + "_" + i); i++) {
            found.add(name + "_" + i);
        }
        return found;
    }

    /** The columns that a pattern fits, in their order; {@code *} stands for any characters. */
    List<String> matching(String pattern) {
        Pattern regex = Pattern.compile(
                Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        return columns.stream()
                .filter(column -> regex.matcher(column).matches())
                .toList();
    }

    /**
     * The values of a column.
     *
     * @throws InvalidInputException if there is none of this name
     */
    List<String> values(String column) {
        int at = index(column);
        return rows.stream().map(row -> row.get(at)).toList();
    }

    private int index(String column) {
        int at = columns.indexOf(column);
        if (at < 0) {
            throw new InvalidInputException(
                    source,
                    "there is no column '" + column + "'"
                            + Misspelling.among(columns, column, NumberCells.brief(columns)),
                    "Correct its name.",
                    SECTION);
        }
        return at;
    }

    /**
     * The rows whose columns have the given values.
     *
     * @throws InvalidInputException if there are none
     */
    TextTable where(Map<String, String> conditions) {
        TextTable selected = this;
        for (Map.Entry<String, String> condition : conditions.entrySet()) {
            List<String> values = selected.values(condition.getKey());
            List<List<String>> kept = new ArrayList<>();
            for (int row = 0; row < values.size(); row++) {
                if (values.get(row).equals(condition.getValue())) {
                    kept.add(selected.rows.get(row));
                }
            }
            if (kept.isEmpty()) {
                throw new InvalidInputException(
                        source,
                        "no row has " + condition.getKey() + "=" + condition.getValue() + "; there are "
                                + new TreeSet<>(values).stream().limit(SHOWN).toList(),
                        "Choose one of these.",
                        SECTION);
            }
            selected = new TextTable(source, columns, kept);
        }
        return selected;
    }

    /**
     * The rows but those whose columns have all of the given values.
     *
     * @throws InvalidInputException if there are none
     */
    TextTable without(Map<String, String> conditions) {
        Map<Integer, String> values = new LinkedHashMap<>();
        conditions.forEach((column, value) -> values.put(index(column), value));
        List<List<String>> kept = rows.stream()
                .filter(row -> !values.entrySet().stream()
                        .allMatch(value -> row.get(value.getKey()).equals(value.getValue())))
                .toList();
        if (kept.isEmpty()) {
            throw new InvalidInputException(
                    source,
                    "no row is left to train on: all have " + conditions + ", which are the rows to validate on",
                    "Choose others, or name the file with --validation-data, too, to validate on rows that are trained on.",
                    SECTION);
        }
        return new TextTable(source, columns, kept);
    }
}
