package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SnakeCaseTest {
    @Test
    void classNamesBecomeGroupsAsInKeras() {
        Map.ofEntries( // by keras.src.utils.naming.to_snake_case
                        Map.entry("Dense", "dense"),
                        Map.entry("SimpleRNN", "simple_rnn"),
                        Map.entry("LSTM", "lstm"),
                        Map.entry("GRU", "gru"),
                        Map.entry("LSTMCell", "lstm_cell"),
                        Map.entry("BatchNormalization", "batch_normalization"),
                        Map.entry("ReLU", "re_lu"),
                        Map.entry("LeakyReLU", "leaky_re_lu"),
                        Map.entry("PReLU", "p_re_lu"),
                        Map.entry("ELU", "elu"),
                        Map.entry("Conv1D", "conv1d"),
                        Map.entry("ConvLSTM1D", "conv_lstm1d"),
                        Map.entry("GlobalAveragePooling1D", "global_average_pooling1d"),
                        Map.entry("TextVectorization", "text_vectorization"),
                        Map.entry("My-Layer_X", "my_layer_x"))
                .forEach((name, group) -> assertThat(SnakeCase.of(name)).isEqualTo(group));
    }
}
