package dev.rekur.layer.standard;

import dev.rekur.layer.LayerRegistry;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.ActivityRegularization;
import dev.rekur.layer.core.AlphaDropout;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.GaussianDropout;
import dev.rekur.layer.core.GaussianNoise;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.core.SpatialDropout1D;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.merging.Average;
import dev.rekur.layer.merging.Subtract;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.operation.Any;
import dev.rekur.layer.operation.LogicalOr;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.layer.text.StringLookup;
import dev.rekur.layer.text.TextVectorization;
import java.util.Map;

/** The table of every layer that Rekur has, by Keras's class name. */
public final class StandardLayers {
    private static final LayerRegistry REGISTRY = LayerRegistry.of(Map.ofEntries(
            Map.entry("Activation", ActivationLayer::fromConfig),
            Map.entry("ActivityRegularization", ActivityRegularization::fromConfig),
            Map.entry("Add", Add::fromConfig),
            Map.entry("AlphaDropout", AlphaDropout::fromConfig),
            Map.entry("Average", Average::fromConfig),
            Map.entry("BatchNormalization", BatchNormalization::fromConfig),
            Map.entry("Bidirectional", Bidirectional::fromConfig),
            Map.entry("Dense", Dense::fromConfig),
            Map.entry("Dropout", Dropout::fromConfig),
            Map.entry("Embedding", Embedding::fromConfig),
            Map.entry("GRU", Gru::fromConfig),
            Map.entry("GaussianDropout", GaussianDropout::fromConfig),
            Map.entry("GaussianNoise", GaussianNoise::fromConfig),
            Map.entry("InputLayer", InputLayer::fromConfig),
            Map.entry("LSTM", Lstm::fromConfig),
            Map.entry("LayerNormalization", LayerNormalization::fromConfig),
            Map.entry("Masking", Masking::fromConfig),
            Map.entry("SimpleRNN", SimpleRnn::fromConfig),
            Map.entry("SpatialDropout1D", SpatialDropout1D::fromConfig),
            Map.entry("StringLookup", StringLookup::fromConfig),
            Map.entry("Subtract", Subtract::fromConfig),
            Map.entry("TextVectorization", TextVectorization::fromConfig),
            Map.entry("TimeDistributed", TimeDistributed::fromConfig),
            Map.entry("ops.Any", Any::fromConfig),
            Map.entry("ops.LogicalOr", LogicalOr::fromConfig),
            Map.entry("ops.NotEqual", NotEqual::fromConfig)));

    private StandardLayers() {}

    /** Every layer that Rekur has. */
    public static LayerRegistry registry() {
        return REGISTRY;
    }
}
