package dev.rekur.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty answers to requests that never reach a route, such as malformed ones: JSON here, HTML in Jetty. */
final class JsonErrorPages extends ErrorHandler {
    private static final HttpField TYPE = new HttpField(HttpHeader.CONTENT_TYPE, Answers.JSON);

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        byte[] body = Json.error(text(code, message));
        response.getHeaders().put(TYPE);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static String text(int code, @Nullable String message) {
        String phrase = HttpStatus.getMessage(code);
        return message == null || message.isBlank() || code >= 500 ? phrase : phrase + ": " + Brief.ofSentence(message);
    }
}
