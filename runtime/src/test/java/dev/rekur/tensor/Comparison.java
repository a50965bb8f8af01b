package dev.rekur.tensor;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;

/** How far tensors lie apart: the one way to compare results, so that every failure says where, by how much and with which seed. */
public final class Comparison {
    /** What agreement with Keras means, absolute plus relative. */
    public static final double AGREEMENT = 1e-5;

    private Comparison() {}

    /** Same shape and kind, and each element within {@value #AGREEMENT} absolute plus relative; infinities and NaN exactly. */
    public static void assertAgrees(String what, Tensor expected, Tensor found) {
        assertSameForm(what, expected, found);
        double[] want = doubles(expected);
        double[] got = doubles(found);
        int worst = -1;
        double worstExcess = 1;
        for (int i = 0; i < want.length; i++) {
            double excess = excess(want[i], got[i]);
            if (excess > worstExcess) {
                worst = i;
                worstExcess = excess;
            }
        }
        if (worst >= 0) {
            fail("%s: %s, %.1f times what is allowed", what, element(expected, want, got, worst), worstExcess);
        }
    }

    /** Same shape, kind and bits; all NaNs are one. */
    public static void assertSameBits(String what, Tensor expected, Tensor found) {
        assertSameForm(what, expected, found);
        if (expected.equals(found)) {
            return;
        }
        double[] want = doubles(expected);
        double[] got = doubles(found);
        int differing = 0;
        int worst = -1;
        for (int i = 0; i < want.length; i++) {
            if (Double.compare(want[i], got[i]) != 0) {
                differing++;
                worst = worst < 0 || ulps(want[i], got[i]) > ulps(want[worst], got[worst]) ? i : worst;
            }
        }
        if (worst >= 0) {
            fail(
                    "%s: %d of %d elements differ, most %s",
                    what, differing, want.length, element(expected, want, got, worst));
        }
    }

    /** Distance in units in the last place of the expected float. */
    public static double ulps(double expected, double found) {
        float rounded = (float) expected;
        return Float.isFinite(rounded) && Double.isFinite(found)
                ? Math.abs(found - expected) / Math.ulp(rounded)
                : Double.compare(expected, found) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    private static void assertSameForm(String what, Tensor expected, Tensor found) {
        if (!expected.shape().equals(found.shape()) || expected.dtype() != found.dtype()) {
            fail("%s: expected %s, found %s", what, expected, found);
        }
    }

    private static double excess(double expected, double found) {
        if (Double.compare(expected, found) == 0) {
            return 0;
        }
        double distance = Math.abs(found - expected);
        return Double.isFinite(distance) ? distance / (AGREEMENT * (1 + Math.abs(expected))) : Double.POSITIVE_INFINITY;
    }

    private static String element(Tensor tensor, double[] expected, double[] found, int index) {
        int[] dimensions = tensor.shape().dimensions();
        int[] place = new int[dimensions.length];
        int rest = index;
        for (int axis = dimensions.length - 1; axis >= 0; axis--) {
            place[axis] = rest % dimensions[axis];
            rest /= dimensions[axis];
        }
        return String.format(
                "at %s of %s expected %s, found %s (%.1f ulps)",
                Arrays.toString(place),
                tensor.shape(),
                expected[index],
                found[index],
                ulps(expected[index], found[index]));
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor instanceof FloatTensor floats ? floats.get(i) : ((IntTensor) tensor).get(i);
        }
        return values;
    }
}
