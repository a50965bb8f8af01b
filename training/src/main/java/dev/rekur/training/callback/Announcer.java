package dev.rekur.training.callback;

import java.util.function.Consumer;

/** Where a callback's messages go: nowhere, until somebody asks for them. */
final class Announcer {
    private Consumer<String> messages = message -> {};

    void to(Consumer<String> target) {
        messages = target;
    }

    /** Says something about an epoch, on a new line, as Keras does in the middle of a progress bar. */
    void say(int epoch, String message) {
        messages.accept("\nEpoch " + (epoch + 1) + ": " + message);
    }

    void say(String message) {
        messages.accept(message);
    }
}
