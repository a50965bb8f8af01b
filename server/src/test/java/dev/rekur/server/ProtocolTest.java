package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is around predictions: descriptions, health, HEAD and OPTIONS, keep-alive, and requests that are not HTTP. */
class ProtocolTest {
    private static RekurServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = RekurServer.builder()
                .port(0)
                .warmUp(Duration.ZERO)
                .models(ModelRepository.builder()
                        .add(TestModels.echo("echo", 1))
                        .add(TestModels.echo("echo", 12))
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
    void modelsAreListed() throws Exception {
        assertThat(client.get("/v1/models").body()).isEqualTo("{\"models\":[\"echo\",\"pair\"]}");
    }

    @Test
    void theStateOfAModelSpeaksTensorFlowAndKServe() throws Exception {
        String available = "\"state\":\"AVAILABLE\",\"status\":{\"error_code\":\"OK\",\"error_message\":\"\"}}";
        assertThat(client.get("/v1/models/echo").body())
                .isEqualTo("{\"name\":\"echo\",\"ready\":true,\"model_version_status\":[{\"version\":\"12\","
                        + available + ",{\"version\":\"1\"," + available + "]}");
        assertThat(client.get("/v1/models/echo/versions/1").body())
                .isEqualTo("{\"name\":\"echo\",\"ready\":true,\"model_version_status\":[{\"version\":\"1\"," + available
                        + "]}");
    }

    @Test
    void metadataGivesTheSignature() throws Exception {
        assertThat(client.get("/v1/models/echo/metadata").body())
                .isEqualTo("{\"model_spec\":{\"name\":\"echo\",\"signature_name\":\"\",\"version\":\"12\"},"
                        + "\"metadata\":{\"signature_def\":{\"signature_def\":{\"serving_default\":{"
                        + "\"inputs\":{\"x\":{\"dtype\":\"DT_FLOAT\",\"tensor_shape\":{\"dim\":["
                        + "{\"size\":\"-1\",\"name\":\"\"},{\"size\":\"3\",\"name\":\"\"}],\"unknown_rank\":false},"
                        + "\"name\":\"x\"}},"
                        + "\"outputs\":{\"y\":{\"dtype\":\"DT_FLOAT\",\"tensor_shape\":{\"dim\":["
                        + "{\"size\":\"-1\",\"name\":\"\"},{\"size\":\"3\",\"name\":\"\"}],\"unknown_rank\":false},"
                        + "\"name\":\"y\"}},"
                        + "\"method_name\":\"tensorflow/serving/predict\"}}}}}");
        assertThat(client.get("/v1/models/echo/versions/1/metadata").body()).contains("\"version\":\"1\"");
    }

    @Test
    void theGraphHasNodesEdgesAndCounts() throws Exception {
        String graph = client.get("/v1/models/pair/graph").body();
        assertThat(graph)
                .contains("\"layers\":3,\"parameters\":6")
                .contains(
                        "{\"id\":2,\"name\":\"body\",\"class\":\"Body\",\"shapes\":[[null,2],[null]],\"parameters\":6,"
                                + "\"trainable\":true}")
                .contains("\"edges\":[{\"from\":0,\"output\":0,\"to\":2,\"mask\":false},"
                        + "{\"from\":1,\"output\":0,\"to\":2,\"mask\":false}]")
                .contains("{\"name\":\"a\",\"kind\":\"float\",\"shape\":[null,2],\"node\":0,\"examples\":[[");
        assertThat(client.get("/v1/models/pair/versions/1/graph").body()).isEqualTo(graph);
    }

    @Test
    void healthIsAnsweredForKubernetesAndForVersionTwo() throws Exception {
        for (String path : new String[] {"/healthz/live", "/healthz/ready", "/v2/health/live", "/v2/health/ready"}) {
            HttpResponse<String> response = client.get(path);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{\"live\":true,\"ready\":true}");
        }
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        for (String path : new String[] {"/", "/v1/models", "/healthz/ready", "/v1/models/echo"}) {
            HttpResponse<String> head =
                    client.send(client.to(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            HttpResponse<String> get = client.get(path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("Content-Length"))
                    .isEqualTo(get.headers().firstValue("Content-Length"));
        }
    }

    @Test
    void optionsSaysWhatIsAllowed() throws Exception {
        HttpResponse<String> response = client.send(
                client.to("/v1/models/echo:predict").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
        assertThat(client.send(client.to("/nothing").method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
        Raw whole = raw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(whole.status()).isBetween(200, 499);
    }

    @Test
    void thePageComesWithAStrictPolicy() throws Exception {
        HttpResponse<String> page = client.get("/");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.body())
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("<script>");
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            String good = "{\"instances\": [[1, 2, 3]]}";
            for (String body : new String[] {good, "{\"instances\": [[1, 2", good, "[]", good}) {
                out.write(("POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
                String answer = readOne(socket.getInputStream());
                assertThat(answer).startsWith(body.equals(good) ? "HTTP/1.1 200" : "HTTP/1.1 400");
                assertThat(answer).doesNotContainIgnoringCase("Connection: close");
            }
        }
    }

    @Test
    void clientsThatStallTakeNoThreadFromOthers() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket("127.0.0.1", server.port());
                stalled.add(socket);
                String begun =
                        "POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"inst";
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
            }
            Thread.sleep(300);
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                client.predict("echo", "{\"instances\": [[1, 2, 3]]}");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void aBodyInAHundredThousandChunksIsABodyLikeAnyOther() throws Exception {
        StringBuilder body = new StringBuilder();
        for (char letter : ("{\"instances\": [[1, 2, 3]]}" + " ".repeat(100_000)).toCharArray()) {
            body.append("1\r\n").append(letter).append("\r\n");
        }
        Raw answer =
                raw("POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + body + "0\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"predictions\":[[1.0,2.0,3.0]]}");
    }

    @Test
    void requestsThatAreNoHttpGetJsonAndNoStackTrace() throws Exception {
        for (String request : new String[] {
            "NONSENSE\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET /v1/models/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nA: " + "a".repeat(20_000) + "\r\n\r\n",
            "POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/models/echo:predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        }) {
            Raw response = raw(request);
            String shown = request.length() > 80 ? request.substring(0, 80) : request;
            assertThat(response.status()).as(shown + response.body()).isBetween(400, 599);
            assertThat(response.body())
                    .as(shown)
                    .startsWith("{\"error\":\"")
                    .doesNotContain("Exception")
                    .doesNotContain("<");
        }
    }

    private record Raw(int status, String body) {}

    /** Sends bytes as they stand and reads the first answer. */
    private static Raw raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = readOne(socket.getInputStream());
            int body = answer.indexOf("\r\n\r\n");
            return new Raw(Integer.parseInt(answer.substring(9, 12)), answer.substring(body + 4));
        }
    }

    /** One answer from a connection that may stay open. */
    private static String readOne(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        java.util.regex.Matcher length =
                java.util.regex.Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head);
        byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : in.readAllBytes();
        return head + new String(body, StandardCharsets.UTF_8);
    }
}
