package dev.rekur.error;

import java.util.List;

/** The model file is fine but uses something Rekur lacks. Carries every problem found, not just the first. */
public final class UnsupportedModelException extends RekurException {
    private static final long serialVersionUID = 1L;

    public UnsupportedModelException(String source, List<Problem> problems) {
        super(source, problems, null);
    }

    /** The same for what is inside another place. */
    public UnsupportedModelException within(String outer) {
        return new UnsupportedModelException(
                "", problems().stream().map(problem -> problem.within(outer)).toList());
    }
}
