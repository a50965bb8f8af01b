package dev.rekur.kernel;

import java.util.Optional;

/** Offers kernels of another module, found through {@link java.util.ServiceLoader}. */
public interface KernelProvider {
    /** For example {@code simd}. */
    String name();

    /**
     * Why these kernels cannot be used here, in one line for the log; empty if nothing is known against them. Cheap: asked at
     * every start, also by programs that never need the kernels.
     */
    Optional<String> unavailable();

    /**
     * The kernels; asked for only if {@link #unavailable} is empty, and then when they are needed.
     *
     * @throws UnsupportedOperationException with the reason, if they cannot run here, which only loading them can show
     */
    Kernels kernels();
}
