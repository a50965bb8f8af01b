package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.LayerContract;
import org.junit.jupiter.api.Test;

class ActivityRegularizationTest extends LayerContract {
    ActivityRegularizationTest() {
        super("ActivityRegularization");
    }

    @Test
    void saysWhatTrainingIsToAddToTheLoss() {
        assertThat(read(minimalWith("l1", 0.5))).isEqualTo(new ActivityRegularization(0.5, 0));
        assertThat(read(minimalWith("l2", 0.25))).isEqualTo(new ActivityRegularization(0, 0.25));
    }

    @Test
    void inferenceLeavesItOut() {
        assertThat(read(minimalWith("l2", 0.5)).isIdentityInInference()).isTrue();
    }

    @Test
    void aNegativeOrInfiniteFactorIsAProblem() {
        assertThat(problemsWith("l1", -0.5).toString()).contains("'l1'").contains("-0.5");
        assertThat(problemsWith("l2", Double.POSITIVE_INFINITY)).hasSize(1);
    }
}
