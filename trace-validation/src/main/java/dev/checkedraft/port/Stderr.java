package dev.checkedraft.port;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a process writes to stderr, of which the head and the tail are kept: some runtimes put the error first, some last. */
final class Stderr {
    private static final int KEPT = 4096;
    private static final int LINES_TOLD = 3;

    private final byte[] head = new byte[KEPT];
    private final byte[] tail = new byte[KEPT];
    private final CountDownLatch ended = new CountDownLatch(1);

    /** How many bytes there were; guards the two above. */
    private long length = 0;

    /** Reads to the end. */
    void drain(InputStream in) {
        byte[] buffer = new byte[8192];
        try (in) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                keep(buffer, count);
            }
        } catch (IOException e) {
            // The process was killed, and its pipe with it.
        } finally {
            ended.countDown();
        }
    }

    private synchronized void keep(byte[] buffer, int count) {
        for (int k = 0; k < count; k++) {
            if (length < KEPT) {
                head[(int) length] = buffer[k];
            }
            tail[(int) (length++ % KEPT)] = buffer[k];
        }
    }

    /** The first lines and the last ones, once it has ended or, whatever holds it open, so much time has gone. */
    List<String> lines(Duration patience) throws InterruptedException {
        ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        return lines();
    }

    private synchronized List<String> lines() {
        int kept = (int) Math.min(length, KEPT);
        if (length <= KEPT) {
            List<String> all = lines(head, kept);
            return all.size() <= 2 * LINES_TOLD ? all : ends(all, all);
        }
        byte[] last = new byte[KEPT];
        for (int k = 0; k < KEPT; k++) {
            last[k] = tail[(int) ((length + k) % KEPT)];
        }
        return ends(lines(head, KEPT), lines(last, KEPT));
    }

    private static List<String> ends(List<String> first, List<String> last) {
        List<String> ends = new ArrayList<>(first.subList(0, Math.min(LINES_TOLD, first.size())));
        ends.add("...");
        ends.addAll(last.subList(Math.max(0, last.size() - LINES_TOLD), last.size()));
        return ends;
    }

    private static List<String> lines(byte[] text, int length) {
        return new String(text, 0, length, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> Fields.shorten(line.stripTrailing(), 200))
                .toList();
    }
}
