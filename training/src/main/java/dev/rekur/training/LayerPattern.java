package dev.rekur.training;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import dev.rekur.graph.Graph;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Names of layers; those of layers inside a nested model are paths, {@code encoder/dense}.
 *
 * @param text what was asked for; {@code *} stands for any characters
 */
record LayerPattern(String text, Pattern pattern) {
    static LayerPattern of(String text) {
        StringBuilder expression = new StringBuilder();
        for (String part : text.split("\\*", -1)) {
            expression.append(expression.length() == 0 ? "" : ".*").append(part.isEmpty() ? "" : Pattern.quote(part));
            if (expression.length() == 0) {
                expression.append("(?:)"); // a star at the beginning
            }
        }
        return new LayerPattern(text, Pattern.compile(expression.toString()));
    }

    /**
     * The layers of a model that have such names.
     *
     * @throws InvalidInputException if there are none
     */
    List<String> matching(Graph graph) {
        List<String> names = graph.layerPaths();
        List<String> found =
                names.stream().filter(name -> pattern.matcher(name).matches()).toList();
        if (found.isEmpty()) {
            throw new InvalidInputException("no layer is called '" + text + "'" + Misspelling.among(names, text)
                    + ". '*' stands for any characters");
        }
        return found;
    }
}
