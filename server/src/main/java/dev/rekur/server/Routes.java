package dev.rekur.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.List;

/**
 * Registers addresses so that each answers every common method: HEAD like GET without a body, OPTIONS with what is
 * allowed, and anything else with 405 and the Allow header that belongs to it.
 */
final class Routes {
    private static final List<HandlerType> METHODS = List.of(
            HandlerType.GET,
            HandlerType.HEAD,
            HandlerType.POST,
            HandlerType.PUT,
            HandlerType.PATCH,
            HandlerType.DELETE,
            HandlerType.OPTIONS,
            HandlerType.TRACE,
            HandlerType.QUERY);

    private final RoutesConfig config;

    Routes(RoutesConfig config) {
        this.config = config;
    }

    void get(String path, Handler handler) {
        register(path, List.of(HandlerType.GET, HandlerType.HEAD), "GET, HEAD, OPTIONS", handler);
    }

    void post(String path, Handler handler) {
        register(path, List.of(HandlerType.POST), "POST, OPTIONS", handler);
    }

    void any(String path, Handler handler) {
        METHODS.forEach(method -> config.addHttpHandler(method, path, guarded(handler)));
    }

    private void register(String path, List<HandlerType> methods, String allow, Handler handler) {
        for (HandlerType method : METHODS) {
            if (methods.contains(method)) {
                config.addHttpHandler(method, path, guarded(handler));
            } else if (method.equals(HandlerType.OPTIONS)) {
                config.addHttpHandler(method, path, context -> {
                    context.res().setHeader("Allow", allow);
                    context.res().setStatus(204);
                });
            } else {
                config.addHttpHandler(method, path, context -> refuse(context, allow));
            }
        }
    }

    /** Errors of the JVM, such as a lack of memory, end a request and not the server; Javalin passes them on. */
    private static Handler guarded(Handler handler) {
        return context -> {
            try {
                handler.handle(context);
            } catch (Error error) {
                Answers.defect(context, error);
            }
        };
    }

    private static void refuse(Context context, String allow) {
        context.res().setHeader("Allow", allow);
        throw new ApiException(405, "method " + context.method().name() + " is not allowed here; allowed: " + allow);
    }
}
