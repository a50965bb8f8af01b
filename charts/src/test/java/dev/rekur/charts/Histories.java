package dev.rekur.charts;

import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import java.util.Map;
import java.util.TreeMap;

/** Made-up histories. */
final class Histories {
    private Histories() {}

    /** One value per epoch for each name; names as an epoch's logs have them, sorted. */
    static History of(Map<String, double[]> values) {
        int epochs =
                values.values().stream().mapToInt(list -> list.length).max().orElse(0);
        History history = new History();
        for (int epoch = 0; epoch < epochs; epoch++) {
            Map<String, Double> logs = new TreeMap<>();
            for (Map.Entry<String, double[]> entry : values.entrySet()) {
                logs.put(entry.getKey(), entry.getValue()[epoch]);
            }
            history.add(epoch, Logs.sorted(logs));
        }
        return history;
    }

    /** As a training that overfits in the end goes: 30 epochs, the learning rate halved three times. */
    static History lesson() {
        return lesson(30);
    }

    static History lesson(int epochs) {
        Map<String, double[]> values = new TreeMap<>();
        for (String name : new String[] {"accuracy", "loss", "val_accuracy", "val_loss", "learning_rate"}) {
            values.put(name, new double[epochs]);
        }
        for (int i = 0; i < epochs; i++) {
            double t = 30.0 * i / epochs;
            double ripple = 0.03 * Math.sin(2.1 * i) + 0.02 * Math.cos(5.3 * i);
            values.get("loss")[i] = 0.12 + 1.5 * Math.exp(-t / 5);
            values.get("val_loss")[i] = 0.42 + 1.2 * Math.exp(-t / 4) + 0.0004 * t * t + ripple;
            values.get("accuracy")[i] = 0.97 - 0.75 * Math.exp(-t / 5);
            values.get("val_accuracy")[i] = 0.86 - 0.62 * Math.exp(-t / 4) - 0.3 * ripple;
            values.get("learning_rate")[i] = 1e-3 * Math.pow(0.2, Math.floor(t / 8));
        }
        return of(values);
    }
}
