package dev.rekur;

import java.util.List;

/** The model file is fine but uses something Rekur lacks. Carries every problem found, not just the first. */
public final class UnsupportedModelException extends RekurException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public UnsupportedModelException(String source, List<Problem> problems) {
        super(Problem.describe(source, problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
