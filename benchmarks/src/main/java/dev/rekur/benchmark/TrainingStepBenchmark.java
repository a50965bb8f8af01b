package dev.rekur.benchmark;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A step of a whole training, 64 rows: forward, loss, backward, Adam. Trains what {@code benchmarks/run train} has made. A call
 * is an epoch of eight steps, handed to the thread that trains.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(3)
public class TrainingStepBenchmark {
    private static final int STEPS = 8;

    /** The model, and what it is trained on. */
    @Param({"stacked random", "stacked text", "residual vectors"})
    public String workload = "";

    /** Threads that share a step. */
    @Param({"1", "2"})
    public int threads;

    private @Nullable SteppedTraining training;

    /** Starts the training. */
    @Setup
    public void start() {
        String[] words = workload.split(" ");
        training = new SteppedTraining(TrainingWorkload.of(words[0], words[1]), threads);
    }

    /** Ends it. */
    @TearDown
    public void stop() {
        running().close();
    }

    /** Eight steps. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public double step() {
        return running().run(STEPS).seconds();
    }

    private SteppedTraining running() {
        SteppedTraining started = training;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }
}
