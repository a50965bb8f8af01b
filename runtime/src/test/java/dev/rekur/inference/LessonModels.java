package dev.rekur.inference;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import java.util.List;

/** The kinds of models people bring, small: text classifiers of stacked recurrent layers. */
enum LessonModels {
    STACKED,
    RESIDUAL,
    LSTM,
    GRU,
    /** Its embedding cannot be folded: the projection would be too large. */
    UNFOLDED;

    static final int VOCABULARY = 40;
    static final int CLASSES = 5;

    private static final RecurrentOptions SEQUENCES = new RecurrentOptions(true, false, false, false, false);
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);

    /** The model on token ids {@code [batch, time]}. */
    Model onTokens() {
        GraphScript script = new GraphScript(ordinal());
        Value tokens = script.input(ValueKind.INT, -1);
        int features = this == UNFOLDED ? 2 : 16;
        return end(script, script.call(new Embedding(VOCABULARY, features, this != RESIDUAL), tokens));
    }

    /** The model on vectors {@code [batch, time, 16]}. */
    Model onFloats() {
        GraphScript script = new GraphScript(ordinal());
        return end(script, script.input(ValueKind.FLOAT, -1, 16));
    }

    private Model end(GraphScript script, Value sequence) {
        Value x = sequence;
        switch (this) {
            case STACKED, UNFOLDED -> {
                x = script.call(recurrent(SEQUENCES), x);
                x = script.call(new Dropout(0.5), x);
                x = script.call(recurrent(SEQUENCES), x);
            }
            case RESIDUAL -> {
                for (int block = 0; block < 2; block++) {
                    Value inner = script.call(recurrent(SEQUENCES), x);
                    inner = script.call(new LayerNormalization(List.of(-1), 1e-3f, true, true, false), inner);
                    x = script.call(new Add(), x, inner);
                }
            }
            default -> x = script.call(recurrent(SEQUENCES), x);
        }
        x = script.call(recurrent(LAST), x);
        x = script.call(new Dense(16, Activation.RELU, true), x);
        return script.model(script.call(new Dense(CLASSES, Activation.SOFTMAX, true), x));
    }

    private Layer recurrent(RecurrentOptions options) {
        return switch (this) {
            case LSTM -> new Lstm(16, Activation.TANH, Activation.SIGMOID, true, options);
            case GRU -> new Gru(16, Activation.TANH, Activation.SIGMOID, true, true, options);
            default -> new SimpleRnn(16, Activation.TANH, true, options);
        };
    }
}
