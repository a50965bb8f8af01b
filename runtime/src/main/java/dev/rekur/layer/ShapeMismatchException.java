package dev.rekur.layer;

/**
 * A layer cannot be built on the shapes it is given. Thrown by layers, which do not know their own name; whoever builds
 * the graph catches it and reports it with the place.
 */
public final class ShapeMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String finding;
    private final String remedy;
    private final String link;

    public ShapeMismatchException(String finding, String remedy) {
        this(finding, remedy, "");
    }

    /**
     * @param link the section of the documentation that says more
     */
    public ShapeMismatchException(String finding, String remedy, String link) {
        super(finding);
        this.finding = finding;
        this.remedy = remedy;
        this.link = link;
    }

    /** What does not fit. */
    public String finding() {
        return finding;
    }

    /** What the user can do. */
    public String remedy() {
        return remedy;
    }

    /** The section of the documentation that says more; empty if there is none. */
    public String link() {
        return link;
    }

    /** The same mismatch of what is inside the layer that is built. */
    public ShapeMismatchException within(String inner) {
        return new ShapeMismatchException(inner + " " + finding, remedy, link);
    }
}
