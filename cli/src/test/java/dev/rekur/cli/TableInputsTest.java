package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns of numbers as inputs; which columns, and what is refused. */
class TableInputsTest {
    /** Two inputs, {@code title} of 4 values (layer IT) and {@code body} of 3 (layer IS). */
    private static final String MODEL = CommandLineRun.golden("names_of_dictionaries", "model.keras");

    private static final String HEAD = "title_0,title_1,title_2,title_3,IS,other\n";

    @TempDir
    private Path folder;

    private CommandLineRun predict(String table, String... words) throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), table);
        String[] all = new String[4 + words.length];
        all[0] = "predict";
        all[1] = MODEL;
        all[2] = "--input";
        all[3] = file.toString();
        System.arraycopy(words, 0, all, 4, words.length);
        return CommandLineRun.of(all);
    }

    @Test
    void numberedColumnsSequencesAndChosenColumnsAreTheSame() throws IOException {
        String want = predict(HEAD + "1,2,3,4,5 6 7,any\n").out();

        assertThat(want).contains("float32 [1, 3]");
        assertThat(predict(",title,body\n0,\"[1, 2, 3, 4]\",[5. 6. 7.]\n").out())
                .isEqualTo(want);
        assertThat(predict("d,c,b,a,b1,b2,b3\n4,3,2,1,5,6,7\n", "--columns", "title=a+b+c+d,IS=b1+b2+b3")
                        .out())
                .isEqualTo(want);
        assertThat(predict("p1,p2,p3,p4,body\n1,2,3,4e0,5 6 7\n", "--columns", "title=p*")
                        .out())
                .isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title,body;1 2 3,4 5 6              | 4 values a row, found 3",
                "title,body;1 2 3 4,5 6 x            | row 0, column 'body': expected a number",
                "title,body;1 2 3 4,5 6 7;1 2 3,1 2 3 | row 1: expected 4 numbers as in row 0, found 3",
                "title,body;1 2 3 4,                 | found nothing",
                "title,body;1 2 3 4,1e99 1 1         | in the range of a 32-bit float",
                "title,body;1 2 3 4,1d 1 1           | expected a number",
                "title,other;1 2 3 4,5               | expected a column 'body', found title, other; body_0, body_1",
                "0.5,0.25;1,2                        | names the columns, found numbers",
                "title,body                          | the data has no rows"
            })
    void whatDoesNotFitIsRefusedWithItsPlace(String table, String message) throws IOException {
        CommandLineRun run = predict(table.replace(';', '\n'));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }
}
