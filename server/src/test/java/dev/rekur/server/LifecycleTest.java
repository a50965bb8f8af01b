package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starting, draining and stopping, over real sockets. */
class LifecycleTest {
    private static final String ROW = "{\"instances\": [[1]]}";
    private static final String BODY = "{\"instances\": [[1.0, 2.0, 3.0]]}";
    private static final String HEAD = "POST /v1/models/echo:predict HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "Content-Type: application/json\r\nContent-Length: " + BODY.length() + "\r\n\r\n";

    @Test
    void stopLetsRequestsUnderWayFinishAndSaysSoBefore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        RekurServer server = builder(TestModels.slow(begun, mayGoOn))
                .drainDelay(Duration.ofMillis(700))
                .build()
                .start();
        int port = server.port();
        Client client = new Client(port);
        assertThat(client.get("/healthz/ready").statusCode()).isEqualTo(200);

        CompletableFuture<HttpResponse<String>> underWay = async(() -> client.post("/v1/models/slow:predict", ROW));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);

        // first readiness turns, while new connections are still taken
        Client another = new Client(port);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        HttpResponse<String> ready = another.get("/v2/health/ready");
        while (ready.statusCode() == 200 && System.nanoTime() < deadline) {
            ready = another.get("/v2/health/ready");
        }
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .contains("\"live\":true")
                .contains("\"ready\":false")
                .contains("stopping");
        assertThat(another.get("/healthz/live").statusCode()).isEqualTo(200);
        assertThat(another.get("/v1/models").statusCode()).isEqualTo(200);

        // then new connections are refused, and the request under way still waits
        Thread.sleep(1_200);
        assertThatThrownBy(() -> new Client(port).get("/healthz/live")).isInstanceOf(ConnectException.class);
        assertThat(underWay).isNotDone();
        assertThat(stopping).isNotDone();

        mayGoOn.countDown();
        HttpResponse<String> answer = underWay.get(5, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"predictions\":[[1.0]]}");
        stopping.get(5, TimeUnit.SECONDS);
    }

    @Test
    void stopGivesUpOnRequestsThatOutlastItsTimeout() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        RekurServer server = builder(TestModels.slow(begun, new CountDownLatch(1)))
                .stopTimeout(Duration.ofMillis(300))
                .build()
                .start();
        Client client = new Client(server.port());
        CompletableFuture<HttpResponse<String>> underWay = async(() -> client.post("/v1/models/slow:predict", ROW));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        server.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(underWay.handle((answer, failure) -> answer == null || answer.statusCode() >= 500)
                        .get(5, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aRequestThatIsStillBeingSentIsAnsweredToo() throws Exception {
        RekurServer server = builder(TestModels.echo("echo", 1)).build().start();
        List<Socket> sockets = new ArrayList<>();
        for (int sent : new int[] {0, 20}) { // only the head; part of the body
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.setSoTimeout(10_000);
            String begun = HEAD + BODY.substring(0, sent);
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        Thread.sleep(300); // both have arrived
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);
        Thread.sleep(700);
        assertThat(stopping).isNotDone();
        for (int i = 0; i < sockets.size(); i++) {
            Socket socket = sockets.get(i);
            socket.getOutputStream().write(BODY.substring(i == 0 ? 0 : 20).getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close")
                    .endsWith("{\"predictions\":[[1.0,2.0,3.0]]}");
            socket.close();
        }
        stopping.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aRequestThatNobodySendsOnDoesNotHoldTheServerUp() throws Exception {
        RekurServer server = builder(TestModels.echo("echo", 1)).build().start();
        try (Socket small = new Socket("127.0.0.1", server.port());
                Socket large = new Socket("127.0.0.1", server.port())) {
            small.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            // more than is read ahead, so that a thread waits for the rest
            large.getOutputStream()
                    .write((HEAD.replaceFirst("Length: \\d+", "Length: 200000") + " ".repeat(100_000))
                            .getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(300);
            long start = System.nanoTime();
            server.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void stopLeavesNoThreadAndFreesThePort() throws Exception {
        // whatever the JVM and libraries start once and keep
        try (RekurServer first = builder(TestModels.echo("echo", 1)).build().start()) {
            new Client(first.port()).get("/v1/models");
        }
        Client warm = null;
        Set<Thread> before = threads();
        for (int round = 0; round < 3; round++) {
            RekurServer server = builder(TestModels.echo("echo", 1)).build().start();
            int port = server.port();
            Client client = new Client(port);
            warm = client;
            for (int i = 0; i < 20; i++) {
                client.predict("echo", "{\"instances\": [[1, 2, 3]]}");
            }
            long start = System.nanoTime();
            server.stop();
            server.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            try (ServerSocket free = new ServerSocket(port, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
                assertThat(free.isBound()).isTrue();
            }
        }
        assertThat(warm).isNotNull();
        Set<String> left = threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("HttpClient-")) // the test's own clients
                .collect(Collectors.toSet());
        assertThat(left).isEmpty();
    }

    @Test
    void aTakenPortIsSaidInWordsAndLeavesNoThread() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            RekurServer server = builder(TestModels.echo("echo", 1))
                    .port(taken.getLocalPort())
                    .build();
            assertThatThrownBy(server::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("another program listens there")
                    .hasMessageContaining("choose another");
            server.stop();
        }
        assertThat(threads().stream().map(Thread::getName).filter(name -> name.startsWith("rekur-http")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nohost.invalid | no host of that name is known
            192.0.2.1      | this machine has no such address
            """)
    void anAddressThatIsNotOursIsKnownBeforeModelsAreLoaded(String host, String reason) {
        assertThatThrownBy(() -> RekurServer.requireAddress(host, 8092))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot listen on " + host + ", port 8092: " + reason);
    }

    @Test
    void anAddressThatIsFreeStaysFree() {
        RekurServer.requireAddress("127.0.0.1", 0);
        RekurServer.requireAddress("localhost", 0);
        try (RekurServer server = builder(TestModels.echo("echo", 1)).build()) {
            assertThat(server.start().port()).isPositive();
        }
    }

    @Test
    void aModelThatFailsOnAnExampleDoesNotKeepTheOthersFromBeingServed() throws Exception {
        try (RekurServer server = RekurServer.builder()
                .port(0)
                .warmUp(Duration.ofMillis(50))
                .models(ModelRepository.builder()
                        .add(TestModels.defective())
                        .add(TestModels.echo("echo", 1))
                        .build())
                .build()
                .start()) {
            assertThat(new Client(server.port()).predict("echo", "{\"instances\": [[1, 2, 3]]}"))
                    .contains("1.0");
        }
    }

    @Test
    void aServerIsStartedOnce() {
        RekurServer server = builder(TestModels.echo("echo", 1)).build().start();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        server.close();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void listensOnLoopbackAlone() throws Exception {
        try (RekurServer server = builder(TestModels.echo("echo", 1)).build().start()) {
            assertThat(server.url()).isEqualTo("http://127.0.0.1:" + server.port() + "/");
            for (java.net.NetworkInterface network :
                    java.util.Collections.list(java.net.NetworkInterface.getNetworkInterfaces())) {
                for (java.net.InetAddress address : java.util.Collections.list(network.getInetAddresses())) {
                    if (!address.isLoopbackAddress()) {
                        assertThatThrownBy(() -> new java.net.Socket(address, server.port()).close())
                                .isInstanceOf(java.io.IOException.class);
                    }
                }
            }
        }
    }

    private static RekurServer.Builder builder(ServedModel model) {
        return RekurServer.builder()
                .port(0)
                .warmUp(Duration.ZERO)
                .models(ModelRepository.builder().add(model).build());
    }

    private static Set<Thread> threads() throws InterruptedException {
        Thread.sleep(200); // threads that were told to end are given time to
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    private interface Call {
        HttpResponse<String> send() throws Exception;
    }

    private static CompletableFuture<HttpResponse<String>> async(Call call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.send();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
    }
}
