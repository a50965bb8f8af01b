package dev.rekur.cli;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far an array is from the one expected.
 *
 * <p>Agrees if {@code |got - want| <= tolerance * (1 + |want|)} everywhere; NaN equals NaN, infinities equal by sign.
 *
 * @param name what is compared
 * @param agrees the verdict
 * @param worst greatest {@code |got - want|}; infinite where only one of the two is a number
 * @param worstRelative greatest {@code |got - want| / |want|}
 * @param where index of the worst difference, of one beyond the tolerance if there is one; empty if there is none
 * @param got the value there
 * @param want the value expected there
 * @param reason why the two cannot be compared, or null
 */
record Comparison(
        String name,
        boolean agrees,
        double worst,
        double worstRelative,
        List<Integer> where,
        String got,
        String want,
        @Nullable String reason) {

    /** Two arrays that are not alike enough to be compared. */
    static Comparison impossible(String name, String reason) {
        return new Comparison(name, false, Double.NaN, Double.NaN, List.of(), "", "", reason);
    }

    static Comparison of(String name, Tensor got, Tensor want, double tolerance) {
        if (!got.shape().equals(want.shape())) {
            return impossible(name, "expected shape " + want.shape() + ", got " + got.shape());
        }
        if (got instanceof TextTensor != want instanceof TextTensor) {
            return impossible(name, "texts and numbers cannot be compared");
        }
        double worst = 0;
        double worstRelative = 0;
        double worstExcess = Double.NEGATIVE_INFINITY;
        int at = -1;
        for (int i = 0; i < got.size(); i++) {
            double difference = difference(got, want, i);
            double size = Math.abs(number(want, i));
            double limit = Double.isFinite(size) ? tolerance * (1 + size) : 0;
            worst = Math.max(worst, difference);
            worstRelative = Math.max(worstRelative, relative(difference, size));
            double excess = difference - limit;
            if (difference > 0 && excess > worstExcess) {
                worstExcess = excess;
                at = i;
            }
        }
        List<Integer> where = at < 0 ? List.of() : index(got.shape(), at);
        return new Comparison(
                name,
                worstExcess <= 0,
                worst,
                worstRelative,
                where,
                at < 0 ? "" : element(got, at),
                at < 0 ? "" : element(want, at),
                null);
    }

    private static double difference(Tensor got, Tensor want, int index) {
        if (got instanceof TextTensor texts) {
            return texts.get(index).equals(((TextTensor) want).get(index)) ? 0 : Double.POSITIVE_INFINITY;
        }
        double one = number(got, index);
        double other = number(want, index);
        if (Double.compare(one, other) == 0 || one == other) {
            return 0;
        }
        double difference = Math.abs(one - other);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static double relative(double difference, double size) {
        if (difference == 0) {
            return 0;
        }
        double relative = difference / size;
        return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    private static double number(Tensor tensor, int index) {
        if (tensor instanceof FloatTensor floats) {
            return floats.get(index);
        }
        return tensor instanceof IntTensor ints ? ints.get(index) : 0;
    }

    private static String element(Tensor tensor, int index) {
        if (tensor instanceof FloatTensor floats) {
            return String.valueOf(floats.get(index));
        }
        return tensor instanceof IntTensor ints
                ? String.valueOf(ints.get(index))
                : "'" + ((TextTensor) tensor).get(index) + "'";
    }

    private static List<Integer> index(Shape shape, int flat) {
        int[] index = new int[shape.rank()];
        int rest = flat;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.dimension(axis);
            rest /= shape.dimension(axis);
        }
        return IntStream.of(index).boxed().toList();
    }

    /** One line. */
    String text() {
        String verdict = agrees ? "agrees     " : "DIFFERS    ";
        if (reason != null) {
            return verdict + name + ": " + reason;
        }
        String found = String.format(Locale.ROOT, "worst |got - want| %.3g, relative %.3g", worst, worstRelative);
        return verdict + name + ": " + found
                + (where.isEmpty() ? "" : " at " + where + ": got " + got + ", want " + want);
    }

    /** What {@code --json} shows of it. */
    Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("agrees", agrees);
        if (reason != null) {
            object.put("reason", reason);
            return object;
        }
        object.put("worst_absolute", worst);
        object.put("worst_relative", worstRelative);
        if (!where.isEmpty()) {
            object.put("where", where);
            object.put("got", got);
            object.put("want", want);
        }
        return object;
    }
}
