package dev.checkedraft.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.checkedraft.kv.Command;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A client of a cluster: finds the leader, and sends a request again until it is answered. In a session, the same request sent
 * again is applied once. For use by one thread.
 */
public final class KvClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ONE_TRY = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 50;

    private final HttpClient http;
    private final List<String> nodes;
    private final Duration patience;
    private String asked;
    private long session = 0;
    private long seq = 0;

    /** An answer that decides. */
    public record Answer(int status, JsonNode body) {
        /** Whether a write changed something. */
        public boolean changed() {
            return body.path("changed").asBoolean();
        }

        /** The value read; null if there is none. */
        public @Nullable String value() {
            JsonNode value = body.get("value");
            return value == null ? null : value.textValue();
        }
    }

    /** No answer came in time; a write may have been done. */
    public static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswer(String message) {
            super(message);
        }
    }

    /**
     * @param nodes where they are, such as {@code http://127.0.0.1:8101}
     * @param patience how long a request is sent again
     */
    public KvClient(HttpClient http, List<String> nodes, Duration patience) {
        this.http = http;
        this.nodes = List.copyOf(nodes);
        this.patience = patience;
        asked = nodes.get(0);
    }

    /** An HTTP client as these need it. */
    public static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build();
    }

    /** Reads a key, as it is at some time between the call and its return. */
    public Answer get(String key) throws NoAnswer, InterruptedException {
        return ask("/kv/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20"), null);
    }

    public Answer put(String key, String value) throws NoAnswer, InterruptedException {
        return write(Command.Op.PUT, key, null, value);
    }

    public Answer delete(String key) throws NoAnswer, InterruptedException {
        return write(Command.Op.DELETE, key, null, null);
    }

    /** Sets a key's value if it is {@code expect} (null: if there is none); a null {@code value} takes it away. */
    public Answer compareAndSet(String key, @Nullable String expect, @Nullable String value)
            throws NoAnswer, InterruptedException {
        return write(Command.Op.CAS, key, expect, value);
    }

    /** Forgets the session: the next write opens another. */
    public void newSession() {
        session = 0;
    }

    private Answer write(Command.Op op, String key, @Nullable String expect, @Nullable String value)
            throws NoAnswer, InterruptedException {
        if (session == 0) {
            session = ask("/kv", Command.openSession().encoded())
                    .body
                    .path("session")
                    .asLong();
            seq = 0;
        }
        seq++;
        return ask("/kv", new Command(op, session, seq, key, expect, value).encoded());
    }

    private Answer ask(String path, @Nullable String body) throws NoAnswer, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        String last = "";
        do {
            try {
                HttpResponse<String> response = http.send(request(path, body), HttpResponse.BodyHandlers.ofString());
                String location = response.headers().firstValue("Location").orElse("");
                switch (response.statusCode()) {
                    case 307 -> {
                        asked = location.endsWith(path)
                                ? location.substring(0, location.length() - path.length())
                                : next();
                        continue;
                    }
                    case 503, 504 -> last = asked + ": " + response.body().strip();
                    default -> {
                        return new Answer(response.statusCode(), JSON.readTree(response.body()));
                    }
                }
            } catch (JsonProcessingException e) {
                last = asked + ": no JSON: " + e.getOriginalMessage();
            } catch (IOException e) {
                last = asked + ": " + (e.getMessage() == null ? e.toString() : e.getMessage());
            }
            asked = next();
            Thread.sleep(PAUSE_MILLIS);
        } while (System.nanoTime() < end);
        throw new NoAnswer("no answer in " + patience.toSeconds() + " s; the last try: " + last);
    }

    private HttpRequest request(String path, @Nullable String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(asked + path)).timeout(ONE_TRY);
        return (body == null ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(body))).build();
    }

    private String next() {
        return nodes.get((nodes.indexOf(asked) + 1) % nodes.size());
    }
}
