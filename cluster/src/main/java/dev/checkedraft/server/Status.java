package dev.checkedraft.server;

import dev.checkedraft.core.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A node as it was after a turn of its loop.
 *
 * @param firstShown the index of the first entry of {@code shown}
 * @param shown the log's last entries
 * @param matchIndex of a leader, by peer
 */
public record Status(
        String id,
        String role,
        long term,
        @Nullable String votedFor,
        @Nullable String leader,
        long commitIndex,
        long lastIndex,
        long applied,
        int keys,
        int sessions,
        Map<String, Long> matchIndex,
        long firstShown,
        List<Entry> shown) {
    /** As a JSON object's fields. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("role", role);
        fields.put("currentTerm", term);
        fields.put("votedFor", votedFor == null ? "" : votedFor);
        fields.put("leader", leader == null ? "" : leader);
        fields.put("commitIndex", commitIndex);
        fields.put("lastIndex", lastIndex);
        fields.put("applied", applied);
        fields.put("keys", keys);
        fields.put("sessions", sessions);
        fields.put("matchIndex", matchIndex);
        List<Map<String, Object>> log = new ArrayList<>();
        for (int k = 0; k < shown.size(); k++) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("index", firstShown + k);
            entry.put("term", shown.get(k).term());
            entry.put("value", shown.get(k).value());
            log.add(entry);
        }
        fields.put("log", log);
        return fields;
    }
}
