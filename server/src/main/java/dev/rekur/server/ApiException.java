package dev.rekur.server;

/**
 * A request that is answered with an error. The message goes to the remote client as it stands: it says what was
 * expected, what was found and what to do, and holds no path of this machine.
 */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ApiException(int status, String message) {
        // thrown for what clients do, at their rate: a stack trace would cost more than the request and say nothing
        super(message, null, false, false);
        this.status = status;
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, message);
    }

    static ApiException notFound(String message) {
        return new ApiException(404, message);
    }

    int status() {
        return status;
    }

    /** The message, never null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
