package dev.rekur.server;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** Writes answers. */
final class Answers {
    static final String JSON = "application/json";

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    static void json(Context context, Consumer<JsonGenerator> content) throws IOException {
        write(context, 200, JSON, Json.write(content));
    }

    /** Writes a body in one piece, its length known, so that the connection can be used again. */
    static void write(Context context, int status, String type, byte[] body) throws IOException {
        context.res().setStatus(status);
        context.res().setHeader("X-Content-Type-Options", "nosniff");
        context.res().setContentType(type);
        context.res().setContentLength(body.length);
        context.res().getOutputStream().write(body);
    }

    static void error(Context context, int status, String message) {
        try {
            write(context, status, JSON, Json.error(message));
        } catch (IOException gone) {
            LOG.debug("the client was gone", gone);
        }
    }

    /** A defect of Rekur: the log has everything, under an id that the client is told. */
    static void defect(Context context, Throwable failure) {
        String id = UUID.randomUUID().toString();
        LOG.error("request {}: {} {} failed", id, context.method().name(), context.path(), failure);
        if (!context.res().isCommitted()) {
            error(context, 500, "internal error; the server's log has it under request id " + id);
        }
    }
}
