package dev.rekur.simd;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.KernelProvider;
import dev.rekur.kernel.Kernels;
import java.util.Optional;

/**
 * Offers the vector kernels where the Vector API is worth using. Elsewhere it would run, but boxed: ten to a hundred times
 * slower than scalar code.
 *
 * <p>The checks are free: they read system properties, and load no vector class. The JVM's management interface would tell more, but
 * loading it takes some 40 milliseconds of a fresh JVM's first prediction.
 */
public final class SimdProvider implements KernelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SimdProvider() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public Optional<String> unavailable() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.of("the Vector API is not enabled: start java with --add-modules jdk.incubator.vector"
                    + " (and, on JDK 17, -XX:PerMethodTrapLimit=5000)");
        }
        String vm = System.getProperty("java.vm.name", "");
        if (!vm.contains("Server VM") || vm.contains("OpenJ9")) {
            return Optional.of("only HotSpot's server compiler turns vectors into instructions, and this is " + vm);
        }
        String mode = System.getProperty("java.vm.info", "");
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return Optional.of("HotSpot's server compiler is switched off (" + mode + ")");
        }
        if (Boolean.getBoolean("jdk.internal.vm.ci.enabled")
                || System.getProperty("java.vm.version", "").contains("jvmci")) {
            return Optional.of(
                    "a JVMCI compiler may stand in for HotSpot's, which alone is known to compile vectors well");
        }
        if (!Arithmetic.FUSED) {
            return Optional.of("the processor has no fused multiply-add, or the JVM does not use it");
        }
        return Optional.empty();
    }

    @Override
    public Kernels kernels() {
        try {
            int lanes = SimdKernels.lanes();
            if (lanes != 4 && lanes != 8 && lanes != 16) {
                throw new UnsupportedOperationException(
                        "vectors of " + lanes * Float.SIZE + " bits are not supported, only of 128, 256 and 512");
            }
            return new SimdKernels();
        } catch (LinkageError e) {
            throw new UnsupportedOperationException(
                    "the Vector API of Java " + Runtime.version().feature() + " is not the one known: " + e, e);
        }
    }
}
