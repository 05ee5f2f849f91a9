package dev.checkedraft.trace;

import dev.checkedraft.core.LogChange;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The fields of a server's state that an event tells, each of its type. What is not said was not observed, or did not change. */
public final class StateFields {
    private static final List<String> ROLES = List.of("Follower", "Candidate", "Leader");

    private final Map<String, Object> fields = new LinkedHashMap<>();

    public StateFields currentTerm(long term) {
        return put("currentTerm", number("currentTerm", term));
    }

    /** Its vote in its term; null if it has given none. */
    public StateFields votedFor(@Nullable String server) {
        return put("votedFor", Optional.ofNullable(server));
    }

    /** {@code Follower}, {@code Candidate} or {@code Leader}. */
    public StateFields role(String role) {
        if (!ROLES.contains(role)) {
            throw new IllegalArgumentException("role must be one of " + String.join(", ", ROLES) + ", not " + role);
        }
        return put("role", role);
    }

    public StateFields commitIndex(long index) {
        return put("commitIndex", number("commitIndex", index));
    }

    /** The servers that voted for it, if it is a candidate; else none. */
    public StateFields votesGranted(Collection<String> servers) {
        return put("votesGranted", servers.stream().distinct().sorted().toList());
    }

    /** The servers that refused it their vote, if it is a candidate; else none. */
    public StateFields votesRefused(Collection<String> servers) {
        return put("votesRefused", servers.stream().distinct().sorted().toList());
    }

    /** By server, the last index at which its log is known to equal this leader's; 0 for all if it does not lead. */
    public StateFields matchIndex(Map<String, Long> indexes) {
        indexes.forEach((server, index) -> number("matchIndex of " + server, index));
        return put("matchIndex", new LinkedHashMap<>(indexes));
    }

    /** Its log, told by what changed. */
    public StateFields log(LogChange change) {
        return put("log", change);
    }

    /** By name, as {@link TraceEvent#state} has them. */
    public Map<String, Object> map() {
        return new LinkedHashMap<>(fields);
    }

    private StateFields put(String field, Object value) {
        fields.put(field, value);
        return this;
    }

    private static long number(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " must not be negative: " + value);
        }
        return value;
    }
}
