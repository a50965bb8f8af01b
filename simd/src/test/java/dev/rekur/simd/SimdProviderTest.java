package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.ScalarKernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SimdProviderTest {
    @Test
    void withTheVectorApiItIsFoundAndChosen() {
        Width.required();
        assertThat(new SimdProvider().unavailable()).isEmpty();
        KernelSelection selection = KernelSelection.auto();
        assertThat(selection.kernels()).isNotSameAs(ScalarKernels.INSTANCE);
        assertThat(selection.reason()).startsWith("simd kernels");
    }

    @Test
    @Tag("without-vector-api")
    void withoutTheVectorApiTheReasonSaysWhatToDoAndScalarKernelsRun() {
        boolean enabled = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (enabled) {
            assertThat(System.getProperty("rekur.test.width"))
                    .as("this run is one with the Vector API")
                    .isNotNull();
            return;
        }
        KernelSelection selection = KernelSelection.auto();
        assertThat(selection.kernels()).isSameAs(ScalarKernels.INSTANCE);
        assertThat(selection.reason()).contains("--add-modules jdk.incubator.vector");
        assertThatThrownBy(KernelSelection::simd)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--add-modules jdk.incubator.vector");
    }
}
