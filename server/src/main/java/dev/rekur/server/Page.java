package dev.rekur.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page to try a model on: a handful of files from this jar, nothing from anywhere else. */
final class Page {
    static final String HTML = "text/html; charset=utf-8";
    static final String STYLE = "text/css; charset=utf-8";
    static final String SCRIPT = "text/javascript; charset=utf-8";

    /** Scripts and styles come from here or not at all; nothing may frame the page or be posted from it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Page() {}

    static void register(Routes routes) {
        serve(routes, "/", "page/index.html", HTML);
        style(routes);
        for (String script : new String[] {"app.js", "graph.js", "inputs.js", "results.js"}) {
            serve(routes, "/page/" + script, "page/" + script, SCRIPT);
        }
    }

    /** Colors, cards and pictures, which all pages of Rekur share. */
    static void style(Routes routes) {
        serve(routes, "/page/style.css", "page/style.css", STYLE);
        for (String image : new String[] {"icon.svg", "chevron.svg"}) {
            serve(routes, "/page/" + image, "page/" + image, "image/svg+xml");
        }
    }

    /** Serves a file of this jar, which may use files of the same server and of no other. */
    static void serve(Routes routes, String path, String file, String type) {
        byte[] content = resource(file);
        routes.get(path, context -> {
            context.res().setHeader("Content-Security-Policy", POLICY);
            context.res().setHeader("Referrer-Policy", "no-referrer");
            context.res().setHeader("Cache-Control", "no-cache");
            Answers.write(context, 200, type, content);
        });
    }

    private static byte[] resource(String file) {
        try (InputStream stream = Page.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("this build of Rekur lacks its page: " + file);
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
