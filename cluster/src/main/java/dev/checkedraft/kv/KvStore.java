package dev.checkedraft.kv;

import dev.checkedraft.core.Entry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The state machine: keys with values, and the clients' sessions. A function of the committed entries alone, so it needs no
 * disk: a restarted node applies its log again from index 1, sessions included.
 */
public class KvStore {
    /** How many sessions are kept; then the one that was used longest ago, in entries, is forgotten. */
    static final int MAX_SESSIONS = 10_000;

    private final Map<String, String> values = new HashMap<>();

    /** By number, which is the index of the entry that opened it; the one used longest ago first. */
    private final LinkedHashMap<Long, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private long applied = 0;

    /** A session's last request, and what was answered: to be answered again if it comes again. */
    private record Session(long seq, Outcome last) {}

    /** Applies the next committed entry, and says what its client is to be told. */
    public Outcome apply(long index, Entry entry) {
        if (index != applied + 1) {
            throw new IllegalStateException("expected the entry " + (applied + 1) + " to be applied, found " + index);
        }
        applied = index;
        return entry.isNoOp()
                ? Outcome.applied(index, false)
                : apply(index, Command.parse(entry.value().getBytes(StandardCharsets.UTF_8)));
    }

    private Outcome apply(long index, Command command) {
        if (command.op() == Command.Op.SESSION) {
            sessions.put(index, new Session(0, Outcome.applied(index, false)));
            if (sessions.size() > MAX_SESSIONS) {
                sessions.remove(sessions.keySet().iterator().next());
            }
            return Outcome.of(200, Map.of("session", index));
        }
        if (command.session() == 0) {
            return execute(index, command);
        }
        Session session = sessions.get(command.session());
        if (session == null) {
            return Outcome.error(410, "no session " + command.session() + ": open one with {\"op\":\"session\"}");
        }
        if (command.seq() < session.seq) {
            return Outcome.error(409, "seq " + command.seq() + " comes after " + session.seq + " of its session");
        }
        if (isRepeated(command, session.seq)) {
            return session.last;
        }
        Outcome outcome = execute(index, command);
        sessions.put(command.session(), new Session(command.seq(), outcome));
        return outcome;
    }

    /** Whether a session's request was applied before. */
    protected boolean isRepeated(Command command, long lastSeq) {
        return command.seq() == lastSeq;
    }

    private Outcome execute(long index, Command command) {
        String key = command.key();
        String before = values.get(key);
        boolean changed = switch (command.op()) {
            case PUT -> true;
            case DELETE -> before != null;
            case CAS -> before == null ? command.expect() == null : before.equals(command.expect());
            case SESSION -> throw new AssertionError(command);
        };
        if (changed) {
            String value = command.value();
            if (value == null) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
        }
        return Outcome.applied(index, changed);
    }

    /** A key's value; null if it has none. */
    public @Nullable String get(String key) {
        return values.get(key);
    }

    /** The index of the entry applied last; 0 if none was. */
    public long applied() {
        return applied;
    }

    public int keys() {
        return values.size();
    }

    public int sessions() {
        return sessions.size();
    }
}
