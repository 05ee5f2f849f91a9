package dev.checkedraft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message;
import dev.checkedraft.disk.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on its ports: what clients are told, and that bad input is refused and does no harm. */
class NodeTest {
    /** How often it is looked for what must come; each time with a pause. */
    private static final int LOOKS = 600;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path directory;

    private final List<String> log = new ArrayList<>();
    private Member self = new Member("n1", "127.0.0.1", 1, 1);
    private Node node;

    @BeforeEach
    void start() throws IOException, StoreException, InterruptedException {
        try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            self = new Member("n1", "127.0.0.1", a.getLocalPort(), b.getLocalPort());
        }
        node = Node.start(options(self), line -> {
            synchronized (log) {
                log.add(line);
            }
        });
        for (int k = 0; !node.status().role().equals("Leader") && k < LOOKS; k++) {
            Thread.sleep(50);
        }
    }

    private Node.Options options(Member member) {
        return new Node.Options("n1", "c", List.of(member), directory.resolve("n1"), 1 << 20);
    }

    @AfterEach
    void stop() throws StoreException {
        node.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(self.url() + path)));
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(self.url() + "/kv")).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void assertServes() throws IOException, InterruptedException {
        assertEquals(
                200, post("{\"op\":\"put\",\"key\":\"a b/ü\",\"value\":\"1\"}").statusCode());
        assertEquals(
                "{\"key\":\"a b/ü\",\"value\":\"1\"}\n",
                get("/kv/a%20b%2F%C3%BC").body());
    }

    private String metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("none");
    }

    @Test
    void readsAndWritesAndTellsOfItself() throws IOException, InterruptedException {
        assertServes();
        assertEquals(404, get("/kv/b").statusCode());
        assertTrue(get("/status").body().contains("\"role\":\"Leader\""));
        assertTrue(get("/").body().startsWith("<!doctype html>"));
        assertEquals("1", metric("raft_is_leader"));
    }

    @Test
    void badRequestsAreToldWhatWasExpected() throws IOException, InterruptedException {
        assertEquals(400, post("{\"op\":").statusCode());
        assertEquals(
                "{\"error\":\"value: expected a string\"}\n",
                post("{\"op\":\"put\",\"key\":\"a\"}").body());
        assertEquals(
                400,
                post("{\"op\":\"put\",\"key\":\"" + "k".repeat(10_000) + "\",\"value\":\"\"}")
                        .statusCode());
        assertEquals(
                413,
                post("{\"op\":\"put\",\"key\":\"" + "k".repeat(1 << 20) + "\",\"value\":\"\"}")
                        .statusCode());
        try (Socket socket = connect(self.httpPort())) {
            socket.getOutputStream()
                    .write("GET /kv/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        }
        assertEquals(400, get("/kv/").statusCode());
        assertEquals(404, get("/nothing").statusCode());
        assertEquals(405, get("/kv").statusCode());
        assertEquals(400, get("/kv/" + "k".repeat(5_000)).statusCode());
        assertServes();
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Sends bytes to a port and waits until the node has closed the connection. */
    private void assertRefused(int port, byte[] bytes) throws IOException {
        try (Socket socket = connect(port)) {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(bytes);
                out.flush();
                while (socket.getInputStream().read() >= 0) {}
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).matches(".*([Rr]eset|[Bb]roken pipe).*"), e::toString);
            }
        }
    }

    private static byte[] framed(byte[] json) {
        return ByteBuffer.allocate(4 + json.length)
                .putInt(json.length)
                .put(json)
                .array();
    }

    private static byte[] vote(String cluster, String from, String to) {
        return framed(new Frame(cluster, 0, new Message.RequestVote(1_000_000, from, to, 5, 5)).encoded());
    }

    @Test
    void framesOfStrangersChangeNothingAndAreCounted() throws IOException, InterruptedException {
        long term = node.status().term();
        assertRefused(self.peerPort(), vote("d", "n2", "n1"));
        assertRefused(self.peerPort(), vote("c", "n2", "n1"));
        assertRefused(self.peerPort(), vote("c", "n1", "n3"));
        byte[] version = new String(vote("c", "n2", "n1"), StandardCharsets.ISO_8859_1)
                .replace("\"version\":1", "\"version\":2")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(self.peerPort(), version);
        assertRefused(self.peerPort(), framed("{\"version\":1}".getBytes(StandardCharsets.UTF_8)));
        assertRefused(
                self.peerPort(),
                ByteBuffer.allocate(4).putInt(Frame.MAX_BYTES + 5).array());
        assertRefused(self.peerPort(), ByteBuffer.allocate(4).putInt(-1).array());
        assertEquals("1", metric("raft_refused_total{reason=\"cluster\"}"));
        assertEquals("1", metric("raft_refused_total{reason=\"sender\"}"));
        assertEquals("1", metric("raft_refused_total{reason=\"receiver\"}"));
        assertEquals("1", metric("raft_refused_total{reason=\"version\"}"));
        assertEquals("1", metric("raft_refused_total{reason=\"frame\"}"));
        assertEquals("2", metric("raft_refused_total{reason=\"size\"}"));
        assertEquals(term, node.status().term());
        synchronized (log) {
            assertTrue(log.stream().anyMatch(line -> line.contains("expected cluster c")), log::toString);
        }
        assertServes();
    }

    @Test
    void randomBytesDoNoHarm() throws IOException, InterruptedException {
        Random random = new Random(9);
        for (int k = 0; k < 20; k++) {
            byte[] bytes = new byte[20_000];
            random.nextBytes(bytes);
            // A length that the node takes, so that it does read what follows.
            bytes[0] = 0;
            bytes[1] = 0;
            bytes[2] = (byte) k;
            assertRefused(self.peerPort(), bytes);
            bytes[0] = '\n';
            assertRefused(self.httpPort(), ("X" + random.nextLong() + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        }
        assertServes();
    }

    /** More than the node keeps: it closes the oldest, and goes on with those that have something to say. */
    @Test
    void aThousandIdleConnectionsToEachPortTakeNobodysPlace() throws IOException, InterruptedException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int k = 0; k < 1_000; k++) {
                Socket peer = connect(self.peerPort());
                idle.add(peer);
                Socket client = connect(self.httpPort());
                client.getOutputStream().write("GET /kv/a HTTP/1.1\r\nHost".getBytes(StandardCharsets.UTF_8));
                idle.add(client);
            }
            assertServes();
            assertEquals(-1, idle.get(0).getInputStream().read());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** A request that comes byte by byte is given up, as is a connection to a peer's port that says nothing. */
    @Test
    void slowConnectionsAreClosed() throws IOException, InterruptedException {
        try (Socket client = connect(self.httpPort());
                Socket peer = connect(self.peerPort())) {
            client.setSoTimeout(100);
            int read = 0;
            for (int k = 0; k < LOOKS && read >= 0; k++) {
                try {
                    client.getOutputStream().write('G');
                    read = client.getInputStream().read();
                } catch (java.net.SocketTimeoutException e) {
                    read = 0;
                } catch (IOException e) {
                    read = -1;
                }
            }
            assertEquals(-1, read);
            assertEquals(-1, peer.getInputStream().read());
        }
        assertServes();
    }

    @Test
    void whatWasAnsweredIsThereAfterARestart() throws IOException, InterruptedException, StoreException {
        assertServes();
        node.close();
        start();
        assertEquals(200, get("/kv/a%20b%2F%C3%BC").statusCode());
    }

    @Test
    void aPortThatIsTakenAndAnAddressForOthersAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Node.start(options(new Member("n1", "0.0.0.0", 1, 1)), line -> {})
                        .close());
        Member taken = new Member("n1", "127.0.0.1", self.peerPort(), self.httpPort());
        Node.Options elsewhere = new Node.Options("n1", "c", List.of(taken), directory.resolve("other"), 1 << 20);
        String problem = String.valueOf(assertThrows(
                        StoreException.class,
                        () -> Node.start(elsewhere, line -> {}).close())
                .getMessage());
        assertTrue(problem.contains("cannot listen"), problem);
    }
}
