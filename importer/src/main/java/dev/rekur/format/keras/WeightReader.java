package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads single weights, after comparing what the file declares with what the configuration implies. */
final class WeightReader {
    private final ModelConfig model;

    WeightReader(ModelConfig model) {
        this.model = model;
    }

    /**
     * The weight; nothing is allocated before its shape is known to be right.
     *
     * @param path where it is expected, for messages
     * @param finder finds it
     */
    FloatTensor read(GraphLayer layer, WeightSpec spec, String path, Supplier<Optional<Hdf5Dataset>> finder) {
        Hdf5Dataset dataset = named(layer, spec, finder).orElseThrow(() -> missing(layer, spec, path));
        if (!dataset.hasShape(spec.shape())) {
            throw new ModelFormatException(
                    who(layer, spec) + " at " + dataset.path(),
                    "expected shape " + spec.shape() + ", found " + dataset.shapeText(),
                    hint(layer, spec.shape(), dataset.dimensions()),
                    "docs/TROUBLESHOOTING.md#weight-shape");
        }
        if (!dataset.isNumeric()) {
            throw new ModelFormatException(
                    who(layer, spec) + " at " + dataset.path(),
                    "expected numbers, found " + dataset.elementType(),
                    "Save the model again.",
                    "docs/TROUBLESHOOTING.md#weight-type");
        }
        return named(layer, spec, dataset::floats);
    }

    /** Shape of an array as the file declares it; empty if it has more elements than an array can hold. */
    static Optional<Shape> shape(Hdf5Dataset dataset) {
        long[] extents = dataset.dimensions();
        try {
            Shape shape =
                    Shape.of(Arrays.stream(extents).mapToInt(Math::toIntExact).toArray());
            return shape.size() >= 0 ? Optional.of(shape) : Optional.empty();
        } catch (ArithmeticException uncountable) {
            return Optional.empty();
        }
    }

    /** Runs something that knows the file only, and names layer and weight in what goes wrong. */
    private <T> T named(GraphLayer layer, WeightSpec spec, Supplier<T> reading) {
        String who = who(layer, spec);
        try {
            return reading.get();
        } catch (ModelFormatException damaged) {
            throw damaged.within(who);
        } catch (UnsupportedModelException unsupported) {
            throw unsupported.within(who);
        }
    }

    /** Which Keras wrote the file. */
    int kerasMajor() {
        return model.kerasMajor();
    }

    /** A file that lacks a weight. */
    ModelFormatException missing(GraphLayer layer, WeightSpec spec, String path) {
        return new ModelFormatException(
                who(layer, spec),
                "expected an array of shape " + spec.shape() + " at " + path + ", found none",
                "Do configuration and weights belong together?",
                "docs/TROUBLESHOOTING.md#missing-weights");
    }

    /** A file with more weights than the configuration has. */
    ModelFormatException surplus(String who, String found) {
        return new ModelFormatException(
                model.source() + ": " + who,
                "expected no more weights, found " + found,
                "Do configuration and weights belong together?",
                "docs/TROUBLESHOOTING.md#surplus-weights");
    }

    private String who(GraphLayer layer, WeightSpec spec) {
        return model.source() + ": " + layer + " at " + place(layer.name()) + ", weight '" + spec.path() + "'";
    }

    /** JSON path of a layer. */
    String place(String layerName) {
        for (LayerEntry entry : model.entries()) {
            if (entry.name().equals(layerName)) {
                return entry.place();
            }
        }
        return model.place();
    }

    /** What is behind the mistakes that are common. */
    private static String hint(GraphLayer layer, Shape expected, long[] found) {
        String className = layer.layer().className();
        if (expected.rank() == 2 && found.length == 2) {
            if (expected.dimension(0) == found[1] && expected.dimension(1) == found[0]) {
                return "That is the transpose; were the weights written by something other than Keras?";
            }
            int units = expected.dimension(1) / ("LSTM".equals(className) ? 4 : "GRU".equals(className) ? 3 : 1);
            for (String other : new String[] {"SimpleRNN", "GRU", "LSTM"}) {
                int gates = other.equals("LSTM") ? 4 : other.equals("GRU") ? 3 : 1;
                boolean recurrent =
                        "LSTM".equals(className) || "GRU".equals(className) || "SimpleRNN".equals(className);
                if (recurrent
                        && !other.equals(className)
                        && found[0] == expected.dimension(0)
                        && found[1] == (long) gates * units) {
                    return "That is the shape of a " + other + "; was class_name edited?";
                }
            }
        }
        return "Do configuration and weights belong together?";
    }
}
