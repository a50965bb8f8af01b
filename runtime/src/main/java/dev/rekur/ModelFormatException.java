package dev.rekur;

/** The model file is broken: truncated, edited, contradictory or hostile. */
public final class ModelFormatException extends RekurException {
    private static final long serialVersionUID = 1L;

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
