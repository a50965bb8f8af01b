package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import org.junit.jupiter.api.Test;

/** What is selected where there is no other module; the module simd tests the rest. */
class KernelSelectionTest {
    @Test
    void withoutAProviderTheScalarKernelsRunAndTheReasonIsGiven() {
        assertThat(KernelSelection.auto().kernels()).isSameAs(ScalarKernels.INSTANCE);
        assertThat(KernelSelection.auto().reason()).contains("rekur-simd is not on the class path");
    }

    @Test
    void askingForVectorsThatAreNotThereIsAnError() {
        assertThatThrownBy(KernelSelection::simd)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rekur-simd is not on the class path");
    }
}
