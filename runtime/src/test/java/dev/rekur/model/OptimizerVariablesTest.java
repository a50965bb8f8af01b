package dev.rekur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.ModelFormatException;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OptimizerVariablesTest {
    private static final List<OptimizerVariable> ONE = List.of(OptimizerVariable.whole("vars/0", 7));

    @Test
    void theyAreReadOnceAndNotBeforeTheyAreAskedFor() {
        AtomicInteger reads = new AtomicInteger();
        OptimizerVariables variables = OptimizerVariables.readBy(() -> {
            reads.incrementAndGet();
            return ONE;
        });
        CompileConfiguration compile = new CompileConfiguration(Map.of(), variables, 3);
        assertThat(reads).hasValue(0);
        assertThat(compile.optimizerVariables()).isEqualTo(ONE);
        assertThat(compile.optimizerVariables()).isEqualTo(ONE);
        assertThat(reads).hasValue(1);
    }

    @Test
    void thoseThatCannotBeReadAreLeftOut() {
        AtomicInteger reads = new AtomicInteger();
        OptimizerVariables variables = OptimizerVariables.readBy(() -> {
            reads.incrementAndGet();
            throw new ModelFormatException("vars/0", "damaged", "", "");
        });
        assertThat(variables.list()).isEmpty();
        assertThat(variables.list()).isEmpty();
        assertThat(reads).hasValue(1);
    }

    @Test
    void whatIsNoFaultOfTheFileIsThrown() {
        OptimizerVariables variables = OptimizerVariables.readBy(() -> {
            throw new OutOfMemoryError("in a test");
        });
        assertThatThrownBy(variables::list).isInstanceOf(OutOfMemoryError.class);
    }
}
