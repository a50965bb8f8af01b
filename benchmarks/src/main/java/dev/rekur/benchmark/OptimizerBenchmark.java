package dev.rekur.benchmark;

import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.OptimizerState;
import dev.rekur.training.optimizer.Optimizers;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/** One step of an optimizer over the 1,328,517 parameters of the stacked model, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class OptimizerBenchmark {
    private static final int[][] SHAPES = {
        {10_000, 128}, {128, 128}, {128, 128}, {128}, {128, 64}, {64, 64}, {64}, {64, 32}, {32, 32}, {32}, {32, 5}, {5}
    };

    /** Keras's name of the optimizer. */
    @Param({"Adam", "SGD"})
    public String optimizer = "";

    /** {@code clipnorm}, or {@code none}. */
    @Param({"none", "1.0"})
    public String clipNorm = "";

    private final List<Variable> variables = new ArrayList<>();
    private float[][] gradients = {};
    private OptimizerState state = Optimizers.named("SGD").start(List.of());

    /** Random weights and gradients; a tenth of the embeddings has some. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        gradients = new float[SHAPES.length][];
        for (int i = 0; i < SHAPES.length; i++) {
            Shape shape = Shape.of(SHAPES[i]);
            float[] values = new float[shape.size()];
            gradients[i] = new float[shape.size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian();
                gradients[i][j] = i == 0 && j / 128 % 10 != 0 ? 0 : (float) random.nextGaussian() * 1e-3f;
            }
            WeightSpec spec = new WeightSpec("", "weight", shape, true);
            variables.add(new Variable("layer_" + i, spec, true, FloatTensor.wrap(shape, values)));
        }
        Optimizer chosen = Optimizers.named(optimizer).withSetting("clipnorm", clipNorm);
        state = chosen.start(variables);
    }

    /** The step. */
    @Benchmark
    public OptimizerState step() {
        state.apply(gradients, Tasks.SERIAL);
        return state;
    }
}
