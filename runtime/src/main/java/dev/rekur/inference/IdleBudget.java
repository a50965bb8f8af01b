package dev.rekur.inference;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that idle workspaces of several plans may take together. Without it, inputs of ever new lengths would leave behind
 * workspaces that nobody needs again.
 */
final class IdleBudget {
    /** 128 MiB. */
    private static final long LARGEST = 128L << 20;

    private final AtomicLong bytes = new AtomicLong();

    /** Takes room for a workspace; false if there is not enough. */
    boolean reserve(long size) {
        if (bytes.addAndGet(size) <= LARGEST) {
            return true;
        }
        bytes.addAndGet(-size);
        return false;
    }

    void release(long size) {
        bytes.addAndGet(-size);
    }
}
