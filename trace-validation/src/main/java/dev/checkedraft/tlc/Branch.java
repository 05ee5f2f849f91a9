package dev.checkedraft.tlc;

/**
 * A way that the spec's text may go: an arm of an IF or CASE, or a disjunct.
 *
 * @param operator the definition it is in
 * @param location where it begins, such as {@code Raft.tla:155:12}
 * @param text its text, in one line and cut short
 */
public record Branch(String operator, String location, String text) {}
