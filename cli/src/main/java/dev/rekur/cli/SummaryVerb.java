package dev.rekur.cli;

import dev.rekur.error.Problem;
import dev.rekur.format.ModelReading;
import dev.rekur.model.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur summary}: what Keras prints for the model. */
@Command(name = "summary", description = "Prints the table that Keras prints for the model.")
final class SummaryVerb extends Verb {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Option(
            names = "--line-length",
            paramLabel = "N",
            description = "Characters in a line (default " + Summary.LINE_LENGTH + ", as Keras in 80 columns).")
    private int lineLength = Summary.LINE_LENGTH;

    @Option(names = "--show-trainable", description = "Show which layers can be trained.")
    private boolean showTrainable;

    @Option(names = "--expand-nested", description = "Show the layers of models inside the model.")
    private boolean expandNested;

    @Option(
            names = "--optimizer",
            description = "Count the optimizer's variables too, as Keras does for a model it has loaded.")
    private boolean optimizer;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    SummaryVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        ModelReading reading = model.read();
        Summary summary = reading.summary()
                .orElseThrow(() -> Problem.exception(reading.source(), reading.problems()))
                .lineLength(lineLength);
        summary = showTrainable ? summary.showTrainable() : summary;
        summary = expandNested ? summary.expandNested() : summary;
        summary = optimizer ? summary.optimizer() : summary;
        print(json ? JsonText.of(object(summary)) : summary.toString());
        if (!reading.problems().isEmpty() && !verbosity().isQuiet()) {
            terminal()
                    .err()
                    .println("warning: " + reading.source() + " cannot be run:"
                            + CommandWords.lines(reading.problems()));
        }
        return CommandRunner.DONE;
    }

    private Map<String, @Nullable Object> object(Summary summary) {
        Summary.Parameters parameters = summary.parameters();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("model", model.name());
        object.put("name", summary.modelName());
        object.put("layers", summary.layers().stream().map(SummaryVerb::object).toList());
        object.put("total_params", parameters.total());
        object.put("trainable_params", parameters.trainable());
        object.put("non_trainable_params", parameters.nonTrainable());
        if (optimizer) {
            object.put("optimizer_params", parameters.optimizer());
        }
        return object;
    }

    private static Map<String, @Nullable Object> object(Summary.LayerRow layer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", layer.name());
        object.put("class_name", layer.className());
        object.put("supported", layer.supported());
        object.put("output_shape", layer.outputShape());
        object.put("params", layer.parameters().isPresent() ? layer.parameters().getAsLong() : null);
        object.put("trainable", layer.trainable());
        object.put("connected_to", List.copyOf(layer.connectedTo()));
        return object;
    }
}
