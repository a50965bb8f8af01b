package dev.rekur.layer.text;

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

/**
 * Turns texts into indices of their words, or into vectors that count them: standardizes each text, splits it into words,
 * joins these to n-grams, looks each up, and encodes the indices.
 *
 * <pre>
 * [batch] or [batch, 1]   -> int:                       [batch, longest of the batch or outputSequenceLength]
 *                         -> multi_hot, count, tf_idf:  [batch, depth]
 * [batch, words], unsplit -> the same, and one_hot:     [batch, words, depth], or [batch, depth] for one word
 * </pre>
 *
 * <p>Index 0 fills rows up, 1 is for unknown words; encoded as vectors, 0 is for unknown words and nothing fills up.
 *
 * <p>Follows {@code keras/src/layers/preprocessing/text_vectorization.py} of Keras 3.15 on TensorFlow. For inputs {@code
 * [batch, 1]} that are split and counted, Keras announces {@code [batch, 1, depth]} and computes {@code [batch, depth]};
 * Rekur announces what it computes. What Keras makes ragged, and texts that it mixes across the batch, Rekur refuses.
 *
 * @param standardization what is done to a text first
 * @param splitting how it is split
 * @param ngrams how words are joined
 * @param outputSequenceLength indices in a row, which are cut off or filled up; -1 for the longest row of the batch
 * @param vocabulary the words
 * @param encoding what is put out
 */
