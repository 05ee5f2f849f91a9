package dev.checkedraft.trace;

/**
 * Where an event stands.
 *
 * @param file the trace's name
 * @param line its line, from 1 (the header's)
 */
public record TraceLocation(String file, long line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
