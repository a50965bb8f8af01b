package dev.rekur.kernel;

import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which kernels run, and why.
 *
 * @param kernels the kernels chosen
 * @param reason one line for logs and reports
 */
public record KernelSelection(Kernels kernels, String reason) {
    private static final Logger LOG = LoggerFactory.getLogger(KernelSelection.class);

    /** The fastest kernels that this machine and JVM can run; logged once. */
    public static KernelSelection auto() {
        return Auto.SELECTION;
    }

    /** The scalar kernels. */
    public static KernelSelection scalar() {
        return new KernelSelection(ScalarKernels.INSTANCE, "scalar kernels, as requested");
    }

    /**
     * The vector kernels.
     *
     * @throws dev.rekur.InvalidInputException with the reason, if they cannot run here
     */
    public static KernelSelection simd() {
        KernelSelection found = find();
        if (found.kernels() == ScalarKernels.INSTANCE) {
            throw new dev.rekur.InvalidInputException("SIMD kernels were requested but cannot run: " + found.reason());
        }
        return found;
    }

    private static KernelSelection find() {
        String reason = "scalar kernels: the artifact rekur-simd is not on the class path";
        for (KernelProvider provider : ServiceLoader.load(KernelProvider.class, KernelSelection.class.getClassLoader())) {
            Optional<String> obstacle = provider.unavailable();
            if (obstacle.isEmpty()) {
                Kernels kernels = provider.kernels();
                return new KernelSelection(kernels, kernels.name() + " kernels: " + provider.name() + " provider");
            }
            reason = "scalar kernels: " + provider.name() + " cannot run, " + obstacle.get();
        }
        return new KernelSelection(ScalarKernels.INSTANCE, reason);
    }

    private static final class Auto {
        static final KernelSelection SELECTION = log(find());

        private static KernelSelection log(KernelSelection selection) {
            LOG.info("{}{}", selection.reason(), Arithmetic.FUSED ? "" : "; no fused multiply-add: last bits may differ");
            return selection;
        }
    }
}
