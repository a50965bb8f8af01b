package dev.rekur.training.optimizer.schedule;

/** How far an optimizer goes in a step: {@link ConstantRate a number}, or a {@link Schedule}. */
public sealed interface LearningRate permits ConstantRate, Schedule {
    /** A rate that only callbacks change. */
    static LearningRate of(double rate) {
        return new ConstantRate((float) rate);
    }

    /**
     * The learning rate of a step.
     *
     * @param step how many steps were taken before it
     */
    float at(long step);

    /** What Keras writes into a file: a number, or an object {@code {module, class_name, config, registered_name}}. */
    Object serialized();
}
