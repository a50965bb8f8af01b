package dev.rekur.layer.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.ValueKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnyTest extends LayerContract {
    AnyTest() {
        super("ops.Any");
    }

    @Test
    void anAxisThatIsNotTheLastIsAProblem() {
        assertThat(problemsWith("axis", 1).toString()).contains("'axis'").contains("-1");
        assertThat(problemsWith("axis", null)).hasSize(1);
    }

    @Test
    void numbersAreRefused() {
        assertThatThrownBy(() -> new Any(false).outputKind(0, List.of(ValueKind.FLOAT)))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("flags");
    }
}
