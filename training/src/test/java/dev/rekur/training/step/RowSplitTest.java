package dev.rekur.training.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowSplitTest {
    private final RowSplit split = new RowSplit(false);

    @Test
    void usualBatchesGiveFourShardsThenSixteenRowsThenEightShards() {
        assertThat(rows(0)).isEmpty();
        assertThat(rows(1)).containsExactly(1);
        assertThat(rows(8)).containsExactly(8);
        assertThat(rows(10)).containsExactly(8, 2);
        assertThat(rows(32)).containsExactly(8, 8, 8, 8);
        assertThat(rows(40)).containsExactly(12, 12, 12, 4);
        assertThat(rows(64)).containsExactly(16, 16, 16, 16);
        assertThat(rows(100)).containsExactly(16, 16, 16, 16, 16, 16, 4);
        assertThat(rows(128)).containsExactly(16, 16, 16, 16, 16, 16, 16, 16);
        assertThat(rows(1_000)).containsExactly(128, 128, 128, 128, 128, 128, 128, 104);
    }

    @Test
    void allRowsHaveTheirPlace() {
        for (int batch = 0; batch < 700; batch++) {
            int[] rows = rows(batch);
            assertThat(Arrays.stream(rows).sum()).isEqualTo(batch);
            assertThat(rows).hasSizeLessThanOrEqualTo(RowSplit.LARGEST);
            assertThat(split.largest())
                    .isEqualTo(Math.max(1, Arrays.stream(rows).max().orElse(0)));
            if (batch >= 4 * 16) {
                assertThat(rows).hasSizeGreaterThanOrEqualTo(4);
            }
            if (rows.length > 1) {
                assertThat(rows[0]).isGreaterThanOrEqualTo(rows.length > 4 ? 16 : 8);
            }
            int first = 0;
            for (int s = 0; s < rows.length; s++) {
                assertThat(split.firstRow(s)).isEqualTo(first);
                assertThat(rows[s] % 4 == 0 || s == rows.length - 1).isTrue();
                first += rows[s];
            }
        }
    }

    private int[] rows(int batch) {
        split.of(batch);
        return split.rows().clone();
    }

    @Test
    void rowsThatMatterToEachOtherStayTogether() {
        RowSplit whole = new RowSplit(true);
        whole.of(100);
        assertThat(whole.rows()).containsExactly(100);
        whole.of(3);
        assertThat(whole.rows()).containsExactly(3);
    }
}
