package dev.rekur.layer.core;

import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.RoomStep.Way;
import dev.rekur.layer.TrainingRoom;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import org.junit.jupiter.api.Test;

/** What layers have in common that draw at random in training, and are the identity in inference. */
abstract class RandomLayerContract extends LayerContract {
    static final int ROWS = 24;
    static final int STEPS = 50;
    static final int FEATURES = 40;
    /** Elements of an input: so many draws, where each is drawn for itself. */
    static final int COUNT = ROWS * STEPS * FEATURES;

    /**
     * How many standard deviations a mean may lie off: a normal variable lies beyond with a chance of 6e-7. Seeds are fixed, so that
     * tests that pass once pass always.
     */
    static final double SIGMAS = 5;

    private static final long SEED = 7;

    private final String key;

    /**
     * @param key of the configuration that says how much is random, from 0 to 1
     */
    RandomLayerContract(String className, String key) {
        super(className);
        this.key = key;
    }

    final Layer layer(double amount) {
        return read(minimalWith(key, amount));
    }

    /** An input {@code [rows, steps, features]} and the gradient of its output, both normally distributed. */
    static Fed normal() {
        return Fed.of(random(1), random(2));
    }

    /** An input of ones, and a gradient of ones. */
    static Fed ones() {
        float[] ones = new float[COUNT];
        java.util.Arrays.fill(ones, 1f);
        return Fed.of(FloatTensor.wrap(shape(), ones), FloatTensor.wrap(shape(), ones));
    }

    private static FloatTensor random(long key) {
        float[] values = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            values[i] = (float) RandomNumbers.normal(key, i);
        }
        return FloatTensor.wrap(shape(), values);
    }

    private static Shape shape() {
        return Shape.of(ROWS, STEPS, FEATURES);
    }

    static Result train(Layer layer, Fed fed) {
        return train(layer, fed, Way.whole(ROWS), SEED);
    }

    static Result train(Layer layer, Fed fed, Way way, long seed) {
        return TrainingRoom.of(layer, fed, seed).run(fed, way);
    }

    static double mean(FloatTensor tensor) {
        double sum = 0;
        for (float value : tensor.toArray()) {
            sum += value;
        }
        return sum / tensor.size();
    }

    static double variance(FloatTensor tensor) {
        double mean = mean(tensor);
        double sum = 0;
        for (float value : tensor.toArray()) {
            sum += (value - mean) * (value - mean);
        }
        return sum / tensor.size();
    }

    @Test
    void inferenceLeavesItOut() {
        assertThat(layer(0.5).isIdentityInInference()).isTrue();
    }

    @Test
    void anAmountThatIsNoFractionIsAProblem() {
        assertThat(problemsWith(key, 1.5).toString()).contains("'" + key + "'").contains("1.5");
        assertThat(problemsWith(key, -0.1)).hasSize(1);
        assertThat(problemsWith(key, null)).hasSize(1);
    }

    @Test
    void anAmountOfZeroIsTheIdentityInTrainingToo() {
        Fed fed = normal();
        Result result = train(layer(0), fed);
        assertSameBits("output", fed.inputs().get(0), result.output());
        assertSameBits("gradient", fed.cotangents().get(0), result.inputGradient());
    }

    @Test
    void theSameSeedAndStepDrawTheSame() {
        Result first = train(layer(0.5), normal());
        Result second = train(layer(0.5), normal());
        assertSameBits("output", first.output(), second.output());
        assertSameBits("gradient", first.inputGradient(), second.inputGradient());
    }

    @Test
    void anotherStepOrSeedDrawsAnew() {
        FloatTensor first = train(layer(0.5), ones()).output();
        Way whole = Way.whole(ROWS);
        assertThat(agreeing(
                        first, train(layer(0.5), ones(), whole.atStep(1), SEED).output()))
                .isLessThan(0.7);
        assertThat(agreeing(first, train(layer(0.5), ones(), whole, SEED + 1).output()))
                .isLessThan(0.7);
    }

    /** The fraction of elements that are the same. */
    static double agreeing(FloatTensor a, FloatTensor b) {
        int same = 0;
        for (int i = 0; i < a.size(); i++) {
            same += a.get(i) == b.get(i) ? 1 : 0;
        }
        return (double) same / a.size();
    }

    @Test
    void rowsDrawForThemselves() {
        FloatTensor output = train(layer(0.5), ones()).output();
        int size = STEPS * FEATURES;
        int same = 0;
        for (int row = 1; row < ROWS; row++) {
            for (int i = 0; i < size; i++) {
                same += output.get(i) == output.get(row * size + i) ? 1 : 0;
            }
        }
        assertThat((double) same / (ROWS - 1) / size).isLessThan(0.7);
    }

    @Test
    void howRowsAreSharedOutChangesNothing() {
        Result whole = train(layer(0.5), normal());
        for (int share : new int[] {1, 5, 8}) {
            Result parts = train(layer(0.5), normal(), Way.whole(ROWS).split(share), SEED);
            assertSameBits("output", whole.output(), parts.output());
            assertSameBits("gradient", whole.inputGradient(), parts.inputGradient());
        }
    }
}
