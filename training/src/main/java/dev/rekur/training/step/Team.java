package dev.rekur.training.step;

import dev.rekur.training.variable.Tasks;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks on the calling thread and on threads of an executor, which stay from the first task until the team is closed: a
 * training has some fifty rounds of tasks in a step of a few milliseconds, and handing each to an executor anew would cost
 * more than many of them. Whoever is free takes the next task. A thread that the executor never gives costs speed, not the
 * result. Allocates nothing once its threads are there. Used by one thread at a time.
 */
public final class Team implements Tasks, AutoCloseable {
    private static final IntConsumer NOTHING = number -> {};

    /** How long threads wait for the next round before they sleep; waking them takes about as long. */
    private static final long AWAKE_NANOS = 100_000;

    private final Executor executor;
    private final Member[] members;
    private final boolean spins;
    /** Number of tasks of the round in the upper half, the next to be taken in the lower. */
    private final AtomicLong round = new AtomicLong();

    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile IntConsumer task = NOTHING;
    /** That of the first task that failed, whichever thread ran it. */
    private @Nullable Throwable failure;

    private int failed;
    private volatile @Nullable Thread sleepingCaller;
    private volatile boolean closed;
    private @Nullable Thread caller;

    /**
     * @param threads the calling one included; at least 1
     */
    public Team(Executor executor, int threads) {
        this.executor = executor;
        this.members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
        this.spins = Runtime.getRuntime().availableProcessors() >= threads;
    }

    @Override
    public void run(int count, IntConsumer work) {
        if (count <= 1 || members.length == 0) {
            SERIAL.run(count, work);
            return;
        }
        start();
        task = work;
        unfinished.set(count);
        round.set((long) count << 32);
        for (int i = 0; i < Math.min(members.length, count - 1); i++) {
            members[i].wake();
        }
        while (takeOne()) {}
        await();
        Throwable thrown = failure();
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    private void start() {
        if (caller != null) {
            return;
        }
        caller = Thread.currentThread();
        try {
            for (Member member : members) {
                executor.execute(member);
            }
        } catch (RejectedExecutionException rejected) {
            // the calling thread does what no other does
        }
    }

    /** Runs the next task of the round; false if all are taken. */
    private boolean takeOne() {
        while (true) {
            long now = round.get();
            int next = (int) now;
            if (next >= (int) (now >>> 32)) {
                return false;
            }
            if (round.compareAndSet(now, now + 1)) {
                // a round ends when all its tasks have: the one that was taken belongs to the task that is set now
                runTask(next);
                return true;
            }
        }
    }

    private void runTask(int number) {
        try {
            task.accept(number);
        } catch (Throwable thrown) { // a checked one, too: others still write to what the caller owns
            note(number, thrown);
        } finally {
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(sleepingCaller);
            }
        }
    }

    private synchronized void note(int number, Throwable thrown) {
        if (failure == null || number < failed) {
            failure = thrown;
            failed = number;
        }
    }

    private synchronized @Nullable Throwable failure() {
        Throwable thrown = failure;
        failure = null;
        return thrown;
    }

    private boolean hasTasks() {
        long now = round.get();
        return (int) now < (int) (now >>> 32);
    }

    /** Waits for the tasks that others have taken. They write to what the caller owns: an interrupt must not end it early. */
    private void await() {
        long begin = System.nanoTime();
        boolean interrupted = false;
        while (unfinished.get() > 0) {
            if (spins && System.nanoTime() - begin < AWAKE_NANOS) {
                Thread.onSpinWait();
                continue;
            }
            sleepingCaller = Thread.currentThread();
            if (unfinished.get() > 0) {
                LockSupport.park(this);
            }
            sleepingCaller = null;
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the executor its threads back. */
    @Override
    public void close() {
        closed = true;
        task = NOTHING; // members that are still in the executor's queue must not keep a training's buffers
        for (Member member : members) {
            member.wake();
        }
    }

    /** A thread of the executor, for as long as it helps: until the team is closed, or the thread is interrupted. */
    private final class Member implements Runnable {
        private volatile @Nullable Thread sleeping;

        void wake() {
            Thread thread = sleeping;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            if (Thread.currentThread() == caller) {
                return; // an executor that has no other thread
            }
            long idleSince = System.nanoTime();
            while (!closed && !Thread.currentThread().isInterrupted()) {
                if (takeOne()) {
                    idleSince = System.nanoTime();
                } else if (spins && System.nanoTime() - idleSince < AWAKE_NANOS) {
                    Thread.onSpinWait();
                } else {
                    sleeping = Thread.currentThread();
                    if (!hasTasks() && !closed) {
                        LockSupport.park(Team.this);
                    }
                    sleeping = null;
                    idleSince = System.nanoTime();
                }
            }
        }
    }
}
