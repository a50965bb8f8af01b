package dev.rekur.model;

/**
 * How a model is written.
 *
 * @param kerasMajor 2 or 3: the Keras that is to read the file
 */
public record SaveOptions(int kerasMajor) {
    /** For Keras 3. */
    public static final SaveOptions KERAS_3 = new SaveOptions(3);

    /** For Keras 2 and tf_keras. */
    public static final SaveOptions KERAS_2 = new SaveOptions(2);

    public SaveOptions {
        if (kerasMajor != 2 && kerasMajor != 3) {
            throw new IllegalArgumentException("expected Keras 2 or 3, got " + kerasMajor);
        }
    }
}
