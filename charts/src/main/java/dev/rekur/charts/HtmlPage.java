package dev.rekur.charts;

import static dev.rekur.charts.Markup.escape;

import dev.rekur.training.callback.History;
import dev.rekur.training.diagnosis.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A training as one page: the plots, a table of final and best values, and the diagnosis in words. Everything is in the one
 * file; there are no scripts, and nothing is fetched. Dark where the reader's screen is, and one column on a phone.
 */
final class HtmlPage {
    private final StringBuilder html = new StringBuilder();

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param findings null if nobody looked for any
     */
    static String of(String title, History history, List<Plot> plots, @Nullable List<Finding> findings) {
        return new HtmlPage().draw(title, history, plots, findings);
    }

    private String draw(String title, History history, List<Plot> plots, @Nullable List<Finding> findings) {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.append("<title>").append(escape(title)).append("</title>\n");
        html.append("<style>\n").append(resource("page.css")).append("</style>\n</head>\n<body>\n<header>\n<h1>");
        html.append(escape(title)).append("</h1>\n<p>").append(facts(history)).append("</p>\n</header>\n<main>\n");
        if (findings != null) {
            diagnosis(findings);
        }
        html.append("<section class=\"plots\">\n");
        plots.forEach(this::plot);
        html.append("</section>\n");
        table(LoggedValue.of(history));
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String facts(History history) {
        int count = history.epochs().size();
        return count + (count == 1 ? " epoch" : " epochs");
    }

    private void plot(Plot plot) {
        html.append("<figure class=\"card\">\n").append(SvgPicture.of(plot)).append("</figure>\n");
    }

    private void table(List<LoggedValue> values) {
        html.append("<section class=\"card\">\n<h2>Values</h2>\n");
        if (values.isEmpty()) {
            html.append("<p>Nothing was logged.</p>\n</section>\n");
            return;
        }
        html.append("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Value</th><th scope=\"col\">Final</th>");
        html.append("<th scope=\"col\">Best</th><th scope=\"col\">Epoch</th></tr></thead>\n<tbody>\n");
        for (LoggedValue value : values) {
            html.append("<tr><th scope=\"row\">").append(escape(value.name())).append("</th>");
            cell(LoggedValue.text(value.last()));
            cell(value.best().map(best -> LoggedValue.text(best.value())).orElse(""));
            cell(value.best().map(best -> Integer.toString(best.epoch())).orElse(""));
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n</section>\n");
    }

    private void cell(String text) {
        html.append("<td>").append(text).append("</td>");
    }

    private void diagnosis(List<Finding> findings) {
        html.append("<section class=\"card diagnosis\">\n<h2>Diagnosis</h2>\n");
        if (findings.isEmpty()) {
            html.append("<p>Nothing conspicuous was measured.</p>\n");
        }
        for (Finding finding : findings) {
            String words = finding.kind().words();
            html.append("<article>\n<h3>").append(escape(words.substring(0, 1).toUpperCase(Locale.ROOT)));
            html.append(escape(words.substring(1))).append("</h3>\n<p>").append(escape(finding.evidence()));
            html.append("</p>\n<p class=\"advice\">")
                    .append(escape(finding.advice()))
                    .append("</p>\n</article>\n");
        }
        html.append("</section>\n");
    }

    private static String resource(String file) {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("this build of Rekur lacks a file of its charts: " + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
