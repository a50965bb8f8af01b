package dev.rekur.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TeamTest {
    private static final int TASKS = 13;

    /** Runs many rounds and looks that each task ran once in each. */
    private static void assertRunsEachTaskOnce(Executor executor, int threads) {
        try (Team team = new Team(executor, threads)) {
            for (int round = 0; round < 20_000; round++) {
                int count = round % TASKS;
                AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);
                team.run(count, runs::incrementAndGet);
                for (int task = 0; task < TASKS; task++) {
                    assertThat(runs.get(task)).isEqualTo(task < count ? 1 : 0);
                }
            }
        }
    }

    @Test
    void eachTaskOfEachRoundRunsOnce() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            assertRunsEachTaskOnce(executor, 1);
            assertRunsEachTaskOnce(executor, 2);
            assertRunsEachTaskOnce(executor, 4);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anExecutorWithTooFewThreadsOrNoneCostsSpeedOnly() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            assertRunsEachTaskOnce(one, 5);
        } finally {
            one.shutdownNow();
        }
        assertRunsEachTaskOnce(Runnable::run, 3);
        Queue<Runnable> never = new ArrayDeque<>();
        assertRunsEachTaskOnce(never::add, 3);
        assertRunsEachTaskOnce(
                task -> {
                    throw new RejectedExecutionException();
                },
                3);
    }

    @Test
    void itsThreadsGoBackToTheExecutorWhenItIsClosed() throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Team team = new Team(executor, 3);
            team.run(8, task -> {});
            Thread.sleep(20); // long enough for members to sleep
            team.run(8, task -> {});
            team.close();
            CountDownLatch free = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                executor.execute(() -> {
                    free.countDown();
                    try {
                        free.await(); // needs both threads at once
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(free.await(30, TimeUnit.SECONDS)).isTrue();
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anExecutorThatIsShutDownInTheMiddleCostsSpeedOnly() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Team team = new Team(executor, 3)) {
            for (int round = 0; round < 2000; round++) {
                if (round == 1000) {
                    executor.shutdownNow();
                }
                AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);
                team.run(TASKS, runs::incrementAndGet);
                for (int task = 0; task < TASKS; task++) {
                    assertThat(runs.get(task)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aFailureIsThrownWhenAllTasksAreDone() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Team team = new Team(executor, 3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);
            assertThatThrownBy(() -> team.run(TASKS, task -> {
                        runs.incrementAndGet(task);
                        if (task == 5) {
                            throw new IllegalStateException("task 5");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("task 5");
            for (int task = 0; task < TASKS; task++) {
                assertThat(runs.get(task)).isEqualTo(1);
            }
            team.run(TASKS, runs::incrementAndGet); // and the next round knows nothing of it
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void ofSeveralFailuresThatOfTheFirstTaskIsThrown() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Team team = new Team(executor, 3)) {
            for (int round = 0; round < 200; round++) {
                assertThatThrownBy(() -> team.run(TASKS, task -> {
                            if (task >= 3) {
                                throw new IllegalStateException("task " + task);
                            }
                        }))
                        .hasMessage("task 3");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anInterruptIsKeptForLaterAndEndsNoRoundEarly() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Team team = new Team(executor, 3)) {
            Thread.currentThread().interrupt();
            AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);
            team.run(TASKS, task -> {
                runs.incrementAndGet(task);
                Thread.yield();
            });
            for (int task = 0; task < TASKS; task++) {
                assertThat(runs.get(task)).isEqualTo(1);
            }
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            executor.shutdownNow();
        }
    }
}
