package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models of real Keras behind a real socket. */
class RealModelsTest {
    private static final int TOKENS = 100;
    private static final int VOCABULARY = 10_000;

    private static Model model;
    private static RekurServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        model = Rekur.load(Fixtures.example("debian-sections-tokens.keras"));
        server = RekurServer.builder()
                .port(0)
                .models(ModelRepository.load(
                        Fixtures.example("debian-sections-tokens.keras"), Fixtures.example("debian-sections.keras")))
                .build()
                .start();
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void aTextIsClassified() throws Exception {
        String answer =
                client.predict("debian-sections", "{\"instances\": [\"Arcade game with many levels to jump in\"]}");
        float[] probabilities = numbers(answer);
        assertThat(probabilities).hasSize(5);
        float sum = 0;
        for (float probability : probabilities) {
            sum += probability;
        }
        assertThat(sum).isBetween(0.9999f, 1.0001f);
        // a bare text, a list of one, and the columnar form are one and the same
        assertThat(client.predict("debian-sections", "{\"inputs\": [[\"Arcade game with many levels to jump in\"]]}"))
                .isEqualTo(answer.replace("predictions", "outputs"));
    }

    @Test
    void answersAreThePredictorsBitForBitFromAnyThreadAtAnyBatch() throws Exception {
        int[][] rows = rows(64);
        List<float[]> expected = new ArrayList<>();
        for (int[] row : rows) {
            expected.add(((FloatTensor) model.predict(Tensor.of(new int[][] {row}))).toArray());
        }
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<float[]>> single = new ArrayList<>();
            for (int i = 0; i < 512; i++) {
                int[][] one = {rows[i % rows.length]};
                single.add(pool.submit(() -> numbers(client.predict("debian-sections-tokens", body(one)))));
            }
            Future<float[]> batch = pool.submit(() -> numbers(client.predict("debian-sections-tokens", body(rows))));
            for (int i = 0; i < single.size(); i++) {
                assertThat(single.get(i).get()).as("request %d", i).isEqualTo(expected.get(i % rows.length));
            }
            float[] together = batch.get();
            for (int i = 0; i < rows.length; i++) {
                assertThat(java.util.Arrays.copyOfRange(together, 5 * i, 5 * i + 5))
                        .isEqualTo(expected.get(i));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void tokenIdsOutOfRangeAreRefusedWithPlaceAndLimit() throws Exception {
        for (int id : new int[] {VOCABULARY, -1, Integer.MAX_VALUE}) {
            int[][] rows = rows(2);
            rows[1][42] = id;
            HttpResponse<String> response = client.post("/v1/models/debian-sections-tokens:predict", body(rows));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(response.body())
                    .contains("from 0 to 9999")
                    .contains("found " + id)
                    .contains("row 1")
                    .contains("position 42")
                    .doesNotContain("docs/");
        }
    }

    @Test
    void theGraphOfARealModelCountsItsParameters() throws Exception {
        String graph = client.get("/v1/models/debian-sections-tokens/graph").body();
        assertThat(graph)
                .contains("\"parameters\":1328517")
                .contains("\"labels\":[\"games\",\"graphics\",\"net\",\"science\",\"sound\"]")
                .contains(
                        "\"name\":\"rnn_1\",\"class\":\"SimpleRNN\",\"shapes\":[[null,100,128]],\"parameters\":32896");
    }

    private static int[][] rows(int count) {
        Random random = new Random(11);
        int[][] rows = new int[count][TOKENS];
        for (int[] row : rows) {
            int length = 1 + random.nextInt(TOKENS);
            for (int i = 0; i < length; i++) {
                row[i] = 1 + random.nextInt(VOCABULARY - 1);
            }
        }
        return rows;
    }

    private static String body(int[][] rows) {
        return "{\"instances\": " + java.util.Arrays.deepToString(rows) + "}";
    }

    private static float[] numbers(String answer) {
        String[] words = answer.substring(answer.indexOf('['))
                .replaceAll("[^0-9E.,-]", "")
                .split(",");
        float[] numbers = new float[words.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }
}
