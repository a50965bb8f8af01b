package dev.rekur.error;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything Rekur throws on purpose.
 *
 * <p>The message says where, what was expected, what was found and what to do; {@link #problems} has the same in parts. Three
 * kinds exist: {@link ModelFormatException} (the file is broken), {@link UnsupportedModelException} (the file is fine but uses
 * something Rekur lacks) and {@link InvalidInputException} (the caller's data or arguments do not fit). Anything else that
 * escapes is a defect of Rekur.
 */
public abstract sealed class RekurException extends RuntimeException
        permits ModelFormatException, UnsupportedModelException, InvalidInputException {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final transient List<Problem> problems;

    RekurException(String source, List<Problem> problems, @Nullable Throwable cause) {
        super(Problem.describe(source, problems, UnaryOperator.identity()), cause);
        this.source = source;
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * The message with something else in place of links to the documentation, for readers who do not have it there.
     *
     * @param links from a link, {@code docs/TROUBLESHOOTING.md#weight-shape}, to what is to be read in its place; empty to leave it
     *     out
     */
    public String message(UnaryOperator<String> links) {
        return Problem.describe(source, problems, links);
    }
}
