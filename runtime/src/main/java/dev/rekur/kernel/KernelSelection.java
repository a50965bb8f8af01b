package dev.rekur.kernel;

import dev.rekur.error.InvalidInputException;
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
     * The vector kernels, from the first call on; {@link #auto} warms them up first.
     *
     * @throws InvalidInputException with the reason, if they cannot run here
     */
    public static KernelSelection simd() {
        String reason = "the artifact rekur-simd is not on the class path";
        for (KernelProvider provider : providers()) {
            Optional<String> obstacle = provider.unavailable();
            if (obstacle.isEmpty()) {
                try {
                    Kernels kernels = provider.kernels();
                    return new KernelSelection(kernels, kernels.name() + " kernels, as requested");
                } catch (UnsupportedOperationException e) {
                    obstacle = Optional.ofNullable(e.getMessage());
                }
            }
            reason = obstacle.orElse("no reason given");
        }
        throw new InvalidInputException("SIMD kernels were requested but cannot run: " + reason);
    }

    private static KernelSelection find() {
        String reason = "the artifact rekur-simd is not on the class path";
        for (KernelProvider provider : providers()) {
            Optional<String> obstacle = provider.unavailable();
            if (obstacle.isEmpty()) {
                return new KernelSelection(
                        new WarmingKernels(provider), provider.name() + " kernels, scalar ones until they are warm");
            }
            reason = provider.name() + " cannot run: " + obstacle.get();
        }
        return new KernelSelection(ScalarKernels.INSTANCE, "scalar kernels: " + reason);
    }

    private static ServiceLoader<KernelProvider> providers() {
        return ServiceLoader.load(KernelProvider.class, KernelSelection.class.getClassLoader());
    }

    private static final class Auto {
        static final KernelSelection SELECTION = log(find());

        private static KernelSelection log(KernelSelection selection) {
            LOG.info(
                    "{}{}",
                    selection.reason(),
                    Arithmetic.FUSED ? "" : "; no fused multiply-add: last bits may differ");
            return selection;
        }
    }
}
