package dev.rekur;

/**
 * One thing in a model file that keeps Rekur from running it.
 *
 * @param place what it concerns, for example {@code layer 'conv' (Conv1D)} with the JSON path of the place
 * @param finding what was found, and what was expected in its stead
 * @param remedy what the user can do
 */
public record Problem(String place, String finding, String remedy) {
    @Override
    public String toString() {
        return place + ": " + finding + "\n" + remedy;
    }
}
