package dev.rekur.cli;

import dev.rekur.error.Problem;
import dev.rekur.format.ModelReading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur check}: whether a file can be run, and if not, everything that stands against it. */
@Command(name = "check", description = "Reports whether the model can be run, and every problem with its remedy.")
final class CheckVerb extends Verb {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    CheckVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        ModelReading reading = model.read();
        print(json ? JsonText.of(object(reading)) : text(reading));
        return reading.model().isPresent() ? CommandRunner.DONE : CommandRunner.USER;
    }

    private static String text(ModelReading reading) {
        StringBuilder text = new StringBuilder();
        text.append(reading.source()).append(": ").append(reading.format());
        text.append(", written by ").append(reading.writer()).append('\n');
        for (ModelReading.LayerReport layer : reading.layers()) {
            text.append(layer.supported() ? "  supported      " : "  not supported  ");
            text.append(layer.name()).append(" (").append(layer.className()).append(")\n");
        }
        List<Problem> problems = reading.problems();
        if (!problems.isEmpty()) {
            text.append(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:")
                    .append(CommandWords.lines(problems))
                    .append('\n');
        }
        return text.append(reading.model().isPresent() ? "The model can be run." : "The model cannot be run.")
                .toString();
    }

    private static Map<String, @Nullable Object> object(ModelReading reading) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("model", reading.source());
        object.put("format", reading.format());
        object.put("writer", reading.writer());
        object.put("runnable", reading.model().isPresent());
        object.put(
                "layers",
                reading.layers().stream()
                        .map(layer -> ordered(
                                "name", layer.name(), "class_name", layer.className(), "supported", layer.supported()))
                        .toList());
        object.put(
                "problems",
                reading.problems().stream()
                        .map(problem -> ordered(
                                "place", problem.place(),
                                "finding", problem.finding(),
                                "remedy", problem.remedy(),
                                "link", problem.link()))
                        .toList());
        return object;
    }

    private static Map<String, @Nullable Object> ordered(Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
