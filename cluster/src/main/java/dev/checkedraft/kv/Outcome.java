package dev.checkedraft.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The answer to a client.
 *
 * @param status as in HTTP: 200 done, 307 ask the leader, 404 no such key, 409 a request older than the session's last,
 *     410 no such session, 503 try again, 504 it is not known whether it was done
 * @param json the answer's body
 * @param leader whom to ask instead; null but with 307
 */
public record Outcome(int status, String json, @Nullable String leader) {
    public static Outcome of(int status, Map<String, Object> body) {
        return new Outcome(status, Json.text(body), null);
    }

    public static Outcome error(int status, String problem) {
        return of(status, Map.of("error", problem));
    }

    /** A write was applied. */
    public static Outcome applied(long index, boolean changed) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("index", index);
        body.put("changed", changed);
        return of(200, body);
    }

    /** Who does not lead says who does, if it knows. */
    public static Outcome notLeader(@Nullable String leader) {
        return leader == null
                ? error(503, "no leader is known here, try again")
                : new Outcome(307, Json.text(Map.of("leader", leader)), leader);
    }

    public static Outcome unknown() {
        return error(
                504,
                "not decided in time: whether it is done is not known; the same session and seq may be sent again");
    }

    /** Where an answer goes, once. */
    @FunctionalInterface
    public interface Reply {
        void answer(Outcome outcome);
    }
}
