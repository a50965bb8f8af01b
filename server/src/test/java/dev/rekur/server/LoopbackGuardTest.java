package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page of somebody else can make a browser send, as bytes: HTTP clients set such headers themselves. */
class LoopbackGuardTest {
    private static final String PREDICT = "POST /v1/models/echo:predict";

    private static RekurServer server;

    @BeforeAll
    static void start() {
        server = server("127.0.0.1");
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:9999", "[::1]", "[::1]:8080"})
    void namesOfTheLoopbackAddressAreAnswered(String host) throws Exception {
        assertThat(send(server, PREDICT, "Host: " + host)).startsWith("HTTP/1.1 200");
        assertThat(send(server, "GET /v1/models", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "[::2]",
                "192.0.2.1"
            })
    void aForeignHostIs403(String host) throws Exception {
        for (String line : new String[] {PREDICT, "GET /", "GET /v1/models", "GET /healthz/live"}) {
            assertRefused(send(server, line, "Host: " + host), "Host '" + host + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://evil.example",
                "null",
                "http://localhost:1",
                "http://127.0.0.1",
                "http://localhost:8080.evil.example"
            })
    void anOriginElsewhereMayNotPost(String origin) throws Exception {
        assertRefused(send(server, PREDICT, "Host: localhost:8080", "Origin: " + origin), "Origin '" + origin + "'");
        // reading computes nothing, and browsers keep the answer from the page
        assertThat(send(server, "GET /v1/models", "Host: localhost:8080", "Origin: " + origin))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("Access-Control-Allow");
    }

    @Test
    void theServersOwnPageMayPost() throws Exception {
        assertThat(send(
                        server,
                        PREDICT,
                        "Host: localhost:8080",
                        "Origin: http://localhost:8080",
                        "Sec-Fetch-Site: same-origin"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aCrossSitePostIs403WithoutAnOriginToo() throws Exception {
        assertRefused(send(server, PREDICT, "Host: localhost", "Sec-Fetch-Site: cross-site"), "cross-site");
        // a link to the page from elsewhere
        assertThat(send(server, "GET /", "Host: localhost", "Sec-Fetch-Site: cross-site"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void elsewhereThanOnLoopbackAProxyMayCallTheServerAnything() throws Exception {
        try (RekurServer open = server("0.0.0.0")) {
            assertThat(send(open, PREDICT, "Host: models.example", "Origin: https://models.example"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void theBoundHostIsAnswered() throws Exception {
        try (RekurServer other = server("127.0.0.2")) {
            assertThat(send("127.0.0.2", other.port(), PREDICT, "Host: 127.0.0.2:" + other.port()))
                    .startsWith("HTTP/1.1 200");
            assertRefused(send("127.0.0.2", other.port(), PREDICT, "Host: 127.0.0.3"), "Host '127.0.0.3'");
        }
    }

    private static void assertRefused(String answer, String reason) {
        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .containsIgnoringCase("Content-Type: application/json")
                .contains("{\"error\":\"")
                .contains(reason);
    }

    private static RekurServer server(String host) {
        return RekurServer.builder()
                .host(host)
                .port(0)
                .warmUp(Duration.ZERO)
                .models(ModelRepository.builder()
                        .add(TestModels.echo("echo", 1))
                        .build())
                .build()
                .start();
    }

    private static String send(RekurServer to, String line, String... headers) throws Exception {
        return send("127.0.0.1", to.port(), line, headers);
    }

    private static String send(String address, int port, String line, String... headers) throws Exception {
        String body = line.startsWith("POST") ? "{\"instances\": [[1, 2, 3]]}" : "";
        String request = line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
