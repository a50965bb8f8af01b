package dev.rekur.server;

import io.javalin.http.Context;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Reads the body of a request, up to a limit that holds for what is declared and for what arrives. */
final class RequestBody {
    private static final int FIRST_CHUNK = 8 << 10;
    private static final Set<String> ACCEPTED_TYPES = Set.of(
            "application/json",
            "text/json",
            "text/plain",
            // what curl sends with -d unless told otherwise; TensorFlow's documentation leaves it so
            "application/x-www-form-urlencoded");

    private final int limit;

    RequestBody(int limit) {
        this.limit = limit;
    }

    /**
     * The bytes of the body.
     *
     * @throws ApiException with 413 if there are too many, with 415 if they are compressed or of another type than JSON
     */
    byte[] read(Context context) throws IOException {
        requireJson(context);
        long declared = context.req().getContentLengthLong();
        InputStream stream = context.req().getInputStream();
        if (declared > limit) {
            discard(stream);
            throw tooLarge();
        }
        try {
            return declared >= 0 ? readExactly(stream, (int) declared) : readToEnd(stream);
        } catch (EOFException early) {
            throw ApiException.badRequest("the body ended early");
        }
    }

    private static byte[] readExactly(InputStream stream, int length) throws IOException {
        byte[] body = new byte[length];
        int read = stream.readNBytes(body, 0, length);
        if (read < length) {
            throw new EOFException();
        }
        return body;
    }

    private byte[] readToEnd(InputStream stream) throws IOException {
        byte[] body = new byte[Math.min(FIRST_CHUNK, limit + 1)];
        int size = 0;
        while (true) {
            int read = stream.read(body, size, body.length - size);
            if (read < 0) {
                return Arrays.copyOf(body, size);
            }
            size += read;
            if (size > limit) {
                discard(stream);
                throw tooLarge();
            }
            if (size == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(2L * size, limit + 1L));
            }
        }
    }

    /**
     * Reads on for as much again as the limit: a client that is still sending sees the answer only when it is done. One
     * that sends more than that finds its connection closed.
     */
    private void discard(InputStream stream) throws IOException {
        byte[] discarded = new byte[FIRST_CHUNK];
        long left = limit;
        int read = 0;
        while (left > 0 && read >= 0) {
            read = stream.read(discarded, 0, (int) Math.min(discarded.length, left));
            left -= read;
        }
    }

    private ApiException tooLarge() {
        return new ApiException(413, "the body exceeds the limit of " + limit + " bytes; send fewer rows in a request");
    }

    private static void requireJson(Context context) {
        String encoding = context.req().getHeader("Content-Encoding");
        if (encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase("identity")) {
            throw new ApiException(
                    415, "Content-Encoding '" + Brief.of(encoding) + "' is not supported; send the body uncompressed");
        }
        String type = context.req().getContentType();
        if (type == null) {
            return;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";");
        String essence = parts.length == 0 ? "" : parts[0].trim();
        if (!essence.isEmpty() && !ACCEPTED_TYPES.contains(essence) && !essence.endsWith("+json")) {
            throw new ApiException(
                    415, "Content-Type '" + Brief.of(type) + "' is not supported; send application/json");
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").replace(" ", "");
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=us-ascii")) {
                throw new ApiException(415, "Content-Type '" + Brief.of(type) + "' is not supported; send UTF-8");
            }
        }
    }
}
