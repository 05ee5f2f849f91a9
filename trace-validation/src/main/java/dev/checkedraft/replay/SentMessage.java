package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceLocation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message that a trace's events have sent.
 *
 * @param fields its fields, by name, with values as in {@code TraceEvent}
 * @param sentAt the event that sent it first
 */
public record SentMessage(Map<String, Object> fields, TraceLocation sentAt) {
    public SentMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
