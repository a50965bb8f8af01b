package dev.rekur.layer;

import static dev.rekur.tensor.Comparison.assertAgrees;
import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.RoomStep.Result;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what steps of training result in. */
final class StepComparison {
    private StepComparison() {}

    /** Which there are. */
    static Set<Integer> present(List<? extends @Nullable Tensor> tensors) {
        Set<Integer> present = new TreeSet<>();
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i) != null) {
                present.add(i);
            }
        }
        return present;
    }

    static void assertAgree(List<? extends @Nullable Tensor> expected, List<? extends @Nullable Tensor> found) {
        assertThat(present(found)).isEqualTo(present(expected));
        for (int i : present(expected)) {
            assertAgrees("input " + i, expected.get(i), found.get(i));
        }
    }

    static void assertAgree(Map<String, FloatTensor> expected, Map<String, FloatTensor> found) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((path, tensor) -> assertAgrees(path, tensor, found.get(path)));
    }

    static void assertSame(Map<String, FloatTensor> expected, Map<String, FloatTensor> found) {
        found.forEach((path, gradient) -> assertSameBits(path, expected.get(path), gradient));
    }

    /** Outputs and all gradients that were found. */
    static void assertSame(Result expected, Result found) {
        for (int i = 0; i < expected.outputs().size(); i++) {
            assertSameBits(
                    "output " + i, expected.outputs().get(i), found.outputs().get(i));
        }
        for (int i : present(expected.inputGradients())) {
            assertSameBits(
                    "gradient of input " + i,
                    expected.inputGradients().get(i),
                    found.inputGradients().get(i));
        }
        assertSame(expected.weightGradients(), found.weightGradients());
    }
}
