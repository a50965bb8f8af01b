package dev.rekur.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands a training's events on to the pages that watch it. Publishing never waits for a page: each has a bounded queue. When
 * it is full, events that the next one replaces are dropped; if one that lasts has no room, the page's stream ends, and the
 * browser, which connects anew, is told everything so far.
 */
final class WatchFeed {
    /** Pages at a time. */
    static final int PAGES = 8;

    private static final int QUEUE = 256;
    private static final String END = "";

    private final List<String> lasting = new ArrayList<>();
    private String passing = "";
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean closed;

    /** Forgets everything, because another training begins. */
    synchronized void restart() {
        lasting.clear();
        passing = "";
        send(WatchEvents.RESET, true);
    }

    /** Tells all pages, and those that come later. */
    synchronized void publish(String event) {
        lasting.add(event);
        send(event, true);
    }

    /** Tells the pages that have time for it. Who comes later is told the last one. */
    synchronized void publishPassing(String event) {
        passing = event;
        send(event, false);
    }

    private void send(String event, boolean isLasting) {
        for (Subscription subscription : List.copyOf(subscriptions)) {
            if (!subscription.queue.offer(event) && isLasting) {
                end(subscription);
            }
        }
    }

    /** A page's view of the feed; none if there are too many pages, or the feed is closed. */
    synchronized Optional<Subscription> subscribe() {
        if (closed || subscriptions.size() >= PAGES) {
            return Optional.empty();
        }
        StringBuilder soFar = new StringBuilder(WatchEvents.RESET);
        lasting.forEach(soFar::append);
        Subscription subscription = new Subscription(soFar.append(passing).toString());
        subscriptions.add(subscription);
        return Optional.of(subscription);
    }

    /** Whoever subscribed has left. */
    synchronized void unsubscribe(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    /** Ends all streams; there are no others. */
    synchronized void close() {
        closed = true;
        List.copyOf(subscriptions).forEach(this::end);
    }

    private void end(Subscription subscription) {
        subscription.queue.clear();
        subscription.queue.add(END);
        subscriptions.remove(subscription);
    }

    /** What one page has yet to be told. */
    static final class Subscription {
        private final String soFar;
        private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);

        private Subscription(String soFar) {
            this.soFar = soFar;
        }

        /** Everything before the first of {@link #next}. */
        String soFar() {
            return soFar;
        }

        /**
         * What was published since the last call, waiting for it if there is nothing; a comment if there was nothing for so
         * long; none at the stream's end.
         */
        Optional<String> next(long waitMillis) throws InterruptedException {
            String first = queue.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (first == null) {
                return Optional.of(":\n\n");
            }
            List<String> events = new ArrayList<>();
            events.add(first);
            queue.drainTo(events);
            if (!events.contains(END)) {
                return Optional.of(String.join("", events));
            }
            return Optional.empty();
        }
    }
}
