package dev.rekur.training.scoring;

import dev.rekur.training.loss.TargetAlignment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often each class occurs among targets: numbers of classes, vectors with a single 1, or 0 and 1 for two classes. With any
 * other target it is no classification, and nothing is counted.
 */
public final class LabelCounts {
    private long[] counts = {};
    private boolean classifies = true;

    /**
     * Adds the targets of a batch.
     *
     * @param target {@code [vectors, alignment.targetFeatures()]}
     * @param mask by vector, or null if all count
     */
    void add(TargetAlignment alignment, int vectors, float[] target, boolean @Nullable [] mask) {
        int classes = alignment.form() == TargetAlignment.Form.BINARY ? 2 : alignment.features();
        if (counts.length != classes) {
            counts = new long[classes];
        }
        int length = alignment.targetFeatures();
        for (int v = 0; classifies && v < vectors; v++) {
            if (mask == null || mask[v]) {
                switch (alignment.form()) {
                    case BINARY -> {
                        for (int i = 0; i < length; i++) {
                            add(target[v * length + i]);
                        }
                    }
                    case SPARSE -> add(target[v * length]);
                    case CATEGORICAL -> add(onlyOne(target, v * length, length));
                }
            }
        }
    }

    private void add(float label) {
        int number = (int) label;
        classifies &= number == label && number >= 0 && number < counts.length;
        if (classifies) {
            counts[number]++;
        }
    }

    /** The place of the 1 among zeros, or -1. */
    private static int onlyOne(float[] target, int at, int length) {
        int found = -1;
        for (int i = 0; i < length; i++) {
            if (target[at + i] == 1f && found < 0) {
                found = i;
            } else if (target[at + i] != 0f) {
                return -1;
            }
        }
        return found;
    }

    /** By class; empty if these are no classes. */
    public List<Double> frequencies() {
        double all = Arrays.stream(counts).sum();
        return !classifies || all == 0
                ? List.of()
                : Arrays.stream(counts).mapToObj(count -> count / all).toList();
    }
}
