package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file name with fields, as Python's {@code str.format} fills them: {@code {epoch:02d}-{val_loss:.2f}.keras}. Braces that
 * are meant are doubled. Fields are names; attributes, indices and conversions are refused.
 */
final class FileNamePattern {
    private static final Pattern FIELD = Pattern.compile("\\{\\{|}}|\\{([^{}:!]*)(?::([^{}]*))?}|[{}]");

    /** A part of the name: a text, or a field and how it is written. */
    private record Part(String text, String field, FormatSpec format) {}

    private static final FormatSpec PLAIN = FormatSpec.parse("");

    private final String owner;
    private final String source;
    private final List<Part> parts = new ArrayList<>();

    /**
     * @param owner the callback, for messages
     * @throws InvalidInputException if it is not a pattern
     */
    FileNamePattern(String owner, String source) {
        this.owner = owner;
        this.source = source;
        Matcher matcher = FIELD.matcher(source);
        int at = 0;
        while (matcher.find()) {
            literal(source.substring(at, matcher.start()));
            at = matcher.end();
            String found = matcher.group();
            if (found.equals("{{") || found.equals("}}")) {
                literal(found.substring(1));
            } else if (found.length() == 1 || !matcher.group(1).matches("[\\p{Alpha}_][\\w-]*")) {
                throw broken(
                        "'" + found + "' is not a field; expected {name} or {name:format}, and {{ or }} for braces");
            } else {
                parts.add(new Part("", matcher.group(1), format(matcher.group(2))));
            }
        }
        literal(source.substring(at));
    }

    private void literal(String text) {
        if (!text.isEmpty()) {
            parts.add(new Part(text, "", PLAIN));
        }
    }

    /** The names it needs. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        parts.stream().map(Part::field).filter(field -> !field.isEmpty()).forEach(fields::add);
        return fields;
    }

    /**
     * The name with the fields filled in.
     *
     * @param values an Integer or a Double for each of {@link #fields}
     * @throws InvalidInputException if a field's format does not fit its value
     */
    String fill(Function<String, Number> values) {
        StringBuilder name = new StringBuilder();
        for (Part part : parts) {
            name.append(part.text());
            if (!part.field().isEmpty()) {
                name.append(filled(part, values.apply(part.field())));
            }
        }
        return name.toString();
    }

    private String filled(Part part, Number value) {
        try {
            return value instanceof Integer
                    ? part.format().format(value.longValue())
                    : part.format().format(value.doubleValue());
        } catch (IllegalArgumentException e) {
            throw broken("field '" + part.field() + "': " + e.getMessage());
        }
    }

    private FormatSpec format(@Nullable String text) {
        try {
            return text == null ? PLAIN : FormatSpec.parse(text);
        } catch (IllegalArgumentException e) {
            throw broken(String.valueOf(e.getMessage()));
        }
    }

    private InvalidInputException broken(String why) {
        return new InvalidInputException(owner + ": file name '" + source + "': " + why);
    }

    @Override
    public String toString() {
        return source;
    }
}
