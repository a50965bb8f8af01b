package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.optimizer.Sgd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TrainingWatchTest {
    private final MadeUpRun run = new MadeUpRun(3, 4);
    private TrainingWatch watch;

    @BeforeEach
    void start() {
        watch = TrainingWatch.start(0);
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void aPageIsToldWhatHappensAsItHappens() throws IOException {
        try (EventStream page = new EventStream(watch.address())) {
            assertThat(page.head())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: text/event-stream")
                    .containsIgnoringCase("Cache-Control: no-store")
                    .doesNotContain("Access-Control");
            assertThat(page.next()).isEqualTo("reset {}");
            watch.trainBegin(run);
            assertThat(page.until("run")).endsWith("run {\"epochs\":3}");
            watch.epochBegin(run, 0);
            watch.batchEnd(run, 0, new Logs().put("loss", 0.5));
            assertThat(page.next())
                    .startsWith("batch {\"epoch\":1,\"batch\":1,\"steps\":4,\"stepsPerSecond\":")
                    .contains("\"secondsLeft\":", "\"learningRate\":0.001", "\"values\":{\"loss\":0.5}");
            watch.epochEnd(run, 0, new Logs().put("loss", 0.25).put("val_loss", Double.NaN));
            assertThat(page.next())
                    .isEqualTo(
                            "epoch {\"epoch\":1,\"values\":{\"loss\":0.25,\"val_loss\":\"NaN\",\"learning_rate\":0.001}}");
            watch.finding(new Finding(Finding.Kind.NON_FINITE, "val_loss is\nNaN", "Look at the data."));
            assertThat(page.next())
                    .isEqualTo("finding {\"kind\":\"a value is not finite\",\"evidence\":\"val_loss is\\nNaN\","
                            + "\"advice\":\"Look at the data.\"}");
            watch.trainEnd(run, new Logs());
            assertThat(page.next()).isEqualTo("end {\"epochs\":1}");
        }
    }

    @Test
    void whoComesLateIsToldEverythingSoFarAlsoWhenTheTrainingHasEnded() throws IOException {
        train(3);
        try (EventStream page = new EventStream(watch.address())) {
            List<String> events = page.until("end");
            assertThat(events).filteredOn(event -> event.startsWith("epoch")).hasSize(3);
            assertThat(events.get(0)).isEqualTo("reset {}");
            assertThat(events.get(1)).isEqualTo("run {\"epochs\":3}");
        }
    }

    @Test
    void anotherTrainingStartsThePageAfresh() throws IOException {
        train(3);
        watch.trainBegin(run);
        watch.trainEnd(run, new Logs());
        try (EventStream page = new EventStream(watch.address())) {
            assertThat(page.until("end"))
                    .containsSequence("reset {}", "run {\"epochs\":3}")
                    .endsWith("end {\"epochs\":0}")
                    .noneMatch(event -> event.startsWith("epoch"));
        }
    }

    @Test
    void aTrainingThatIsResumedShowsItsEarlierEpochs() throws IOException {
        train(2);
        Map<String, Object> state = watch.state();
        watch.close();
        watch = TrainingWatch.start(0);
        watch.trainBegin(run);
        watch.restoreState(state);
        watch.epochEnd(run, 2, MadeUpRun.logs(2, true));
        watch.trainEnd(run, new Logs());
        try (EventStream page = new EventStream(watch.address())) {
            assertThat(page.until("end"))
                    .endsWith("end {\"epochs\":3}")
                    .filteredOn(event -> event.startsWith("epoch"))
                    .hasSize(3);
        }
    }

    @Test
    void batchesAreToldTenTimesASecondAtMost() throws IOException {
        try (EventStream page = new EventStream(watch.address())) {
            page.until("reset");
            long begun = System.nanoTime();
            watch.trainBegin(run);
            watch.epochBegin(run, 0);
            Logs logs = new Logs().put("loss", 1);
            int batch = 0;
            while (System.nanoTime() - begun < Duration.ofMillis(650).toNanos()) {
                watch.batchEnd(run, batch++, logs);
            }
            watch.trainEnd(run, logs);
            assertThat(page.until("end"))
                    .filteredOn(event -> event.startsWith("batch"))
                    .hasSizeBetween(2, 7);
            assertThat(batch).isGreaterThan(1_000);
        }
    }

    @Test
    void aBrowserThatDoesNotReadHoldsNothingUp() throws IOException {
        try (EventStream hung = new EventStream(watch.address());
                EventStream page = new EventStream(watch.address())) {
            hung.head(); // and reads no more
            page.until("reset");
            watch.trainBegin(run);
            Logs logs = new Logs();
            for (int i = 0; i < 200; i++) {
                logs.put("a_metric_with_a_long_name_" + i, i / 7.0);
            }
            long slowest = 0;
            for (int epoch = 0; epoch < 3_000; epoch++) { // some 25 MB, more than sockets and queues hold
                long before = System.nanoTime();
                watch.epochEnd(run, epoch, logs);
                slowest = Math.max(slowest, System.nanoTime() - before);
            }
            watch.trainEnd(run, logs);
            assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(2));
        }
        try (EventStream later = new EventStream(watch.address())) {
            long epochs = later.until("end").stream()
                    .filter(event -> event.startsWith("epoch"))
                    .count();
            assertThat(epochs).isEqualTo(3_000);
        }
        long before = System.nanoTime();
        watch.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void browsersThatLeaveMakeRoomForOthers() throws Exception {
        List<EventStream> pages = new ArrayList<>();
        for (int i = 0; i < WatchFeed.PAGES; i++) {
            pages.add(new EventStream(watch.address()));
            pages.get(i).until("reset");
        }
        try (EventStream tooMany = new EventStream(watch.address())) {
            assertThat(tooMany.head()).startsWith("HTTP/1.1 503");
        }
        for (EventStream page : pages) {
            page.close();
        }
        String answer = "";
        for (int i = 0; i < 100 && !answer.startsWith("HTTP/1.1 200"); i++) {
            watch.finding(new Finding(Finding.Kind.SLOW, "it is", "wait")); // writing shows who has left
            Thread.sleep(100);
            try (EventStream again = new EventStream(watch.address())) {
                answer = again.head();
            }
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void pagesOfOthersMayNotWatch(String header) throws IOException {
        try (EventStream page = new EventStream(watch.address(), header)) {
            assertThat(page.head()).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void namesThatSomebodyMadePointHereAreRefused() throws Exception {
        try (EventStream page = new EventStream(watch.address(), "Sec-Fetch-Site: same-origin")) {
            assertThat(page.head()).startsWith("HTTP/1.1 200");
        }
        try (Socket socket = new Socket("127.0.0.1", watch.address().getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void thePageAndAllItsFilesComeFromHere() throws Exception {
        Client client = new Client(watch.address().getPort());
        String page = client.get("/").body();
        Matcher files = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"").matcher(page);
        int count = 0;
        while (files.find()) {
            assertThat(client.get(files.group(1)).statusCode())
                    .as(files.group(1))
                    .isEqualTo(200);
            count++;
        }
        assertThat(count).isGreaterThan(5);
        assertThat(page).doesNotContain("http:", "https:");
        assertThat(client.get("/").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
        assertThat(client.get("/v1/models").statusCode()).isEqualTo(404);
        assertThat(client.post("/events", "").statusCode()).isEqualTo(405);
    }

    @Test
    void aPortThatIsTakenIsAnError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> TrainingWatch.start(taken.getLocalPort()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        assertThatThrownBy(() -> TrainingWatch.start(-1)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aRealTrainingIsWatchedAndComesOutTheSame() throws IOException {
        Model model = Rekur.load(Fixtures.example("debian-sections-tokens.keras"));
        int[] tokens = new int[16 * 100];
        int[] sections = new int[16];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = 1 + i * 7919 % 9999;
            sections[i / 100] = i / 100 % 5;
        }
        Dataset data = Dataset.of(Tensor.of(tokens, 16, 100), Tensor.of(sections, 16));
        Supplier<Trainer> trainer = () -> Trainer.of(model)
                .optimizer(Sgd.with())
                .loss("sparse_categorical_crossentropy")
                .metrics("accuracy");
        Training watched = trainer.get().callback(watch).fit(data, data, FitOption.epochs(2), FitOption.batchSize(8));
        Training alone = trainer.get().fit(data, data, FitOption.epochs(2), FitOption.batchSize(8));
        assertThat(watched.history().toJson()).isEqualTo(alone.history().toJson());
        try (EventStream page = new EventStream(watch.address())) {
            List<String> events = page.until("end");
            assertThat(events).contains("run {\"epochs\":2}").endsWith("end {\"epochs\":2}");
            assertThat(events)
                    .filteredOn(event -> event.startsWith("epoch"))
                    .hasSize(2)
                    .allMatch(event -> event.contains("\"loss\":")
                            && event.contains("\"val_accuracy\":")
                            && event.contains("\"learning_rate\":"));
        }
    }

    @Test
    void aWatchThatIsClosedIsNoTroubleForTheTraining() {
        watch.close();
        train(3);
    }

    @Test
    void aKeptStateThatIsNoneDoesNotEndTheTraining() {
        watch.trainBegin(run);
        watch.restoreState(Map.of("epoch", "never"));
        watch.epochBegin(run, 0);
        watch.epochEnd(run, 0, MadeUpRun.logs(0, true));
        assertThat(watch.state()).isNotEmpty();
    }

    @Test
    void closingLeavesNoThread() throws IOException {
        try (EventStream page = new EventStream(watch.address())) {
            page.until("reset");
            watch.close();
            assertThat(page.next()).isNull();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("rekur-watch"));
    }

    private void train(int epochs) {
        watch.trainBegin(run);
        for (int epoch = 0; epoch < epochs; epoch++) {
            watch.epochBegin(run, epoch);
            for (int batch = 0; batch < 4; batch++) {
                watch.batchEnd(run, batch, MadeUpRun.logs(epoch, false));
            }
            watch.epochEnd(run, epoch, MadeUpRun.logs(epoch, true));
        }
        watch.trainEnd(run, MadeUpRun.logs(epochs, true));
    }
}
