package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.RekurException;
import dev.rekur.format.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is done to a file, it ends in a model or in a typed error. */
class DamagedFilesTest {
    private static final long SEED = 20261123;
    private static final String SMALL = "simple_rnn_units_1_steps_1";

    @Test
    void everyTruncationIsRefused() throws IOException {
        for (String name : new String[] {"model.keras", "model.h5"}) {
            byte[] whole = Files.readAllBytes(GoldenFiles.root().resolve(SMALL).resolve(name));
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> Rekur.load(name, cut)).isInstanceOf(ModelFormatException.class);
            }
        }
    }

    @Test
    void flippedBytesEndInAModelOrATypedError() throws IOException {
        Random random = new Random(SEED);
        for (String file : new String[] {
            SMALL + "/model.keras", SMALL + "/model.h5", "masks_functional_left/model.h5", "lesson_2_residual/keras2.h5"
        }) {
            byte[] whole = Files.readAllBytes(GoldenFiles.root().resolve(file));
            for (int i = 0; i < 2000; i++) {
                byte[] damaged = whole.clone();
                for (int j = 0; j < 1 + i % 4; j++) {
                    damaged[random.nextInt(Math.min(damaged.length, 20_000))] = (byte) random.nextInt(256);
                }
                load(file, damaged);
            }
        }
    }

    @Test
    void configurationsTamperedWithEndInAModelOrATypedError() throws IOException {
        Random random = new Random(SEED);
        for (String name : new String[] {
            "masks_add_both", "lstm_bidirectional_encoder_decoder", "lesson_2_residual", "normalization_layer_options"
        }) {
            Map<String, byte[]> entries =
                    Archives.entries(GoldenFiles.root().resolve(name).resolve("model.keras"));
            byte[] config = entries.get("config.json");
            Object tree = JsonReader.readObject(config, 0, config.length, IllegalStateException::new);
            for (int i = 0; i < 400; i++) {
                Object damaged = new Tampering(random, count(tree)).apply(tree);
                StringBuilder text = new StringBuilder();
                write(damaged, text);
                Map<String, byte[]> changed = new LinkedHashMap<>(entries);
                changed.put("config.json", text.toString().getBytes(StandardCharsets.UTF_8));
                load(name + ": " + text, Archives.pack(changed));
            }
        }
    }

    private static void load(String what, byte[] bytes) {
        try {
            Rekur.load("damaged", bytes);
        } catch (RekurException typed) {
            assertThat(typed.getMessage()).as(what).startsWith("damaged").doesNotContain("did not foresee");
        }
    }

    /** Replaces, drops or doubles one value of a tree. */
    private static final class Tampering {
        private static final List<Object> VALUES = Arrays.asList(
                null,
                -1L,
                0L,
                1L,
                3L,
                1.5,
                1e30,
                Double.NaN,
                1L << 31,
                "x",
                "",
                "tanh",
                List.of(),
                Map.of(),
                true,
                false,
                List.of(-1L),
                List.of(1L, 2L),
                List.of("a", 0L, 0L),
                99_999L);

        private final Object value;
        private final int mode;
        private int at;

        private Tampering(Random random, int slots) {
            at = random.nextInt(slots);
            value = VALUES.get(random.nextInt(VALUES.size()));
            mode = random.nextInt(4);
        }

        private Object apply(Object tree) {
            if (tree instanceof Map<?, ?> map) {
                Map<Object, Object> result = new LinkedHashMap<>();
                map.forEach((key, element) -> {
                    boolean hit = at-- == 0;
                    if (!hit || mode != 0) {
                        result.put(key, hit ? value : apply(element));
                    }
                });
                return result;
            }
            if (tree instanceof List<?> list) {
                List<Object> result = new ArrayList<>();
                for (Object element : list) {
                    boolean hit = at-- == 0;
                    if (!hit || mode != 0) {
                        result.add(hit ? value : apply(element));
                    }
                    if (hit && mode == 1) {
                        result.add(element);
                    }
                }
                return result;
            }
            return tree;
        }
    }

    private static int count(Object tree) {
        int count = 0;
        Iterable<?> children =
                tree instanceof Map<?, ?> map ? map.values() : tree instanceof List<?> list ? list : List.of();
        for (Object child : children) {
            count += 1 + count(child);
        }
        return count;
    }

    private static void write(Object tree, StringBuilder text) {
        if (tree instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator).append('"').append(entry.getKey()).append("\": ");
                write(entry.getValue(), text);
                separator = ", ";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        } else if (tree instanceof List<?> list) {
            text.append('[');
            for (int i = 0; i < list.size(); i++) {
                text.append(i == 0 ? "" : ", ");
                write(list.get(i), text);
            }
            text.append(']');
        } else if (tree instanceof String string) {
            text.append('"')
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        } else {
            text.append(tree);
        }
    }
}
