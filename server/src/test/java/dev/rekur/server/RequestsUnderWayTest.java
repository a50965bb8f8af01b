package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Requests of one connection, each of which begins and ends by itself. */
class RequestsUnderWayTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final EndPoint client = made(EndPoint.class, Map.of("close", arguments -> closed.incrementAndGet()));

    @Test
    void theEndOfARequestIsNotThatOfTheNextOnItsConnection() throws Exception {
        RequestsUnderWay requests = new RequestsUnderWay(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return true;
            }
        });
        Server server = new Server();
        server.setHandler(requests);
        List<HttpStream> streams = new ArrayList<>();
        Response response = made(Response.class, Map.of());
        requests.handle(request(streams), response, Callback.NOOP);
        requests.handle(request(streams), response, Callback.NOOP); // before Jetty tells of the end of the first

        streams.get(0).succeeded();
        RequestsUnderWay.await(server, Duration.ofMillis(50));
        assertThat(closed).as("the second is still being sent, and is cut off").hasValue(1);

        streams.get(1).succeeded();
        RequestsUnderWay.await(server, Duration.ofMillis(50));
        assertThat(closed).hasValue(1);
    }

    /** A request with a body; its stream tells whoever listens of its end. */
    private Request request(List<HttpStream> streams) {
        Connection connection = made(Connection.class, Map.of("getEndPoint", arguments -> client));
        ConnectionMetaData data = made(ConnectionMetaData.class, Map.of("getConnection", arguments -> connection));
        HttpFields headers = HttpFields.build().put(HttpHeader.CONTENT_LENGTH, 10);
        return made(
                Request.class,
                Map.of(
                        "getLength", arguments -> 10L,
                        "getHeaders", arguments -> headers,
                        "getConnectionMetaData", arguments -> data,
                        "addHttpStreamWrapper", arguments -> streams.add(wrapped(arguments[0]))));
    }

    @SuppressWarnings("unchecked")
    private static HttpStream wrapped(Object wrapper) {
        return ((Function<HttpStream, HttpStream>) wrapper).apply(made(HttpStream.class, Map.of()));
    }

    private static <T> T made(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Function<Object[], Object> answer = answers.get(method.getName());
                    return switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> {
                            Object result = answer == null ? null : answer.apply(arguments);
                            yield method.getReturnType() == void.class ? null : result;
                        }
                    };
                }));
    }
}
