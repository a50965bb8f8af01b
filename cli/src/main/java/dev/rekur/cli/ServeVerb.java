package dev.rekur.cli;

import dev.rekur.server.ModelRepository;
import dev.rekur.server.RekurServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekur serve}: models over HTTP, until the process is told to end. */
@Command(
        name = "serve",
        description = "Serves models over HTTP, with a page to try them on. Ends on SIGTERM or Ctrl+C with exit code 0,"
                + " when requests under way are answered.")
final class ServeVerb extends Verb {
    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description =
                    "A model, or a folder of models (each file, NAME.json with NAME.weights.h5, or name/version/ in it)."
                            + " None: the examples.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of the one configuration JSON that is named. Those beside it under its own name are"
                    + " found without.")
    private @Nullable Path weights;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default ${DEFAULT-VALUE}, this machine only).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port (default ${DEFAULT-VALUE}); 0 takes any that is free.")
    private int port;

    @Option(
            names = "--max-elements-per-row",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Elements of a row, or characters of its texts, that a request may send where the model leaves"
                            + " the length open (default ${DEFAULT-VALUE}).")
    private int maxElementsPerRow;

    ServeVerb(Terminal terminal) {
        super(terminal);
    }

    /** Whoever starts a server wants to know which kernels it chose, what it loaded and where it listens. */
    @Override
    String usualLogLevel() {
        return "info";
    }

    @Override
    int run() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new UsageException("--port: expected a number from 0 to 65535, found " + port);
        }
        if (maxElementsPerRow < 1) {
            throw new UsageException("--max-elements-per-row: expected a number from 1 on, found " + maxElementsPerRow);
        }
        if (weights != null && paths.size() != 1) {
            throw new UsageException("--weights goes with one PATH, the configuration; found " + paths.size());
        }
        try {
            RekurServer.requireAddress(host, port); // before models are loaded, which takes its time
        } catch (IllegalStateException unavailable) {
            throw new UsageException(String.valueOf(unavailable.getMessage()), unavailable);
        }
        RekurServer server = RekurServer.builder()
                .host(host)
                .port(port)
                .models(models())
                .maxElementsPerRow(maxElementsPerRow)
                .build();
        try {
            server.start();
        } catch (IllegalStateException unavailable) {
            throw new UsageException(String.valueOf(unavailable.getMessage()), unavailable);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "rekur-shutdown"));
        print(server.url());
        new CountDownLatch(1).await(); // a signal ends the JVM
        return CommandRunner.DONE;
    }

    /** Stops the server. A server that was told to end and did is done; the JVM would say that a signal killed it. */
    private void end(RekurServer server) {
        server.stop();
        terminal().out().flush();
        terminal().err().flush();
        Runtime.getRuntime().halt(CommandRunner.DONE);
    }

    private ModelRepository models() {
        if (paths.isEmpty()) {
            return ModelRepository.bundled();
        }
        return weights == null ? ModelRepository.load(paths) : ModelRepository.loadConfiguration(paths.get(0), weights);
    }
}
