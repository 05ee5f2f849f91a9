package dev.checkedraft.disk;

import dev.checkedraft.core.Config;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceWriter;
import dev.checkedraft.trace.Tracer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A node's own trace, over all its lives, in parts that one after the other are one trace. Lines go to the operating system
 * after what they tell is durable and before the messages leave. What a crash keeps from the file, the store has.
 */
public final class NodeTrace implements AutoCloseable {
    private final Path directory;
    private final long partBytes;
    private final TraceWriter writer;
    private final Tracer tracer;

    /** The lines of this turn. */
    private final ByteArrayOutputStream turn = new ByteArrayOutputStream();

    private int part;
    private FileChannel out;

    /** Where in the part the next line goes. */
    private long position;

    /** Part {@code n}'s name. */
    public static String file(int part) {
        return String.format("trace-%06d.ndjson", part);
    }

    /**
     * Begins a node's trace, or goes on with it.
     *
     * @param partBytes how long a part gets before the next begins
     * @throws StoreException if the trace is not the one that the store's state belongs to
     */
    public static NodeTrace open(Path directory, Config config, Store store, long partBytes) throws StoreException {
        boolean ran = store.state().hardState().currentTerm() > 0;
        Path first = directory.resolve(file(1));
        try {
            if (ran && (store.traceTail() == null || !Files.exists(first))) {
                throw new StoreException(first + ": expected the trace of this node's earlier lives, found none;"
                        + " --no-trace runs without");
            }
            return new NodeTrace(directory, config, store.traceTail(), partBytes);
        } catch (IOException e) {
            throw new StoreException(directory + ": the trace cannot be written: " + e);
        }
    }

    private NodeTrace(Path directory, Config config, Store.@Nullable TraceTail saved, long partBytes)
            throws IOException, StoreException {
        this.directory = directory;
        this.partBytes = partBytes;
        if (saved == null) {
            TraceHeader header = header(config);
            part = 1;
            out = FileChannel.open(
                    directory.resolve(file(1)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            writer = new TraceWriter(turn, header);
            tracer = new Tracer(config.id(), config.peers(), writer);
        } else {
            part = lastPart(directory, saved.part());
            Path last = directory.resolve(file(part));
            out = FileChannel.open(last, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            position = part == saved.part() ? mend(out, last, saved) : untilLastLine(last, 0);
            checkIsNotAhead(directory, config, saved, part, position);
            out.truncate(position);
            writer = TraceWriter.goOn(turn);
            tracer = Tracer.goOn(config.id(), config.peers(), writer);
        }
    }

    private static TraceHeader header(Config config) {
        Set<String> observes = new TreeSet<>(TraceEvent.STATE_FIELDS);
        return new TraceHeader(config.servers(), observes, Map.of("made by", "a node of raft cluster"));
    }

    private static int lastPart(Path directory, int atLeast) {
        int last = atLeast;
        while (Files.exists(directory.resolve(file(last + 1)))) {
            last++;
        }
        return last;
    }

    /** Adds what the crash kept from the file; where the next line goes. */
    private static long mend(FileChannel file, Path path, Store.TraceTail saved) throws IOException, StoreException {
        byte[] lines = saved.lines().getBytes(StandardCharsets.UTF_8);
        if (file.size() < saved.position()) {
            throw new StoreException(path + ": expected " + saved.position() + " bytes and more, found " + file.size());
        }
        long end = saved.position() + lines.length;
        if (file.size() < end) {
            file.truncate(saved.position());
            write(file, lines, saved.position());
            return end;
        }
        return untilLastLine(path, end);
    }

    /** The end of the last whole line, of a file whose part up to {@code from} is whole. */
    private static long untilLastLine(Path file, long from) throws IOException {
        byte[] rest = rest(file, from);
        int end = rest.length;
        while (end > 0 && rest[end - 1] != '\n') {
            end--;
        }
        return from + end;
    }

    private static byte[] rest(Path file, long from) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.max(0, in.size() - from)));
            while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) > 0) {}
            return bytes.array();
        }
    }

    /** What follows in the trace on what was saved last changed nothing that is saved; else the store has lost something. */
    private static void checkIsNotAhead(Path directory, Config config, Store.TraceTail saved, int part, long position)
            throws IOException, StoreException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        new TraceWriter(text, header(config)).flush();
        long from = saved.position() + saved.lines().getBytes(StandardCharsets.UTF_8).length;
        for (int k = saved.part(); k <= part; k++) {
            Path file = directory.resolve(file(k));
            long end = k == part ? position : Files.size(file);
            long begin = k == saved.part() ? from : 0;
            text.write(rest(file, begin), 0, Math.toIntExact(Math.max(0, end - begin)));
        }
        try (TraceReader reader = TraceReader.open(
                new SequenceInputStream(
                        new ByteArrayInputStream(text.toByteArray()), new ByteArrayInputStream(new byte[0])),
                directory + " after what was saved",
                TraceLimits.DEFAULT)) {
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                boolean restart = event.action().label().equals("Restart");
                if (event.state().containsKey("log")
                        || (!restart && event.state().containsKey("currentTerm"))
                        || (!restart && event.state().containsKey("votedFor"))) {
                    throw new StoreException(directory + ": the trace tells of "
                            + event.action().label() + " that the database does not have: it has lost what was saved");
                }
            }
        }
    }

    /** What tells of the node's steps. */
    public Tracer tracer() {
        return tracer;
    }

    /** The lines of the turn, which are not written yet; null if there are none. */
    public Store.@Nullable TraceTail takeTurn() {
        writer.flush();
        if (turn.size() == 0) {
            return null;
        }
        String lines = turn.toString(StandardCharsets.UTF_8);
        turn.reset();
        return position >= partBytes
                ? new Store.TraceTail(part + 1, 0, lines)
                : new Store.TraceTail(part, position, lines);
    }

    /** Gives the operating system a turn's lines: kill -9 loses them no more. */
    public void write(Store.TraceTail tail) throws StoreException {
        try {
            if (tail.part() != part) {
                out.close();
                part = tail.part();
                position = 0;
                out = FileChannel.open(
                        directory.resolve(file(part)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            byte[] lines = tail.lines().getBytes(StandardCharsets.UTF_8);
            write(out, lines, position);
            position += lines.length;
        } catch (IOException e) {
            throw new StoreException(directory.resolve(file(part)) + ": cannot be written: " + e.getMessage());
        }
    }

    private static void write(FileChannel file, byte[] bytes, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer, position + buffer.position());
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            out.close();
        } catch (IOException e) {
            throw new StoreException(directory.resolve(file(part)) + ": cannot be closed: " + e.getMessage());
        }
    }
}
