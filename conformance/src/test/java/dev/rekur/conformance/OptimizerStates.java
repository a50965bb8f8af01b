package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** What an optimizer has kept, beside what Keras's has. */
final class OptimizerStates {
    private OptimizerStates() {}

    /** The optimizer's variables of a model that was trained. */
    static List<OptimizerVariable> of(Model model) {
        return model.compileConfiguration()
                .map(CompileConfiguration::optimizerVariables)
                .orElse(List.of());
    }

    /**
     * Compares them in Keras's order: whole numbers must be equal, others close.
     *
     * @param expected by {@code optimizer/0}, {@code optimizer/1}, ...
     */
    static void assertClose(String when, List<OptimizerVariable> got, Map<String, Tensor> expected, double tolerance) {
        assertThat(got).as(when + ": variables of the optimizer").hasSameSizeAs(expected.keySet());
        for (int i = 0; i < got.size(); i++) {
            String name = when + ": optimizer/" + i;
            Tensor want = expected.get("optimizer/" + i);
            assertThat(want).as(name).isNotNull();
            FloatTensor value = got.get(i).value();
            assertThat(value.shape()).as(name).isEqualTo(want.shape());
            if (want instanceof IntTensor whole) {
                assertThat(got.get(i).whole()).as(name).isEqualTo(whole.get(0));
                continue;
            }
            FloatTensor floats = (FloatTensor) want;
            for (int j = 0; j < value.size(); j++) {
                double a = value.get(j);
                double b = floats.get(j);
                boolean close = Double.compare(a, b) == 0 || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
                if (!close) {
                    Assertions.fail(name + "[" + j + "]: got " + a + ", Keras has " + b);
                }
            }
        }
    }
}
