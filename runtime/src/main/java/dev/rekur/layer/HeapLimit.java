package dev.rekur.layer;

import dev.rekur.error.InvalidInputException;

/** Refuses arrays that the memory of the JVM cannot hold before they are allocated: files and callers choose their sizes. */
public final class HeapLimit {
    private HeapLimit() {}

    /**
     * Requires that the JVM may use so much at all, with something to spare.
     *
     * @param what what is to be allocated, for the message
     * @throws InvalidInputException if it may not
     */
    public static void require(String what, long bytes) {
        long limit = Runtime.getRuntime().maxMemory() / 4 * 3;
        if (bytes > limit) {
            throw new InvalidInputException(
                    what,
                    "takes " + (bytes >> 20) + " MiB, more than the " + (limit >> 20)
                            + " MiB that one call may take of the JVM's memory",
                    "Use fewer rows at a time or shorter ones, or give the JVM more with -Xmx.",
                    "docs/TROUBLESHOOTING.md#memory");
        }
    }
}
