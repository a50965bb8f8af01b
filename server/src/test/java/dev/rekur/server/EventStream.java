package dev.rekur.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page that listens to {@code /events} on a real socket. */
final class EventStream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    EventStream(URI address, String... headers) throws IOException {
        socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(10_000);
        // HTTP/1.0 has no chunks, whose sizes would stand between the lines
        String request = "GET /events HTTP/1.0\r\nHost: " + address.getAuthority() + "\r\n"
                + String.join(
                        "",
                        List.of(headers).stream().map(header -> header + "\r\n").toList()) + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next event as {@code name data}; null when the stream is over. */
    @Nullable
    String next() throws IOException {
        String name = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return name + " " + line.substring(6);
            }
        }
        return null;
    }

    /** Everything up to the first event that begins so. */
    List<String> until(String prefix) throws IOException {
        List<String> events = new ArrayList<>();
        for (String event = next(); event != null; event = next()) {
            events.add(event);
            if (event.startsWith(prefix)) {
                return events;
            }
        }
        throw new AssertionError("the stream ended before " + prefix + ": " + events);
    }

    /** The answer's first line and headers. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
