package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma-separated values as RFC 4180 has them: fields that hold commas, quotes or line breaks are quoted, quotes in them
 * are doubled. Lines end in LF or CR LF; empty ones are passed over.
 */
final class CsvReader {
    private final String source;
    private final String text;
    private int at;
    private int line = 1;

    private CsvReader(String source, String text) {
        this.source = source;
        this.text = text;
    }

    /**
     * The records of a text, the first of them included.
     *
     * @param source the file's name, for messages
     * @throws InvalidInputException if a quote is not closed, or a record has another number of fields than the first
     */
    static List<List<String>> read(String source, String text) {
        return new CsvReader(source, text).records();
    }

    private List<List<String>> records() {
        List<List<String>> records = new ArrayList<>();
        while (at < text.length()) {
            if (passLineBreak()) {
                continue;
            }
            int first = line;
            List<String> record = record();
            if (!records.isEmpty() && record.size() != records.get(0).size()) {
                throw new InvalidInputException(source + ", line " + first + ": expected "
                        + records.get(0).size() + " fields as in the first line, found " + record.size()
                        + "; put texts with commas or quotes into quotes");
            }
            records.add(record);
        }
        return records;
    }

    private List<String> record() {
        List<String> fields = new ArrayList<>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            fields.add(field());
        }
        if (at < text.length() && !passLineBreak()) {
            throw new InvalidInputException(
                    source + ", line " + line + ": expected a comma or the end of the line after"
                            + " a quoted field, found '" + text.charAt(at) + "'; quotes within a field are doubled");
        }
        return fields;
    }

    private String field() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        int first = line;
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '"') {
                at++;
                if (at >= text.length() || text.charAt(at) != '"') {
                    return field.toString();
                }
            } else if (character == '\n') {
                line++;
            }
            field.append(character);
        }
        throw new InvalidInputException(source + ", line " + first + ": a quote is never closed");
    }

    private boolean passLineBreak() {
        int from = at;
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        line += at > from ? 1 : 0;
        return at > from;
    }
}
