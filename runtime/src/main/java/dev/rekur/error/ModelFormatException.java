package dev.rekur.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model file is broken: truncated, edited, contradictory or hostile. */
public final class ModelFormatException extends RekurException {
    private static final long serialVersionUID = 1L;

    public ModelFormatException(String message) {
        this(message, "");
    }

    public ModelFormatException(String message, Throwable cause) {
        this(message, "", cause);
    }

    /**
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public ModelFormatException(String message, String link) {
        this("", List.of(new Problem("", message, "", link, true)), null);
    }

    /**
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public ModelFormatException(String message, String link, Throwable cause) {
        this("", List.of(new Problem("", message, "", link, true)), cause);
    }

    /**
     * @param place what it concerns
     * @param finding what was found, and what was expected
     * @param remedy what to do
     * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#limits}
     */
    public ModelFormatException(String place, String finding, String remedy, String link) {
        this("", List.of(new Problem(place, finding, remedy, link, true)), null);
    }

    /** Like {@link #ModelFormatException(String, String, String, String)}, with the cause. */
    public ModelFormatException(String place, String finding, String remedy, String link, Throwable cause) {
        this("", List.of(new Problem(place, finding, remedy, link, true)), cause);
    }

    ModelFormatException(String source, List<Problem> problems, @Nullable Throwable cause) {
        super(source, problems, cause);
    }

    /**
     * The same for what is inside another place.
     *
     * @param outer for example the file that the data came from
     */
    public ModelFormatException within(String outer) {
        return new ModelFormatException(
                "", problems().stream().map(problem -> problem.within(outer)).toList(), this);
    }
}
