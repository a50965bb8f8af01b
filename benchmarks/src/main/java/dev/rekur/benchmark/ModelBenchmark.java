package dev.rekur.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Whole models, each call timed: batch 1 on one thread, batch 64 on two. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(5)
public class ModelBenchmark {
    /** The model. */
    @Param({"stacked", "residual"})
    public String model = "";

    /** Rows of a call. */
    @Param({"1", "64"})
    public int batch;

    /** Who predicts. */
    @Param({"rekur", "onnxruntime"})
    public String peer = "";

    private Peer running = new Idle();

    /** Loads the model. */
    @Setup
    public void start() {
        running = Peer.of(peer, Workload.of(model, batch), batch == 1 ? 1 : 2);
    }

    /** Lets go of it. */
    @TearDown
    public void stop() {
        running.close();
    }

    /** One call. */
    @Benchmark
    public float[] predict() {
        return running.predict();
    }

    private static final class Idle implements Peer {
        @Override
        public float[] predict() {
            return new float[0];
        }

        @Override
        public void close() {}
    }
}
