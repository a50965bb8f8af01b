package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who only serves does not carry the artifact that trains. */
class WithoutTrainingTest {
    @Test
    void theServerServesWhereNothingTrains() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> loader.loadClass("dev.rekur.training.Trainer"));
            Object builder = loader.loadClass(RekurServer.class.getName())
                    .getMethod("builder")
                    .invoke(null);
            builder.getClass().getMethod("port", int.class).invoke(builder, 0);
            builder.getClass().getMethod("models", Path[].class).invoke(builder, (Object)
                    new Path[] {Fixtures.golden("trained_adam")});
            Object server = builder.getClass().getMethod("build").invoke(builder);
            try {
                server.getClass().getMethod("start").invoke(server);
                int port = (int) server.getClass().getMethod("port").invoke(server);
                HttpResponse<String> answer = new Client(port).get("/v1/models/model");
                assertThat(answer.statusCode()).isEqualTo(200);
            } finally {
                server.getClass().getMethod("close").invoke(server);
            }
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            boolean trains = path.endsWith(Path.of("training", "target", "classes"))
                    || path.getFileName().toString().startsWith("rekur-training");
            if (!trains) {
                entries.add(path.toUri().toURL());
            }
        }
        return entries.toArray(URL[]::new);
    }
}
