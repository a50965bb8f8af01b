package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to be refused: the status, one JSON object, and words that say what to do. */
class ErrorsTest {
    private static final int LIMIT = 64 << 10;

    private static RekurServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = RekurServer.builder()
                .port(0)
                .warmUp(Duration.ZERO)
                .bodyLimit(LIMIT)
                .maxRows(100)
                .maxElementsPerRow(50)
                .models(ModelRepository.builder()
                        .add(TestModels.echo("echo", 1))
                        .add(TestModels.echo("echo", 3))
                        .add(TestModels.matrices())
                        .add(TestModels.tokens())
                        .add(TestModels.texts())
                        .add(TestModels.pair())
                        .add(TestModels.defective())
                        .add(TestModels.overflowing())
                        .build())
                .build()
                .start();
        client = new Client(server.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        echo   |                                                       | an empty body
        echo   | [1, 2]                                                | found something else
        echo   | {}                                                    | expected "instances" (rows) or "inputs" (columns)
        echo   | {"instance": [[1, 2, 3]]}                             | expected "instances" (rows) or "inputs" (columns)
        echo   | {"instances": [[1, 2, 3]]                             | malformed JSON at line 1
        echo   | {"instances": [[1, 2, 3]]} x                          | malformed JSON
        echo   | {"instances": [[1, 2, 3]]} {}                         | something follows the end
        echo   | {"instances": [[1, 2, 03]]}                           | malformed JSON
        echo   | {"instances": [[1, 2,, 3]]}                           | malformed JSON
        echo   | {"instances": [[1,2,3]], "instances": [[1,2,3]]}      | Duplicate
        echo   | {"instances": [{"x": [1,2,3], "x": [1,2,3]}]}         | Duplicate
        echo   | {"a": {"b": 1, "b": 2}, "instances": [[1,2,3]]}       | Duplicate
        echo   | {"instances": [[1,2,3]], "inputs": [[1,2,3]]}         | found both
        echo   | {"instances": []}                                     | "instances" is empty
        echo   | {"instances": [[]]}                                   | expected shape [None, 3]
        echo   | {"instances": 3}                                      | to be a list of rows
        echo   | {"instances": [1, 2, 3]}                              | rows of shape [3], found [3]
        echo   | {"instances": [[1, 2]]}                               | rows of shape [3], found [1, 2]
        echo   | {"instances": [[[1, 2, 3]]]}                          | found [1, 1, 3]
        echo   | {"instances": [[1, 2, 3], [1, 2]]}                    | instances[1] is 2 elements where 3 stood before
        echo   | {"instances": [[1, 2, 3], 4]}                         | instances[1] is a value where an array stood before
        echo   | {"instances": [[1, [2], 3]]}                          | instances[0][1] is an array where a value stood before
        echo   | {"instances": [[1, 2, "3"]]}                          | expected a number at instances[0][2], found the text '3'
        echo   | {"instances": [[1, 2, null]]}                         | expected a number at instances[0][2], found null
        echo   | {"instances": [[1, 2, {}]]}                           | found an object
        echo   | {"instances": [[1, 2, 1e39]]}                         | expected a 32-bit float at instances[0][2], found 1e39
        echo   | {"instances": [{"y": [1, 2, 3]}]}                     | no input 'y'; its inputs are [x]
        echo   | {"instances": [{}]}                                   | input 'x' is missing
        echo   | {"inputs": {"y": [[1, 2, 3]]}}                        | no input 'y'; its inputs are [x]
        echo   | {"inputs": [1, 2, 3]}                                 | found [3]
        echo   | {"inputs": 1}                                         | found []
        echo   | {"inputs": [[1, 2, 3], [4, 5, 6, 7]]}                 | inputs[1] is 4 elements where 3 stood before
        echo   | {"signature_name": "other", "instances": [[1,2,3]]}   | serving_default
        matrices | {"instances": [[[1, 2], [3]]]}                      | instances[0][1] is 1 element where 2 stood before
        tokens | {"instances": [[1, 2.5]]}                             | expected a 32-bit integer at instances[0][1], found 2.5
        tokens | {"instances": [[1, 3000000000]]}                      | expected a 32-bit integer
        tokens | {"instances": [[1, NaN]]}                             | expected a 32-bit integer
        tokens | {"instances": [[]]}                                   | at least one value in each row
        tokens | {"instances": [[1, 2], [3, 10]]}                      | from 0 to 9, found 10 at row 1, position 1
        texts  | {"instances": [5]}                                    | expected a text at instances[0], found 5
        texts  | {"instances": [{"b64": "*"}]}                         | expected base64
        texts  | {"instances": [{"b64": "/w=="}]}                      | in UTF-8
        texts  | {"instances": [{"b64": 1}]}                           | base64 in a string
        texts  | {"instances": [{"other": "x"}]}                       | no input 'other'
        pair   | {"instances": [[1, 2]]}                               | an object with the inputs [a, b]
        pair   | {"instances": [{"a": [1, 2]}]}                        | input 'b' is missing
        pair   | {"instances": [{"a": [1, 2], "b": 1}, {"b": 1}]}      | instances[1]: input 'a' is missing
        pair   | {"inputs": {"a": [[1, 2]]}}                           | input 'b' is missing
        pair   | {"inputs": [[1, 2]]}                                  | an object with the inputs [a, b]
        pair   | {"inputs": {"a": [[1, 2]], "b": [1, 2]}}              | as many rows
        """)
    void aBodyThatDoesNotFitIs400(String model, String body, String message) throws Exception {
        HttpResponse<String> response = client.post("/v1/models/" + model + ":predict", body == null ? "" : body);
        assertError(response, 400, message);
    }

    @Test
    void deepNestingIs400() throws Exception {
        for (int depth : new int[] {33, 10_000}) {
            String body = "{\"instances\": " + "[".repeat(depth) + "]".repeat(depth) + "}";
            assertError(client.post("/v1/models/echo:predict", body), 400, "deeper than 32");
        }
        String ignored = "{\"other\": " + "[".repeat(40) + "]".repeat(40) + "}";
        assertError(client.post("/v1/models/echo:predict", ignored), 400, "deeper than 32");
    }

    @Test
    void tooManyRowsAre400() throws Exception {
        String rows = "[1,2,3],".repeat(100) + "[1,2,3]";
        assertError(client.post("/v1/models/echo:predict", "{\"instances\": [" + rows + "]}"), 400, "at most 100 rows");
        assertError(client.post("/v1/models/echo:predict", "{\"inputs\": [" + rows + "]}"), 400, "at most 100 rows");
    }

    @Test
    void aRowThatIsTooLongIs400() throws Exception {
        String fifty = "1" + ",1".repeat(49);
        String more = fifty + ",1,1";
        client.predict("tokens", "{\"instances\": [[" + fifty + "], [" + fifty + "]]}");
        client.predict("tokens", "{\"inputs\": [[" + fifty + "], [" + fifty + "]]}");
        assertError(
                client.post("/v1/models/tokens:predict", "{\"instances\": [[" + more + "]]}"),
                400,
                "input 'ids': expected at most 50 elements in a row, found 52 in instances[0]");
        assertError(
                client.post("/v1/models/tokens:predict", "{\"inputs\": [[" + more + "]]}"),
                400,
                "expected at most 50 elements in a row, found 52 in inputs[0]");
    }

    @Test
    void aTextThatIsTooLongIs400() throws Exception {
        String text = "a".repeat(50);
        client.predict("texts", "{\"instances\": [\"" + text + "\", \"" + text + "\"]}");
        for (String row : new String[] {
            "\"" + text + "a\"",
            "{\"b64\": \"" + Base64.getEncoder().encodeToString((text + "a").getBytes(StandardCharsets.UTF_8)) + "\"}"
        }) {
            assertError(
                    client.post("/v1/models/texts:predict", "{\"instances\": [\"a\", " + row + "]}"),
                    400,
                    "input 'text': expected at most 50 characters in a row, found 51 in instances[1]");
        }
        assertError(
                client.post("/v1/models/texts:predict", "{\"inputs\": [\"" + text + "a\"]}"),
                400,
                "found 51 in inputs[0]");
    }

    @Test
    void aRowWhoseLengthTheModelFixesIsNeverTooLong() throws Exception {
        try (RekurServer strict = RekurServer.builder()
                .port(0)
                .warmUp(Duration.ZERO)
                .maxElementsPerRow(1)
                .models(ModelRepository.builder()
                        .add(TestModels.echo("echo", 1))
                        .build())
                .build()
                .start()) {
            assertThat(new Client(strict.port()).predict("echo", "{\"instances\": [[1, 2, 3]]}"))
                    .contains("3.0");
        }
    }

    @Test
    void aNumberOfTenThousandDigitsIs400() throws Exception {
        String body = "{\"instances\": [[1, 2, " + "9".repeat(10_000) + "]]}";
        assertError(client.post("/v1/models/echo:predict", body), 400, "exceeds");
    }

    @Test
    void bytesThatAreNoUtf8Are400() throws Exception {
        byte[] body = "{\"instances\": [\"\u00ff\"]}".getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> response =
                client.send(client.to("/v1/models/texts:predict").POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        assertError(response, 400, "malformed JSON");
    }

    @Test
    void unknownModelsAndVersionsAre404AndNameWhatThereIs() throws Exception {
        String rows = "{\"instances\": [[1, 2, 3]]}";
        String models = "the models are [defective, echo, matrices, overflowing, pair, texts, tokens]";
        assertError(client.post("/v1/models/other:predict", rows), 404, models);
        assertError(client.get("/v1/models/other"), 404, models);
        assertError(client.get("/v1/models/other/metadata"), 404, models);
        assertError(client.get("/v1/models/other/graph"), 404, models);
        assertError(client.get("/v1/models/echo/versions/2"), 404, "its versions are [1, 3]");
        assertError(client.post("/v1/models/echo/versions/2:predict", rows), 404, "its versions are [1, 3]");
        assertError(client.get("/v1/models/echo/versions/x"), 404, "its versions are [1, 3]");
    }

    @Test
    void unknownAddressesAre404() throws Exception {
        for (String path :
                new String[] {"/nothing", "/v1", "/v1/models/echo/nothing", "/v2/models", "/page/other.js"}) {
            assertError(client.get(path), 404, "no such address");
            assertError(client.post(path, "{}"), 404, "no such address");
        }
        assertError(client.post("/v1/models/echo:classify", "{}"), 404, "use :predict");
    }

    @Test
    void addressesThatTryToClimbAre4xx() throws Exception {
        for (String path : new String[] {
            "/page/..%2f..%2fetc%2fpasswd", "/page/%2e%2e/%2e%2e/etc/passwd", "/v1/models/%2e%2e%2f", "/v1/models/%00"
        }) {
            HttpResponse<String> response = client.get(path);
            assertThat(response.statusCode()).as(path).isIn(400, 404);
            assertError(response, response.statusCode(), "");
        }
    }

    @Test
    void otherMethodsAre405AndSayWhichAreAllowed() throws Exception {
        for (String method : new String[] {"GET", "PUT", "DELETE", "PATCH", "HEAD"}) {
            HttpResponse<String> response = client.send(
                    client.to("/v1/models/echo:predict").method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
            if (!method.equals("HEAD")) {
                assertError(response, 405, method + " is not allowed here");
            }
        }
        HttpResponse<String> response = client.post("/v1/models", "{}");
        assertError(response, 405, "POST is not allowed here");
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        assertError(
                client.send(client.to("/v1/models").method("BREW", HttpRequest.BodyPublishers.noBody())),
                405,
                "BREW is not allowed here");
    }

    @Test
    void contentEncodingsAndTypesThatAreNotReadAre415() throws Exception {
        String rows = "{\"instances\": [[1, 2, 3]]}";
        for (String header : new String[] {
            "Content-Encoding: gzip",
            "Content-Encoding: br",
            "Content-Type: application/octet-stream",
            "Content-Type: multipart/form-data; boundary=x",
            "Content-Type: application/json; charset=utf-16"
        }) {
            String[] parts = header.split(": ");
            HttpResponse<String> response = client.send(client.to("/v1/models/echo:predict")
                    .header(parts[0], parts[1])
                    .POST(HttpRequest.BodyPublishers.ofString(rows)));
            assertError(response, 415, "not supported");
        }
    }

    @Test
    void bodiesOverTheLimitAre413WhetherDeclaredOrChunked() throws Exception {
        for (int size : new int[] {LIMIT + 1, 2 * LIMIT}) {
            byte[] body = body(size);
            assertError(send(HttpRequest.BodyPublishers.ofByteArray(body)), 413, "limit of " + LIMIT + " bytes");
            HttpRequest.BodyPublisher chunked =
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            assertError(send(chunked), 413, "limit of " + LIMIT + " bytes");
        }
        // exactly the limit passes
        assertThat(send(HttpRequest.BodyPublishers.ofByteArray(body(LIMIT))).statusCode())
                .isEqualTo(200);
        HttpRequest.BodyPublisher chunked =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body(LIMIT)));
        assertThat(send(chunked).statusCode()).isEqualTo(200);
    }

    @Test
    void defectsAre500WithAnIdAndNothingElse() throws Exception {
        for (String model : new String[] {"defective", "overflowing"}) {
            HttpResponse<String> response = client.post("/v1/models/" + model + ":predict", "{\"instances\": [[1]]}");
            assertError(response, 500, "internal error");
            assertThat(response.body()).doesNotContain("secret").doesNotContain("home");
        }
        assertThat(client.post("/v1/models/defective:predict", "{\"instances\": [[1]]}")
                        .body())
                .containsPattern("request id [0-9a-f-]{36}");
        assertThat(client.predict("echo", "{\"instances\": [[1, 2, 3]]}")).contains("1.0");
    }

    private static byte[] body(int size) {
        byte[] json = "{\"instances\": [[1, 2, 3]]}".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[size];
        java.util.Arrays.fill(body, (byte) ' ');
        System.arraycopy(json, 0, body, 0, json.length);
        return body;
    }

    private static HttpResponse<String> send(HttpRequest.BodyPublisher body) throws Exception {
        return client.send(client.to("/v1/models/echo:predict").POST(body));
    }

    private static void assertError(HttpResponse<String> response, int status, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).startsWith("{\"error\":\"").endsWith("\"}");
        String text = response.body().replace("\\\"", "\"");
        assertThat(text).contains(message);
        assertThat(text)
                .doesNotContain("Exception")
                .doesNotContain("\\tat ")
                .doesNotContain(".java")
                .doesNotContain("docs/");
    }
}
