package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrainingPaceTest {
    private static final long SECOND = 1_000_000_000;

    private final TrainingPace pace = new TrainingPace();

    @Test
    void theFirstEpochIsReckonedByItsBatches() {
        pace.trainBegin(0);
        pace.epochBegin(0);
        // 5 of 10 batches in 2 seconds: 2 seconds more, and 4 for each of the two epochs after
        assertThat(pace.stepsPerSecond(2 * SECOND, 4)).isEqualTo(2.5);
        assertThat(pace.secondsLeft(2 * SECOND, 4, 10, 0, 3)).isCloseTo(10, within(1e-9));
        assertThat(pace.secondsLeft(2 * SECOND, 4, 0, 0, 3)).isNaN();
    }

    @Test
    void laterEpochsAreReckonedByWholeOnesWithTheirValidation() {
        pace.trainBegin(0);
        pace.epochBegin(0);
        pace.epochEnd(6 * SECOND);
        pace.epochBegin(6 * SECOND);
        // 1 second into the second of three epochs of 6 seconds
        assertThat(pace.secondsLeft(7 * SECOND, 2, 10, 1, 3)).isCloseTo(11, within(1e-9));
        assertThat(pace.secondsLeft(20 * SECOND, 9, 10, 2, 3)).isZero();
    }

    @Test
    void anEpochThatWasCutIsReckonedByTheBatchesSince() {
        pace.trainBegin(0);
        pace.epochResumed(0, 6);
        assertThat(pace.stepsPerSecond(2 * SECOND, 7)).isEqualTo(1);
        assertThat(pace.secondsLeft(2 * SECOND, 7, 10, 0, 1)).isCloseTo(2, within(1e-9));
    }

    @Test
    void aClockThatStandsStillGivesNoSpeed() {
        pace.trainBegin(5);
        pace.epochBegin(5);
        assertThat(pace.stepsPerSecond(5, 0)).isNaN();
    }
}
