package dev.rekur.training.constraint;

import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** No weight below zero: {@code w = max(w, 0)}. */
public record NonNeg() implements Constraint {
    @Override
    public Projection on(Shape shape) {
        int size = shape.size();
        return values -> {
            for (int i = 0; i < size; i++) {
                values[i] = Math.max(values[i], 0);
            }
        };
    }

    @Override
    public Map<String, Object> config() {
        return new LinkedHashMap<>();
    }
}
