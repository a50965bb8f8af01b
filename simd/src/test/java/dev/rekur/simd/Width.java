package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import java.lang.management.ManagementFactory;

/** The kernels under test: required, not assumed. */
final class Width {
    private Width() {}

    /** The vector kernels, which must have the width that this run asks for, or the machine's where that is smaller. */
    static Kernels required() {
        assertThat(Arithmetic.FUSED)
                .as("the tests of vector kernels need a processor with FMA")
                .isTrue();
        Kernels kernels = KernelSelection.simd().kernels();
        int asked = Integer.getInteger("rekur.test.width");
        assertThat(kernels.name()).isEqualTo("simd-" + Math.min(asked, widestOfTheMachine()));
        return kernels;
    }

    private static int widestOfTheMachine() {
        if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
            return 128;
        }
        String level = ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                .getVMOption("UseAVX")
                .getValue();
        return Integer.parseInt(level) >= 3 ? 512 : 256;
    }
}
