package dev.rekur.layer.text;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.TextLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the index of each text as it stands, or encodes the indices as vectors.
 *
 * <pre>
 * int:                      [batch, ...]   -> [batch, ...]
 * one_hot:                  [batch, ...]   -> [batch, ..., depth], a last dimension of 1 replaced
 * multi_hot, count, tf_idf: [batch, words] -> [batch, depth]
 * </pre>
 *
 * <p>A text that the vocabulary lacks has the index that such texts share; the hash of the text chooses if they share
 * several; if they have none it is refused.
 *
 * <p>Follows {@code keras/src/layers/preprocessing/string_lookup.py} and {@code index_lookup.py} of Keras 3.15 on
 * TensorFlow. Refused are {@code invert}, which puts out texts, and to sum over other shapes than {@code [batch, words]},
 * for which Keras computes another shape than it announces, or sums over the batch.
 *
 * @param vocabulary the texts
 * @param encoding what is put out
 */
public record StringLookup(Vocabulary vocabulary, Encoding encoding) implements TextLayer {
    public static StringLookup fromConfig(LayerConfig config) {
        if (config.flag("invert", false)) {
            config.problem(
                    "'invert' is not supported: the layer would put out texts",
                    "Let the model end in indices, and look them up in the vocabulary in the caller's code.");
        }
        config.oneOf("vocabulary_dtype", "string", List.of("string"));
        config.acknowledge("oov_method"); // chooses among the hashes of integers
        UnknownWords unknownWords = new UnknownWords(config.integer("num_oov_indices", 0, 1), salt(config));
        String oovToken = config.values().containsKey("oov_token") ? config.text("oov_token") : "[UNK]";
        VocabularyReader reader = new VocabularyReader(config, config.text("mask_token"), oovToken, unknownWords);
        return new StringLookup(reader.vocabulary(), reader.encoding());
    }

    /** A number, which is both halves of the key, or two. */
    private static @Nullable SipHash salt(LayerConfig config) {
        Object value = config.raw("salt");
        if (value == null) {
            return null;
        }
        Object unwrapped = value instanceof Map<?, ?> tuple ? tuple.get("items") : value;
        List<?> numbers = unwrapped instanceof List<?> list ? list : Arrays.asList(unwrapped, unwrapped);
        if (numbers.size() == 2 && isLong(numbers.get(0)) && isLong(numbers.get(1))) {
            return new SipHash(((Number) numbers.get(0)).longValue(), ((Number) numbers.get(1)).longValue());
        }
        config.problem(
                "'salt': expected a whole number or two, found " + VocabularyReader.brief(String.valueOf(value)),
                "Check the model that wrote the file",
                "docs/TROUBLESHOOTING.md#configuration-value");
        return null;
    }

    private static boolean isLong(@Nullable Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    @Override
    public String className() {
        return "StringLookup";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = TextShapes.only(inputs);
        if (encoding.isInt()) {
            return List.of(input);
        }
        if (encoding.mode().sumsRows()) {
            if (input.rank() != 2) {
                throw new ShapeMismatchException(
                        "expected texts [batch, words] to sum up, found " + input,
                        "Give the Input the shape (words,), (1,) for single words.");
            }
            return List.of(Shape.of(input.dimension(0), encoding.depth()));
        }
        if (input.rank() > 1 && input.last() == 1) {
            return List.of(input.with(-1, encoding.depth()));
        }
        int[] vectors = Arrays.copyOf(input.dimensions(), input.rank() + 1);
        vectors[input.rank()] = encoding.depth();
        return List.of(Shape.of(vectors));
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return encoding.isInt() ? ValueKind.INT : ValueKind.FLOAT;
    }

    @Override
    public Tensor transform(String layerName, TextTensor texts) {
        String where = "layer '" + layerName + "' (StringLookup)";
        Shape shape = TextShapes.output(where, this, texts.shape());
        int size = TextShapes.size(where, shape);
        int[] indices = new int[texts.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = vocabulary.index(TextShapes.text(where, texts, i));
            if (indices[i] == Vocabulary.UNKNOWN) {
                throw unknown(where, texts, i);
            }
        }
        if (encoding.isInt()) {
            return IntTensor.wrap(shape, indices);
        }
        float[] y = new float[size];
        int perVector = encoding.mode().sumsRows() ? texts.shape().dimension(1) : 1;
        int vectors = encoding.mode().sumsRows() ? texts.shape().dimension(0) : indices.length;
        for (int i = 0; i < vectors; i++) {
            encoding.write(indices, i * perVector, (i + 1) * perVector, y, i * encoding.depth());
        }
        return FloatTensor.wrap(shape, y);
    }

    private InvalidInputException unknown(String where, TextTensor texts, int index) {
        return new InvalidInputException(
                where + ": expected one of the " + vocabulary.words().size()
                        + " texts of the vocabulary, found '" + VocabularyReader.brief(texts.get(index)) + "' at "
                        + TextShapes.place(texts, index)
                        + ". Pass known texts only, or save the model with num_oov_indices=1, which gives unknown ones an index");
    }
}
