package dev.rekur.training.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which units of layers with relu have put out anything but 0 since it was {@link #reset}. A unit that has is not looked at
 * again, so that each batch costs little: most units are found in the first rows.
 */
public final class UnitActivity {
    private final Map<String, Units> layers = new LinkedHashMap<>();

    private static final class Units {
        final boolean[] alive;
        int dead;
        long inputs;

        Units(int count) {
            alive = new boolean[count];
            dead = count;
        }
    }

    /**
     * Units of one layer.
     *
     * @param dead those that were 0 for everything
     * @param inputs how many inputs that were; time steps count each
     */
    public record Count(String layer, int units, int dead, long inputs) {}

    /** Forgets everything. */
    public void reset() {
        for (Units units : layers.values()) {
            Arrays.fill(units.alive, false);
            units.dead = units.alive.length;
            units.inputs = 0;
        }
    }

    /** What was found, in the order in which layers run. */
    public List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        layers.forEach((layer, units) -> counts.add(new Count(layer, units.alive.length, units.dead, units.inputs)));
        return counts;
    }

    void add(List<Observables.Output> relus, List<Shard> shards, int[] rows) {
        for (int r = 0; r < relus.size(); r++) { // no iterator, no lambda: this runs every batch
            Observables.Output relu = relus.get(r);
            Units units = layers.get(relu.layer());
            if (units == null) {
                units = new Units(relu.shape().last());
                layers.put(relu.layer(), units);
            }
            for (int s = 0; s < shards.size(); s++) {
                units.inputs += (long) rows[s] * relu.slot().rowSize() / units.alive.length;
            }
            for (int unit = 0; units.dead > 0 && unit < units.alive.length; unit++) {
                if (!units.alive[unit] && isActive(relu, unit, shards, rows)) {
                    units.alive[unit] = true;
                    units.dead--;
                }
            }
        }
    }

    private static boolean isActive(Observables.Output relu, int unit, List<Shard> shards, int[] rows) {
        int units = relu.shape().last();
        for (int s = 0; s < shards.size(); s++) {
            float[] values = shards.get(s).floats(relu.slot());
            int at = shards.get(s).at(relu.slot());
            int end = at + rows[s] * relu.slot().rowSize();
            for (int i = at + unit; i < end; i += units) {
                if (!(values[i] <= 0f)) { // NaN is not death
                    return true;
                }
            }
        }
        return false;
    }
}
