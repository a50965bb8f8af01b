package dev.rekur;

import java.util.List;

/**
 * One thing in a model file that keeps Rekur from running it.
 *
 * @param place what it concerns, for example {@code layer 'conv' (Conv1D)} with the JSON path of the place
 * @param finding what was found, and what was expected in its stead
 * @param remedy what the user can do
 * @param damaged true if no program could make sense of it: the file is broken, not Rekur incomplete
 */
public record Problem(String place, String finding, String remedy, boolean damaged) {
    /** Something that Rekur lacks. */
    public Problem(String place, String finding, String remedy) {
        this(place, finding, remedy, false);
    }

    /** Several problems of a file as one message. */
    static String describe(String source, List<Problem> problems) {
        return problems.size() == 1
                ? source + ": " + problems.get(0)
                : source + ": " + problems.size() + " problems" + lines(problems);
    }

    /** Each problem on a new line, indented; what helps against several in a row is said once, after the last of them. */
    public static String lines(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            text.append("\n  ").append(problem.place()).append(": ").append(problem.finding());
            boolean saidNext =
                    i + 1 < problems.size() && problems.get(i + 1).remedy().equals(problem.remedy());
            if (!saidNext) {
                text.append("\n    ").append(problem.remedy());
            }
        }
        return text.toString();
    }

    /**
     * The exception for problems of a file: a {@link ModelFormatException} if there is nothing but damage, or else an
     * {@link UnsupportedModelException}.
     */
    public static RekurException exception(String source, List<Problem> problems) {
        return !problems.isEmpty() && problems.stream().allMatch(Problem::damaged)
                ? new ModelFormatException(describe(source, problems))
                : new UnsupportedModelException(source, problems);
    }

    @Override
    public String toString() {
        return place + ": " + finding + "\n" + remedy;
    }
}
