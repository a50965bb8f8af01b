package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.LayerContract;
import org.junit.jupiter.api.Test;

class DropoutTest extends LayerContract {
    DropoutTest() {
        super("Dropout");
    }

    @Test
    void inferenceLeavesItOut() {
        assertThat(read(minimalWith("rate", 0.5)).isIdentityInInference()).isTrue();
    }

    @Test
    void aRateThatIsNoFractionIsAProblem() {
        assertThat(problemsWith("rate", 1.5).toString()).contains("'rate'").contains("1.5");
        assertThat(problemsWith("rate", -0.1)).hasSize(1);
        assertThat(problemsWith("rate", null)).hasSize(1);
    }
}
