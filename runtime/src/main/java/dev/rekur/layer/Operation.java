package dev.rekur.layer;

/** A computation bound to the buffers of a plan. Immutable; all that changes lies in the workspace. */
@FunctionalInterface
public interface Operation {
    /**
     * Runs on the first {@code rows} rows of the workspace's buffers.
     *
     * @param workspace the buffers, owned by the calling thread
     * @param rows at most the workspace's capacity
     */
    void run(Workspace workspace, int rows);
}
