package dev.rekur.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The caller's data or arguments do not fit the model: wrong shape, type, range or name. */
public final class InvalidInputException extends RekurException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        this(message, "");
    }

    public InvalidInputException(String message, Throwable cause) {
        this(message, "", cause);
    }

    /**
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public InvalidInputException(String message, String link) {
        this("", List.of(new Problem("", message, "", link, false)), null);
    }

    /**
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public InvalidInputException(String message, String link, Throwable cause) {
        this("", List.of(new Problem("", message, "", link, false)), cause);
    }

    /**
     * @param place what it concerns
     * @param finding what was found, and what was expected
     * @param remedy what to do
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public InvalidInputException(String place, String finding, String remedy, String link) {
        this("", List.of(new Problem(place, finding, remedy, link, false)), null);
    }

    /** Like {@link #InvalidInputException(String, String, String, String)}, with the cause. */
    public InvalidInputException(String place, String finding, String remedy, String link, Throwable cause) {
        this("", List.of(new Problem(place, finding, remedy, link, false)), cause);
    }

    InvalidInputException(String source, List<Problem> problems, @Nullable Throwable cause) {
        super(source, problems, cause);
    }

    /**
     * The same for what is inside another place.
     *
     * @param outer for example the file that the data came from
     */
    public InvalidInputException within(String outer) {
        return new InvalidInputException(
                "", problems().stream().map(problem -> problem.within(outer)).toList(), this);
    }
}