public record TextVectorization(
        Standardization standardization,
        Splitting splitting,
        Ngrams ngrams,
        int outputSequenceLength,
        Vocabulary vocabulary,
        Encoding encoding)
        implements TextLayer {
    private static final String MASK_TOKEN = "";
    private static final String OOV_TOKEN = "[UNK]";

    public static TextVectorization fromConfig(LayerConfig config) {
        VocabularyReader reader = new VocabularyReader(config, MASK_TOKEN, OOV_TOKEN, UnknownWords.ONE);
        Splitting splitting = Splitting.read(config);
        Encoding encoding = reader.encoding();
        int length = config.integer("output_sequence_length", 0, Shape.UNKNOWN);
        if (length >= 0 && !encoding.isInt()) {
            config.problem("'output_sequence_length' without output_mode 'int'", "Leave it out, or set output_mode.");
        }
        if (config.flag("ragged", false)) {
            config.problem("'ragged' output is not supported", "Set ragged=False.");
        }
        if (encoding.mode() == OutputMode.ONE_HOT && splitting != Splitting.NONE) {
            config.problem(
                    "output_mode 'one_hot' of texts that are split makes a ragged tensor, which is not supported",
                    "Use output_mode='int' and an output_sequence_length, or split=None.");
        }
        return new TextVectorization(
                Standardization.read(config), splitting, Ngrams.read(config), length, reader.vocabulary(), encoding);
    }

    @Override
    public String className() {
        return "TextVectorization";
    }

    /** Keeps the dimension of 1 that texts come with. */
    @Override
    public List<Shape> inferredShapes(List<Shape> inputs) {
        Shape input = inputs.get(0);
        Shape computed = outputShapes(inputs).get(0);
        if (encoding.isInt()) {
            return List.of(Shape.of(input.dimension(0), outputSequenceLength));
        }
        if (splitting == Splitting.NONE) {
            return List.of(computed);
        }
        int[] dimensions = input.dimensions();
        int[] longer = Arrays.copyOf(dimensions, dimensions.length + (encoding.mode() == OutputMode.ONE_HOT ? 2 : 1));
        longer[dimensions.length] = Shape.UNKNOWN;
        longer[longer.length - 1] = computed.last();
        return List.of(Shape.of(longer));
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = TextShapes.only(inputs);
        int batch = input.dimension(0);
        boolean split = splitting != Splitting.NONE;
        if (input.rank() > 2 || split && input.rank() == 2 && input.last() != 1 && input.last() != Shape.UNKNOWN) {
            throw new ShapeMismatchException(
                    "expected texts [batch" + (split ? "] or [batch, 1]" : ", words]") + ", found " + input,
                    "Give the Input the shape (1,).");
        }
        if (input.rank() == 1 && !split) {
            requireRowsAlone(input);
            return List.of(encoding.isInt() ? input : Shape.of(batch, encoding.depth()));
        }
        if (encoding.isInt()) {
            return List.of(
                    Shape.of(batch, outputSequenceLength)); // as Keras says, also if the number of words is known
        }
        if (split) {
            return List.of(Shape.of(batch, encoding.depth()));
        }
        int words = words(input.last());
        boolean vectors = encoding.mode() == OutputMode.ONE_HOT && words != 1;
        return List.of(vectors ? Shape.of(batch, words, encoding.depth()) : Shape.of(batch, encoding.depth()));
    }

    /** On a single dimension, whatever joins words would join those of different rows. */
    private void requireRowsAlone(Shape input) {
        if (encoding.mode().sumsRows() || !ngrams.areSingleWords() || outputSequenceLength >= 0) {
            throw new ShapeMismatchException(
                    "expected texts [batch, words], found " + input
                            + ": without splitting, Keras would mix the texts of a batch",
                    "Give the Input the shape (1,).");
        }
    }

    /** N-grams of a row of unsplit texts. */
    private int words(int texts) {
        if (texts == Shape.UNKNOWN || ngrams.areSingleWords()) {
            return texts;
        }
        long count = ngrams.count(texts);
        if (count > Integer.MAX_VALUE) {
            throw new ShapeMismatchException(
                    texts + " words have " + count + " n-grams, more than Rekur can count", "Set a smaller ngrams.");
        }
        return (int) count;
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return encoding.isInt() ? ValueKind.INT : ValueKind.FLOAT;
    }

    @Override
    public Tensor transform(String layerName, TextTensor texts) {
        String where = "layer '" + layerName + "' (TextVectorization)";
        Shape shape = TextShapes.output(where, this, texts.shape());
        int rows = texts.shape().dimension(0);
        Rows source = new Rows(
                where, texts, rows == 0 ? 0 : texts.size() / rows, new Tokenizer(standardization, splitting, ngrams));
        if (!encoding.isInt()) {
            return vectors(where, shape, rows, source);
        }
        if (shape.isKnown()) {
            return rectangle(where, shape, rows, source);
        }
        int shortest = splitting == Splitting.NONE ? words(texts.shape().last()) : 0;
        return asLongAsTheLongest(where, rows, shortest, source);
    }

    private Tensor vectors(String where, Shape shape, int rows, Rows source) {
        float[] y = new float[TextShapes.size(where, shape)];
        int perRow = rows == 0 ? 0 : y.length / rows;
        boolean each = encoding.mode() == OutputMode.ONE_HOT;
        int[] indices = new int[64];
        for (int b = 0; b < rows; b++) {
            Slices words = source.read(b, Integer.MAX_VALUE);
            if (indices.length < words.count()) {
                indices = new int[words.count()];
            }
            for (int t = 0; t < words.count(); t++) {
                indices[t] = source.index(words, t);
                if (each) {
                    encoding.write(indices, t, t + 1, y, b * perRow + t * encoding.depth());
                }
            }
            if (!each) {
                encoding.write(indices, 0, words.count(), y, b * perRow);
            }
        }
        return FloatTensor.wrap(shape, y);
    }

    private static Tensor rectangle(String where, Shape shape, int rows, Rows source) {
        int[] y = new int[TextShapes.size(where, shape)];
        int perRow = rows == 0 ? 0 : y.length / rows;
        for (int b = 0; b < rows; b++) {
            Slices words = source.read(b, perRow);
            for (int t = 0; t < Math.min(perRow, words.count()); t++) {
                y[b * perRow + t] = source.index(words, t);
            }
        }
        return IntTensor.wrap(shape, y);
    }

    private static Tensor asLongAsTheLongest(String where, int rows, int shortest, Rows source) {
        int[] indices = new int[256];
        int[] ends = new int[rows];
        int count = 0;
        int longest = shortest;
        for (int b = 0; b < rows; b++) {
            Slices words = source.read(b, Integer.MAX_VALUE);
            for (int t = 0; t < words.count(); t++) {
                if (count == indices.length) {
                    indices = Arrays.copyOf(indices, Slices.grown(count));
                }
                indices[count++] = source.index(words, t);
            }
            ends[b] = count;
            longest = Math.max(longest, words.count());
        }
        Shape shape = Shape.of(rows, longest);
        int[] y = new int[TextShapes.size(where, shape)];
        int from = 0;
        for (int b = 0; b < rows; b++) {
            System.arraycopy(indices, from, y, b * longest, ends[b] - from);
            from = ends[b];
        }
        return IntTensor.wrap(shape, y);
    }

    /** The rows of one call, which share a buffer. */
    private final class Rows {
        private final String where;
        private final TextTensor texts;
        private final int perRow;
        private final Tokenizer tokenizer;

        Rows(String where, TextTensor texts, int perRow, Tokenizer tokenizer) {
            this.where = where;
            this.texts = texts;
            this.perRow = perRow;
            this.tokenizer = tokenizer;
        }

        Slices read(int row, int limit) {
            tokenizer.startRow();
            for (int i = row * perRow; i < (row + 1) * perRow; i++) {
                tokenizer.add(TextShapes.text(where, texts, i), limit);
            }
            return tokenizer.finishRow(limit);
        }

        int index(Slices words, int word) {
            return vocabulary.index(tokenizer.buffer(), words.start(word), words.end(word));
        }
    }
}
