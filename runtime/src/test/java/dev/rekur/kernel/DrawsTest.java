package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawsTest {
    private static final int COUNT = 1 << 18;

    @Test
    void allDrawsComeEquallyOften() {
        for (long key : keys()) {
            int[] counts = new int[256];
            int[] lowCounts = new int[256];
            for (int i = 0; i < COUNT; i++) {
                int draw = Draws.draw(key, i);
                assertThat(draw).isBetween(0, Draws.MASK);
                counts[draw >>> 8]++;
                lowCounts[draw & 255]++;
            }
            assertThat(chiSquare(counts)).isLessThan(350); // 255 degrees of freedom: exceeded once in 14,000
            assertThat(chiSquare(lowCounts)).isLessThan(350);
        }
    }

    /** Trainings that go on, and those that are repeated, need the same draws for ever. */
    @Test
    void drawsStayWhatTheyAre() {
        assertThat(Draws.word(0, 0)).isEqualTo(0x00000000);
        assertThat(Draws.word(1, 2)).isEqualTo(0x202bb070);
        assertThat(Draws.word(0x0123456789abcdefL, 1_000_000)).isEqualTo(0xd5df0970);
        assertThat(Draws.draw(1, 2)).isEqualTo(Draws.word(1, 2) & Draws.MASK);
        assertThat(Draws.draw(1, 2 + Draws.WORDS)).isEqualTo(Draws.word(1, 2) >>> 16);
        assertThat(Draws.draw(1, 2 + Draws.BLOCK)).isEqualTo(Draws.word(1, 2 + Draws.WORDS) & Draws.MASK);
    }

    @Test
    void dropoutKeepsWhatIsDrawnFromTheThresholdOn() {
        long key = RandomNumbers.key(1, 2);
        float[] ones = new float[75];
        Arrays.fill(ones, 1f);
        float[] kept = new float[75];
        ScalarKernels.INSTANCE.dropout(key, 30_000, 1.5f, ones, 2, kept, 3, 70);
        for (int i = 0; i < 70; i++) {
            assertThat(kept[3 + i]).isEqualTo(Draws.draw(key, i) < 30_000 ? 0f : 1.5f);
        }
        assertThat(new float[] {kept[0], kept[1], kept[2], kept[73], kept[74]}).containsOnly(0f);
    }

    /** Neighbours, the two halves of a word, blocks, and rows of usual lengths. */
    @Test
    void pairsAreIndependent() {
        for (int distance : new int[] {1, 2, 15, 16, 17, 32, 64, 100, 128, 4096}) {
            int[] counts = new int[256];
            for (int i = 0; i < COUNT; i++) {
                counts[(Draws.draw(5, i) >>> 12) * 16 + (Draws.draw(5, i + distance) >>> 12)]++;
            }
            assertThat(chiSquare(counts)).as("distance %d", distance).isLessThan(350);
        }
    }

    @Test
    void keysThatDifferInOneBitAreIndependent() {
        long key = RandomNumbers.key(1, 2);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long other = key ^ 1L << bit;
            int[] counts = new int[256];
            for (int i = 0; i < COUNT; i++) {
                counts[(Draws.draw(key, i) >>> 12) * 16 + (Draws.draw(other, i) >>> 12)]++;
            }
            assertThat(chiSquare(counts)).as("bit %d", bit).isLessThan(380); // once in a million
        }
    }

    /** What is kept of a row hardly varies more or less than a binomial variable does. */
    @Test
    void sharesOfRowsVaryAsTheyShould() {
        int rows = 20_000;
        int length = 128;
        double squares = 0;
        for (int row = 0; row < rows; row++) {
            long key = RandomNumbers.key(9, row);
            int kept = 0;
            for (int i = 0; i < length; i++) {
                kept += Draws.draw(key, i) >= 19_661 ? 1 : 0;
            }
            squares += Math.pow(kept - 0.7 * length, 2);
        }
        assertThat(squares / rows / (length * 0.7 * 0.3))
                .isCloseTo(1, within(0.05)); // five deviations of sqrt(2 / rows)
    }

    private static long[] keys() {
        return new long[] {0, 1, -1, 1L << 32, RandomNumbers.key(3, 4)};
    }

    private static double chiSquare(int[] counts) {
        double expected = (double) Arrays.stream(counts).sum() / counts.length;
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }
}
