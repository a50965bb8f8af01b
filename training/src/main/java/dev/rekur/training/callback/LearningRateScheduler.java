package dev.rekur.training.callback;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Sets the learning rate at the beginning of each epoch, and puts it into the epoch's logs as {@code learning_rate}.
 *
 * <pre>LearningRateScheduler.of((epoch, rate) -> epoch &lt; 10 ? rate : rate * 0.9)</pre>
 *
 * <p>Follows {@code keras/src/callbacks/learning_rate_scheduler.py} of Keras 3.15.1.
 */
public final class LearningRateScheduler implements Callback {
    /** The rate of an epoch. */
    @FunctionalInterface
    public interface Schedule {
        /**
         * @param epoch counted from 0
         * @param rate the rate as it is, a float32
         */
        double rate(int epoch, double rate);
    }

    private final Schedule schedule;
    private final Announcer announcer = new Announcer();

    private LearningRateScheduler(Schedule schedule) {
        this.schedule = schedule;
    }

    public static LearningRateScheduler of(Schedule schedule) {
        return new LearningRateScheduler(schedule);
    }

    /** Says what it does, in Keras's words. */
    public LearningRateScheduler verbose(Consumer<String> messages) {
        announcer.to(messages);
        return this;
    }

    @Override
    public Set<String> addedLogs() {
        return Set.of(ReduceLrOnPlateau.LEARNING_RATE);
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        double rate = schedule.rate(epoch, run.learningRate());
        run.learningRate(rate);
        announcer.say(epoch, "LearningRateScheduler setting learning rate to " + PythonFloat.repr(rate) + ".");
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        logs.put(ReduceLrOnPlateau.LEARNING_RATE, run.learningRate());
    }
}
