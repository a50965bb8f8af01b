package dev.rekur.error;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One thing that keeps Rekur from doing what it was asked for.
 *
 * @param place what it concerns, for example {@code layer 'conv' (Conv1D)} with the JSON path of the place; empty if the finding
 *     says so itself
 * @param finding what was found, and what was expected in its stead
 * @param remedy what the user can do; empty if the finding says so itself
 * @param link the section of the documentation that says more, {@code docs/TROUBLESHOOTING.md#unsupported-layer}; empty if there
 *     is none
 * @param damaged true if no program could make sense of it: the file is broken, not Rekur incomplete
 */
public record Problem(String place, String finding, String remedy, String link, boolean damaged) {
    /** Something that Rekur lacks. */
    public Problem(String place, String finding, String remedy) {
        this(place, finding, remedy, "", false);
    }

    /** Something that Rekur lacks, and where to read more. */
    public Problem(String place, String finding, String remedy, String link) {
        this(place, finding, remedy, link, false);
    }

    /** The same problem of what is inside another place. */
    public Problem within(String outer) {
        return new Problem(place.isEmpty() ? outer : outer + ", " + place, finding, remedy, link, damaged);
    }

    /** The name of the section that says more, {@code unsupported-layer}; empty if there is none. */
    public String topic() {
        return link.substring(link.indexOf('#') + 1);
    }

    /** Several problems of a file as one message. */
    static String describe(String source, List<Problem> problems, UnaryOperator<String> links) {
        String who = source.isEmpty() ? "" : source + ": ";
        return problems.size() == 1
                ? who + problems.get(0).text(links)
                : who + problems.size() + " problems" + lines(problems, links);
    }

    /** Each problem on a new line, indented; what helps against several in a row is said once, after the last of them. */
    public static String lines(List<Problem> problems) {
        return lines(problems, UnaryOperator.identity());
    }

    /**
     * Like {@link #lines(List)}, with something else in place of links.
     *
     * @param links from a link to what is to be read in its place; empty to leave it out
     */
    public static String lines(List<Problem> problems, UnaryOperator<String> links) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            text.append("\n  ").append(problem.place()).append(": ").append(problem.finding());
            String help = problem.help(links);
            boolean saidNext =
                    i + 1 < problems.size() && problems.get(i + 1).help(links).equals(help);
            if (!saidNext && !help.isEmpty()) {
                text.append("\n    ").append(help.replace("\n", "\n    "));
            }
        }
        return text.toString();
    }

    /** The whole problem as a message, with something else in place of the link. */
    String text(UnaryOperator<String> links) {
        String found = place.isEmpty() ? finding : place + ": " + finding;
        return remedy.isEmpty() ? joined(found, links) : found + "\n" + help(links);
    }

    private String help(UnaryOperator<String> links) {
        return joined(remedy, links);
    }

    private String joined(String text, UnaryOperator<String> links) {
        String shown = link.isEmpty() ? "" : links.apply(link);
        if (shown.isEmpty() || text.isEmpty()) {
            return text + shown;
        }
        String said = text.stripTrailing();
        return said + (said.endsWith(".") || said.endsWith("?") ? " " : "; ") + shown;
    }

    /**
     * The exception for problems of a file: a {@link ModelFormatException} if there is nothing but damage, or else an
     * {@link UnsupportedModelException}.
     */
    public static RekurException exception(String source, List<Problem> problems) {
        return !problems.isEmpty() && problems.stream().allMatch(Problem::damaged)
                ? new ModelFormatException(source, problems, null)
                : new UnsupportedModelException(source, problems);
    }

    @Override
    public String toString() {
        return text(UnaryOperator.identity());
    }
}
