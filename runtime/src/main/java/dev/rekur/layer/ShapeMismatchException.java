package dev.rekur.layer;

/**
 * A layer cannot be built on the shapes it is given. Thrown by layers, which do not know their own name; whoever builds
 * the graph catches it and reports it with the place.
 */
public final class ShapeMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String finding;
    private final String remedy;

    public ShapeMismatchException(String finding, String remedy) {
        super(finding);
        this.finding = finding;
        this.remedy = remedy;
    }

    /** What does not fit. */
    public String finding() {
        return finding;
    }

    /** What the user can do. */
    public String remedy() {
        return remedy;
    }
}
