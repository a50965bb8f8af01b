package dev.rekur.cli;

import dev.rekur.kernel.KernelSelection;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which arithmetic a model runs on. */
final class KernelOption {
    private enum Choice {
        AUTO,
        SCALAR,
        SIMD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--kernels",
            paramLabel = "auto|scalar|simd",
            defaultValue = "auto",
            description = "Arithmetic to use; the results are the same (default ${DEFAULT-VALUE}).")
    private Choice choice;

    KernelSelection selection() {
        return switch (choice) {
            case AUTO -> KernelSelection.auto();
            case SCALAR -> KernelSelection.scalar();
            case SIMD -> KernelSelection.simd();
        };
    }
}
