package dev.rekur.training.diagnosis;

/**
 * The first value of a training that was NaN or infinite.
 *
 * @param layer the layer it belongs to; for the data the input's, for the loss the output's name
 * @param epoch counted from 0
 * @param step of the epoch, counted from 0
 * @param timeStep the earliest time step of the layer's output that has one, counted from 0; -1 if it is no sequence
 */
public record NonFinite(Place place, String layer, int epoch, int step, int timeStep) {
    /** One that belongs to no time step. */
    public NonFinite(Place place, String layer, int epoch, int step) {
        this(place, layer, epoch, step, -1);
    }

    /** What was not finite. */
    public enum Place {
        /** What the training was given. */
        DATA("the data of input"),
        /** What a layer put out. */
        ACTIVATION("the output of layer"),
        LOSS("the loss of output"),
        /** The gradient of one of a layer's weights. */
        GRADIENT("a gradient of layer"),
        /** A weight, after it was updated. */
        WEIGHT("a weight of layer");

        private final String words;

        Place(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
