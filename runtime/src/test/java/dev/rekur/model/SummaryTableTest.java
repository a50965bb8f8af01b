package dev.rekur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.SummaryTable.Align;
import dev.rekur.model.SummaryTable.Column;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
    /** Tables of fixtures/generate/summaries.py. */
    private static final int TABLES = 49;

    @Test
    void drawsWhatKerasDrawsForNamesAndWidthsOfAllKinds() throws IOException {
        String[] cases = goldenText().split("(?m)^@ ");
        for (int i = 1; i < cases.length; i++) {
            String[] halves = cases[i].split("(?m)^=\n", 2);
            assertThat(draw(halves[0])).as("table %d: %s", i, halves[0]).isEqualTo(halves[1]);
        }
        assertThat(cases).hasSize(TABLES + 1);
    }

    @Test
    void refusesALineTooShortForItsColumns() {
        assertThatThrownBy(() -> new SummaryTable(columns("Layer (type)|Output Shape|Param #"), 9))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line length 9")
                .hasMessageContaining("Choose a greater line length");
    }

    private static String draw(String golden) {
        String[] lines = golden.split("\n");
        int space = lines[0].indexOf(' ');
        SummaryTable table = new SummaryTable(
                columns(lines[0].substring(space + 1)), Integer.parseInt(lines[0].substring(0, space)));
        for (int i = 1; i < lines.length; i++) {
            table.add(List.of(lines[i].split("\\|")));
        }
        return table.text();
    }

    private static List<Column> columns(String headers) {
        boolean trainable = headers.endsWith("Trainable");
        boolean connected = headers.contains("Connected");
        double[] ends = connected ? new double[] {0.3, 0.56, 0.74, 1.0} : new double[] {0.45, 0.80, 1.0};
        List<Column> columns = new ArrayList<>();
        for (String header : headers.split("\\|")) {
            Align align =
                    switch (header) {
                        case "Param #" -> Align.RIGHT;
                        case "Trainable" -> Align.CENTER;
                        default -> Align.LEFT;
                    };
            double end = header.equals("Trainable") ? 1.0 : ends[columns.size()] * (trainable ? 0.90 : 1.0);
            columns.add(new Column(header, align, end));
        }
        return columns;
    }

    private static String goldenText() throws IOException {
        try (InputStream text = SummaryTableTest.class.getResourceAsStream("summary-tables.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
