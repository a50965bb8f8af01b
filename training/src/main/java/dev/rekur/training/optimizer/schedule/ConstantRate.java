package dev.rekur.training.optimizer.schedule;

/**
 * A learning rate that stays.
 *
 * @param rate in single precision, as Keras keeps it
 */
public record ConstantRate(float rate) implements LearningRate {
    @Override
    public float at(long step) {
        return rate;
    }

    @Override
    public Object serialized() {
        return (double) rate;
    }
}
