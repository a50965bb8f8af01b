package dev.rekur.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sections of docs/TROUBLESHOOTING.md, which travels with the command, by the names that links give them. */
final class Topics {
    private static final String PAGE = "TROUBLESHOOTING.md";
    private static final Pattern HEADING = Pattern.compile("(#+) +(.+)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\(([^)]+)\\)");

    /** From a topic's name to its text, in the order of the page. */
    private final Map<String, String> sections;

    private Topics(Map<String, String> sections) {
        this.sections = sections;
    }

    static Topics read() {
        try (InputStream page = Topics.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IllegalStateException("this build of Rekur has no " + PAGE);
            }
            return of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The sections of a page. A section holds those below it, down to the next heading of its own rank. */
    static Topics of(String page) {
        Map<String, String> sections = new LinkedHashMap<>();
        List<String> lines = page.lines().toList();
        boolean code = false;
        for (int i = 0; i < lines.size(); i++) {
            code ^= lines.get(i).startsWith("```");
            Matcher heading = HEADING.matcher(lines.get(i));
            if (!code && heading.matches()) {
                sections.put(
                        anchor(heading.group(2)),
                        section(lines, i, heading.group(1).length()));
            }
        }
        return new Topics(sections);
    }

    private static String section(List<String> lines, int first, int rank) {
        int end = first + 1;
        boolean code = false;
        while (end < lines.size()) {
            code ^= lines.get(end).startsWith("```");
            Matcher heading = HEADING.matcher(lines.get(end));
            if (!code && heading.matches() && heading.group(1).length() <= rank) {
                break;
            }
            end++;
        }
        return String.join("\n", lines.subList(first, end)).strip() + "\n";
    }

    /** The name by which links lead to a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
    }

    /** Names of the topics, in the order of the page. */
    List<String> names() {
        return List.copyOf(sections.keySet());
    }

    /** A topic's text as a terminal shows it; empty if there is no such topic. */
    Optional<String> text(String name) {
        return Optional.ofNullable(sections.get(name)).map(Topics::withoutLinks);
    }

    /** A command in place of a link to this page; what a link leads to elsewhere is left out. */
    private static String withoutLinks(String text) {
        return LINK.matcher(text)
                .replaceAll(link -> Matcher.quoteReplacement(
                        link.group(2).startsWith("#")
                                ? link.group(1) + " (rekur help "
                                        + link.group(2).substring(1) + ")"
                                : link.group(1)));
    }

    /** What to type to read what a link to the page leads to. */
    static String command(String link) {
        return "rekur help " + link.substring(link.indexOf('#') + 1);
    }
}
