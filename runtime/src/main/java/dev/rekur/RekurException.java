package dev.rekur;

/**
 * Root of everything Rekur throws on purpose.
 *
 * <p>The message says where, what was expected, what was found and what to do. Three kinds exist: {@link
 * ModelFormatException} (the file is broken), {@link UnsupportedModelException} (the file is fine but uses something
 * Rekur lacks) and {@link InvalidInputException} (the caller's data or arguments do not fit). Anything else that
 * escapes is a defect of Rekur.
 */
public abstract sealed class RekurException extends RuntimeException
        permits ModelFormatException, UnsupportedModelException, InvalidInputException {
    private static final long serialVersionUID = 1L;

    RekurException(String message) {
        super(message);
    }

    RekurException(String message, Throwable cause) {
        super(message, cause);
    }
}
