package dev.checkedraft.judge;

import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.tlc.PackedMessage;
import dev.checkedraft.trace.TraceEvent;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.Value;

/** What things take in memory, in bytes: estimates on the safe side, as measured on a JVM with compressed pointers. */
public final class Bytes {
    /** An entry of the spec's log, the safety check's view of it, and its text's place in the table of texts. */
    public static final int ENTRY = 300;

    /** A place in a log for an entry that another log has, too. */
    public static final int PLACE = 16;

    /** A state of the spec, what the step to it changed, and its place in a set; but for its logs. */
    public static final int STATE = 1500;

    /** A message in a set. */
    public static final int MEMBER = 60;

    /** A message with its place of sending, in all the tables of the store. */
    private static final int MESSAGE = 150;

    /** A line of a trace as an event with its maps, and as values of TLC. */
    private static final int EVENT = 2500;

    /** An entry that an event tells. */
    private static final int TOLD_ENTRY = 250;

    private Bytes() {}

    /** Of a text: one byte a character, or two if one of them is beyond Latin-1. */
    public static long of(String text) {
        for (int k = 0; k < text.length(); k++) {
            if (text.charAt(k) > 0xff) {
                return 2L * text.length();
            }
        }
        return text.length();
    }

    public static long of(PackedMessage message) {
        Value entries = message.entries;
        return MESSAGE + (entries == null ? 0 : 4L * LogValue.length(entries));
    }

    /** Of an event of a trace, and the values of TLC made of it. */
    public static long of(TraceEvent event) {
        String value = event.value();
        return EVENT + (value == null ? 0 : of(value)) + entries(event.msg()) + entries(event.state());
    }

    private static long entries(@Nullable Map<String, Object> fields) {
        if (fields == null) {
            return 0;
        }
        if (fields.get("log") instanceof LogChange change) {
            return entries(change.entries());
        }
        return fields.get("entries") instanceof List<?> list ? entries(list) : 0;
    }

    private static long entries(List<?> entries) {
        long bytes = 0;
        for (Object each : entries) {
            bytes += each instanceof Entry entry ? TOLD_ENTRY + of(entry.value()) : 0;
        }
        return bytes;
    }

    /** Of the entries in a log that an event made there itself. */
    public static long made(TraceEvent event, int count) {
        String value = event.value();
        return (long) ENTRY * count + (value == null ? 0 : of(value)) + entries(event.state());
    }
}
