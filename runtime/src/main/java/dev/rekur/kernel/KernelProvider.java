package dev.rekur.kernel;

import java.util.Optional;

/** Offers kernels of another module, found through {@link java.util.ServiceLoader}. */
public interface KernelProvider {
    /** For example {@code simd}. */
    String name();

    /** Why these kernels cannot be used here, in one line for the log; empty if they can. */
    Optional<String> unavailable();

    /** The kernels; called only if they are available. */
    Kernels kernels();
}
