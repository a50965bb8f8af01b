package dev.rekur.model;

/**
 * How a model is written.
 *
 * @param kerasMajor 2 or 3: the Keras that is to read the file
 * @param chosen whether the caller chose that version. If not, weights alone are written as the Keras that wrote the model needs
 *     them, and a configuration alone is refused if its weights would have to be others
 */
public record SaveOptions(int kerasMajor, boolean chosen) {
    /** For Keras 3, unless the file is but a part of a model: the caller did not choose. */
    public static final SaveOptions DEFAULT = new SaveOptions(3, false);

    /** For Keras 3. */
    public static final SaveOptions KERAS_3 = new SaveOptions(3);

    /** For Keras 2 and tf_keras. */
    public static final SaveOptions KERAS_2 = new SaveOptions(2);

    public SaveOptions {
        if (kerasMajor != 2 && kerasMajor != 3) {
            throw new IllegalArgumentException("expected Keras 2 or 3, got " + kerasMajor);
        }
    }

    /** For a version that the caller chose. */
    public SaveOptions(int kerasMajor) {
        this(kerasMajor, true);
    }
}
