package dev.rekur.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a table belongs to the model. */
final class TableOptions {
    @Option(
            names = "--columns",
            paramLabel = "NAME=COLUMN,...",
            description =
                    "Which columns of a table are which input or output: --columns label=section,x=width+height or"
                            + " --columns 'x=pixel*'. Without it: a column of that name, or columns NAME_0, NAME_1, ...; the only"
                            + " input is also called text or x, the only output label or y; and the only input takes all columns that"
                            + " nothing else takes, in their order. A cell may hold a sequence: 3 17 5.")
    private @Nullable String columns;

    @Option(
            names = "--rows",
            paramLabel = "COLUMN=VALUE,...",
            description = "Take these rows of a table alone: --rows split=train.")
    private @Nullable String rows;

    /** The columns that the user names, by input or output. */
    Map<String, String> columns() {
        return settings("--columns", columns);
    }

    /** What the columns of the rows to take must hold; empty for all rows. */
    Map<String, String> rows() {
        return settings("--rows", rows);
    }

    /** Settings of an option that may be missing. */
    static Map<String, String> settings(String option, @Nullable String text) {
        return text == null ? Map.of() : KeyValues.parse(option, text);
    }
}
