package dev.rekur.cli;

import dev.rekur.inference.Predictor;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model runs on. */
final class EngineOptions implements AutoCloseable {
    /** Which arithmetic. */
    private enum KernelChoice {
        AUTO,
        SCALAR,
        SIMD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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

    @Option(
            names = "--kernels",
            paramLabel = "auto|scalar|simd",
            defaultValue = "auto",
            description = "Arithmetic to use; the results are the same (default ${DEFAULT-VALUE}).")
    private KernelChoice kernels;

    @Option(
            names = "--engine",
            paramLabel = "rekur|onnxruntime",
            defaultValue = "rekur",
            description = "What runs the model (default ${DEFAULT-VALUE}).")
    private Engine engine;

    private @Nullable ExecutorService executor;

    int threads() {
        return threads;
    }

    /**
     * A predictor as asked for.
     *
     * @param name the model's file, for messages
     * @throws dev.rekur.RekurException if the kernels cannot run here
     * @throws UsageException if the options do not fit
     */
    Predictor predictor(String name, Model model) {
        Predictor.Builder builder = Predictor.of(model).kernels(selection());
        if (threads > 1) {
            ExecutorService workers = Executors.newFixedThreadPool(threads - 1, task -> {
                Thread thread = new Thread(task, "rekur-worker");
                thread.setDaemon(true);
                return thread;
            });
            executor = workers;
            builder.parallel(workers, threads);
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

    private KernelSelection selection() {
        return switch (kernels) {
            case AUTO -> KernelSelection.auto();
            case SCALAR -> KernelSelection.scalar();
            case SIMD -> KernelSelection.simd();
        };
    }

    @Override
    public void close() {
        if (executor != null) {
            executor.shutdown();
        }
    }
}
