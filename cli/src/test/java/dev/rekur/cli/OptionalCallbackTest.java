package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.callback.EarlyStopping;
import org.junit.jupiter.api.Test;

class OptionalCallbackTest {
    @Test
    void saysWhatTheCallbackInItDoesWithTheBestWeights() {
        EarlyStopping restoring = EarlyStopping.on("val_loss").restoreBestWeights();
        assertThat(new OptionalCallback(restoring).restoresBestOfValidation()).isTrue();
        assertThat(new OptionalCallback(EarlyStopping.on("loss").restoreBestWeights()).restoresBestOfValidation())
                .as("the best of the training, which a finding of overfitting is not about")
                .isFalse();
        assertThat(new OptionalCallback(EarlyStopping.create()).restoresBestOfValidation())
                .isFalse();
        assertThat(new OptionalCallback(null).restoresBestOfValidation()).isFalse();
    }
}
