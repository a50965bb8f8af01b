package dev.rekur.training.regularizer;

import dev.rekur.tensor.Shape;
import java.util.Map;

/**
 * The sum of sizes and squares, {@code l1 sum |w| + l2 sum w^2}; derivative {@code l1 sign(w) + 2 l2 w}.
 *
 * @param className L1, L2 or L1L2: Keras has a class for each
 * @param l1 what a size costs
 * @param l2 what a square costs
 */
public record L1L2(String className, double l1, double l2) implements Regularizer {
    /** {@code l1 sum |w|}. */
    public static L1L2 l1(double l1) {
        return new L1L2("L1", l1, 0);
    }

    /** {@code l2 sum w^2}. */
    public static L1L2 l2(double l2) {
        return new L1L2("L2", 0, l2);
    }

    /** Both. */
    public static L1L2 of(double l1, double l2) {
        return new L1L2("L1L2", l1, l2);
    }

    @Override
    public Map<String, Object> parameters() {
        return switch (className) {
            case "L1" -> Map.of("l1", l1);
            case "L2" -> Map.of("l2", l2);
            default -> Map.of("l1", l1, "l2", l2);
        };
    }

    @Override
    public double value(float[] weights, Shape shape) {
        double sizes = 0;
        double squares = 0;
        int size = shape.size();
        for (int i = 0; i < size; i++) {
            sizes += Math.abs(weights[i]);
            squares += (double) weights[i] * weights[i];
        }
        return l1 * sizes + l2 * squares;
    }

    @Override
    public void addGradient(float[] weights, Shape shape, float[] gradient) {
        float sizeCost = (float) l1;
        float squareCost = (float) (2 * l2);
        int size = shape.size();
        for (int i = 0; i < size; i++) {
            gradient[i] += sizeCost * Math.signum(weights[i]) + squareCost * weights[i];
        }
    }
}
