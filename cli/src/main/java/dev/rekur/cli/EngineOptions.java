package dev.rekur.cli;

import dev.rekur.inference.Predictor;
import dev.rekur.model.Model;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a model runs on. */
final class EngineOptions implements AutoCloseable {
    private enum Engine {
        REKUR,
        ONNXRUNTIME;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that share a batch (default ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Option(
            names = "--engine",
            paramLabel = "rekur|onnxruntime",
            defaultValue = "rekur",
            description = "What runs the model (default ${DEFAULT-VALUE}).")
    private Engine engine;

    private @Nullable Workers workers;

    int threads() {
        return threads;
    }

    /**
     * A predictor as asked for.
     *
     * @param name the model's file, for messages
     * @throws dev.rekur.error.RekurException if the kernels cannot run here
     * @throws UsageException if the options do not fit
     */
    Predictor predictor(String name, Model model) {
        Predictor.Builder builder = Predictor.of(model).kernels(kernels.selection());
        if (threads > 1) {
            Workers started = new Workers(threads);
            workers = started;
            builder.parallel(started.executor(), threads);
        }
        return builder.build();
    }

    /** Refuses what no model can satisfy; called before the file is read. */
    void check(String name) {
        if (threads < 1) {
            throw new UsageException("--threads: expected a number from 1 on, found " + threads);
        }
        if (engine == Engine.ONNXRUNTIME) {
            throw new UsageException(name + ": --engine onnxruntime runs ONNX files only, and Rekur reads none yet."
                    + "\nLeave the option out; Rekur's own engine runs Keras models.");
        }
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }
}
