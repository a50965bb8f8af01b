package dev.rekur;

/** The caller's data or arguments do not fit the model: wrong shape, type, range or name. */
public final class InvalidInputException extends RekurException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
