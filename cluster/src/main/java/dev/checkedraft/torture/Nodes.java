package dev.checkedraft.torture;

import dev.checkedraft.cluster.NodeProcess;
import dev.checkedraft.server.Member;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The processes of a cluster, and between each two of them a {@link Proxy} for each direction. */
final class Nodes implements Closeable {
    private final Path data;
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Proxy> proxies = new TreeMap<>();
    private final Map<String, NodeProcess> running = new TreeMap<>();
    private final PrintWriter output;

    /** What each node printed last. */
    private final Map<String, String> lastLines = new ConcurrentHashMap<>();

    private final @Nullable Plant plant;

    Nodes(int count, Path data, @Nullable Plant plant) throws IOException {
        this.data = data;
        this.plant = plant;
        Files.createDirectories(data);
        output = new PrintWriter(Files.newBufferedWriter(data.resolve("nodes.out"), StandardCharsets.UTF_8), true);
        List<Integer> ports = freePorts(2 * count);
        for (int k = 0; k < count; k++) {
            members.add(new Member("n" + (k + 1), "127.0.0.1", ports.get(2 * k), ports.get(2 * k + 1)));
        }
        for (Member from : members) {
            for (Member to : members) {
                if (!from.equals(to)) {
                    proxies.put(from.id() + to.id(), Proxy.to(to.peerPort()));
                }
            }
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int k = 0; k < count; k++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    List<String> ids() {
        return members.stream().map(Member::id).toList();
    }

    List<String> urls() {
        return members.stream().map(Member::url).toList();
    }

    Path directory(String id) {
        return data.resolve(id);
    }

    /** Starts a node that does not run. */
    void start(String id) throws IOException {
        String peers = members.stream()
                .map(to -> to.id().equals(id) ? to : via(id, to))
                .map(Member::text)
                .collect(Collectors.joining(","));
        List<String> arguments = new ArrayList<>(List.of(
                "--with-parent",
                "--id",
                id,
                "--peers",
                peers,
                "--data",
                directory(id).toString(),
                "--trace-part",
                "1"));
        if (plant != null) {
            arguments.addAll(List.of("--plant", plant.name()));
        }
        running.put(id, NodeProcess.start(FaultyNode.class.getName(), arguments, line -> {
            output.println(line);
            lastLines.put(id, line);
        }));
    }

    private Member via(String from, Member to) {
        Proxy proxy = proxies.get(from + to.id());
        if (proxy == null) {
            throw new IllegalStateException("no way from " + from + " to " + to.id());
        }
        return new Member(to.id(), to.host(), proxy.port(), to.httpPort());
    }

    /** The process of a node that was started. */
    NodeProcess process(String id) {
        NodeProcess process = running.get(id);
        if (process == null) {
            throw new IllegalStateException(id + " was not started");
        }
        return process;
    }

    /** What a node that has ended printed last. */
    String lastLine(String id) {
        return lastLines.getOrDefault(id, "it printed nothing");
    }

    /** Cuts the way from one to another, or mends it. */
    void cut(String from, String to, boolean isCut) {
        Proxy proxy = proxies.get(from + to);
        if (proxy != null) {
            proxy.cut(isCut);
        }
    }

    void mendAll() {
        proxies.values().forEach(proxy -> proxy.cut(false));
    }

    @Override
    public void close() throws IOException {
        try {
            for (NodeProcess process : running.values()) {
                process.signal("CONT");
                process.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Proxy proxy : proxies.values()) {
            proxy.close();
        }
        output.close();
    }
}
