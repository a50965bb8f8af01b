package dev.rekur.layer.text;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.TextTensor;
import java.util.List;

/** What text layers require of the texts of a call, and of their shapes. */
final class TextShapes {
    private TextShapes() {}

    /** The only input of a layer, which has a batch. */
    static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1 || inputs.get(0).rank() == 0) {
            throw new ShapeMismatchException(
                    "expected one input [batch, ...] of texts, found " + inputs,
                    "Call the layer on a single tensor of texts.");
        }
        return inputs.get(0);
    }

    /**
     * The layer's output for texts of this shape.
     *
     * @throws InvalidInputException if the layer does not take such texts
     */
    static Shape output(String where, Layer layer, Shape texts) {
        try {
            return layer.outputShapes(List.of(texts)).get(0);
        } catch (ShapeMismatchException mismatch) {
            throw new InvalidInputException(where, mismatch.finding(), mismatch.remedy(), mismatch.link(), mismatch);
        }
    }

    /**
     * Number of elements of an output.
     *
     * @throws InvalidInputException if an array cannot hold them
     */
    static int size(String where, Shape output) {
        try {
            int size = output.size();
            HeapLimit.require(where + ": the output " + output, 4L * size);
            return size;
        } catch (ArithmeticException tooMany) {
            throw new InvalidInputException(
                    where + ": the output " + output + " has more elements than an array; pass fewer texts at once",
                    tooMany);
        }
    }

    /**
     * The text at a row-major index.
     *
     * @throws InvalidInputException if it is null
     */
    static String text(String where, TextTensor texts, int index) {
        String text = texts.get(index);
        if (text == null) {
            throw new InvalidInputException(where + ": expected a text, found null at " + place(texts, index));
        }
        return text;
    }

    /** Row and position of an element, for messages. */
    static String place(TextTensor texts, int index) {
        int perRow = texts.size() / texts.shape().dimension(0);
        return "row " + index / perRow + (perRow > 1 ? ", position " + index % perRow : "");
    }
}
