package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both forms of TensorFlow Serving's predict, over a real socket. */
class PredictTest {
    private static RekurServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = RekurServer.builder()
                .port(0)
                .warmUp(Duration.ZERO)
                .models(ModelRepository.builder()
                        .add(TestModels.echo("echo", 1))
                        .add(TestModels.matrices())
                        .add(TestModels.tokens())
                        .add(TestModels.texts())
                        .add(TestModels.pair())
                        .build())
                .build()
                .start();
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void rowsOfASingleInputAreBareValues() throws Exception {
        assertThat(client.predict("echo", "{\"instances\": [[1, 2.5, -3e-2], [4, 5, 6]]}"))
                .isEqualTo("{\"predictions\":[[1.0,2.5,-0.03],[4.0,5.0,6.0]]}");
        assertThat(client.predict("matrices", "{\"instances\": [[[1, 2], [3, 4]]]}"))
                .isEqualTo("{\"predictions\":[[[1.0,2.0],[3.0,4.0]]]}");
    }

    @Test
    void rowsOfASingleInputMayNameIt() throws Exception {
        assertThat(client.predict("echo", "{\"instances\": [{\"x\": [1, 2, 3]}]}"))
                .isEqualTo("{\"predictions\":[[1.0,2.0,3.0]]}");
    }

    @Test
    void columnsOfASingleInputAreItsBatch() throws Exception {
        assertThat(client.predict("echo", "{\"inputs\": [[1, 2, 3]]}")).isEqualTo("{\"outputs\":[[1.0,2.0,3.0]]}");
        assertThat(client.predict("echo", "{\"inputs\": {\"x\": [[1, 2, 3]]}}"))
                .isEqualTo("{\"outputs\":[[1.0,2.0,3.0]]}");
    }

    @Test
    void severalInputsAndOutputsAreObjectsByName() throws Exception {
        assertThat(client.predict("pair", "{\"instances\": [{\"b\": 7, \"a\": [1, 2]}, {\"a\": [3, 4], \"b\": 8}]}"))
                .isEqualTo("{\"predictions\":[{\"y\":[1.0,2.0],\"z\":7},{\"y\":[3.0,4.0],\"z\":8}]}");
        assertThat(client.predict("pair", "{\"inputs\": {\"a\": [[1, 2], [3, 4]], \"b\": [7, 8]}}"))
                .isEqualTo("{\"outputs\":{\"y\":[[1.0,2.0],[3.0,4.0]],\"z\":[7,8]}}");
    }

    @Test
    void theSignatureMayBeNamedBeforeOrAfter() throws Exception {
        String expected = "{\"predictions\":[[1.0,2.0,3.0]]}";
        assertThat(client.predict("echo", "{\"signature_name\": \"serving_default\", \"instances\": [[1, 2, 3]]}"))
                .isEqualTo(expected);
        assertThat(client.predict("echo", "{\"instances\": [[1, 2, 3]], \"signature_name\": \"\"}"))
                .isEqualTo(expected);
    }

    @Test
    void floatsThatAreNoNumbersComeAndGoAsPythonWritesThem() throws Exception {
        assertThat(client.predict("echo", "{\"instances\": [[NaN, Infinity, -Infinity]]}"))
                .isEqualTo("{\"predictions\":[[NaN,Infinity,-Infinity]]}");
    }

    @Test
    void everyFloatComesBackAsTheSameFloat() throws Exception {
        java.util.Random random = new java.util.Random(7);
        float[] sent = new float[3 * 400];
        StringBuilder body = new StringBuilder("{\"instances\":[");
        for (int i = 0; i < sent.length; i++) {
            do {
                sent[i] = Float.intBitsToFloat(random.nextInt());
            } while (!Float.isFinite(sent[i]));
            body.append(i % 3 == 0 ? i == 0 ? "[" : ",[" : ",").append(sent[i]).append(i % 3 == 2 ? "]" : "");
        }
        String answer = client.predict("echo", body.append("]}").toString());
        String[] found = answer.substring("{\"predictions\":[[".length(), answer.length() - 3)
                .split("[^0-9E.+-]+");
        assertThat(found).hasSameSizeAs(sent);
        for (int i = 0; i < sent.length; i++) {
            assertThat(Float.parseFloat(found[i])).as("value %d", i).isEqualTo(sent[i]);
        }
    }

    @Test
    void wholeNumbersFeedIntegersHoweverTheyAreWritten() throws Exception {
        assertThat(client.predict("tokens", "{\"instances\": [[1, 2.0, 3e0], [0, 0, 9]]}"))
                .isEqualTo("{\"predictions\":[[6.0],[9.0]]}");
    }

    @Test
    void textsMayStandAloneOrInListsOrInBase64() throws Exception {
        String expected = "{\"predictions\":[[5.0]]}";
        assertThat(client.predict("texts", "{\"instances\": [\"h\\u00e9llo\"]}"))
                .isEqualTo(expected);
        assertThat(client.predict("texts", "{\"instances\": [[\"héllo\"]]}")).isEqualTo(expected);
        assertThat(client.predict("texts", "{\"instances\": [{\"text\": \"hello\"}]}"))
                .isEqualTo(expected);
        assertThat(client.predict("texts", "{\"instances\": [{\"b64\": \"aMOpbGxv\"}]}"))
                .isEqualTo(expected);
        assertThat(client.predict("texts", "{\"instances\": [[{\"b64\": \"aMOpbGxv\"}]]}"))
                .isEqualTo(expected);
        assertThat(client.predict("texts", "{\"instances\": [{\"text\": {\"b64\": \"aMOpbGxv\"}}]}"))
                .isEqualTo(expected);
        assertThat(client.predict("texts", "{\"inputs\": [\"hello\", {\"b64\": \"\"}]}"))
                .isEqualTo("{\"outputs\":[[5.0],[0.0]]}");
    }

    @Test
    void keysOfOtherProtocolsArePassedOver() throws Exception {
        assertThat(client.predict("echo", "{\"parameters\": {\"a\": [1]}, \"instances\": [[1, 2, 3]]}"))
                .isEqualTo("{\"predictions\":[[1.0,2.0,3.0]]}");
    }

    @Test
    void curlsDefaultTypeIsAccepted() throws Exception {
        HttpResponse<String> response = client.send(client.to("/v1/models/echo:predict")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"instances\": [[1, 2, 3]]}")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void theModelsOwnTimeIsInAHeader() throws Exception {
        HttpResponse<String> response = client.post("/v1/models/echo:predict", "{\"instances\": [[1, 2, 3]]}");
        long nanos =
                response.headers().firstValueAsLong("Rekur-Inference-Nanos").orElseThrow();
        assertThat(nanos).isBetween(1L, 5_000_000_000L);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                String row = i + "," + i * 0.37f + ",0.1";
                answers.add(pool.submit(() -> client.predict("echo", "{\"instances\":[[" + row + "]]}")));
            }
            for (int i = 0; i < answers.size(); i++) {
                String[] found =
                        answers.get(i).get().replaceAll("[^0-9E.,-]", "").split(",");
                assertThat(Float.parseFloat(found[0])).isEqualTo(i);
                assertThat(Float.parseFloat(found[1])).isEqualTo(i * 0.37f);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
