package dev.rekur.layer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hashes behind {@code tf.strings.to_hash_bucket_fast} and {@code to_hash_bucket_strong}. */
class HashesTest {
    private static final Map<String, Object> HASHES = TextVectors.read().hashes();

    @Test
    void farmHashIsTensorFlows() {
        assertThat(texts().map(text -> bucket(FarmHash.fingerprint64(text)))).isEqualTo(HASHES.get("fast"));
    }

    @Test
    void sipHashIsTensorFlows() {
        List<?> key = (List<?>) HASHES.get("key");
        SipHash hash = new SipHash(((Number) key.get(0)).longValue(), ((Number) key.get(1)).longValue());
        assertThat(texts().map(text -> bucket(hash.hash(text)))).isEqualTo(HASHES.get("strong"));
    }

    private static String bucket(long hash) {
        return String.valueOf(Long.remainderUnsigned(hash, Long.MAX_VALUE));
    }

    private static Stream<byte[]> texts() {
        String base = (String) HASHES.get("base");
        Stream<String> prefixes = ((List<?>) HASHES.get("lengths")).stream().map(n -> base.substring(0, (Integer) n));
        return Stream.concat(prefixes, ((List<?>) HASHES.get("others")).stream().map(String.class::cast))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
