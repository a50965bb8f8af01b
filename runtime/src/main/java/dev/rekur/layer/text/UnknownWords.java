package dev.rekur.layer.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The indices that share the words a vocabulary lacks.
 *
 * @param indices how many; 0 if such words are refused
 * @param salt the key of SipHash, or null for FarmHash; without influence up to one index
 */
record UnknownWords(int indices, @Nullable SipHash salt) {
    /** One index for all of them. */
    static final UnknownWords ONE = new UnknownWords(1, null);

    /** Which of the indices a word has; there must be some. */
    int bucket(String word) {
        if (indices == 1) {
            return 0;
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        long hash = salt == null ? FarmHash.fingerprint64(bytes) : salt.hash(bytes);
        return (int) Long.remainderUnsigned(hash, indices);
    }
}
