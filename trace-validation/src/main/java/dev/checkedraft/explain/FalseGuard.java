package dev.checkedraft.explain;

import java.util.Map;

/**
 * A condition of an action that does not hold.
 *
 * @param text the condition as the spec has it, in one line
 * @param location where it stands, such as {@code Raft.tla:132:10}
 * @param values the values of what it speaks of, by their text
 */
public record FalseGuard(String text, String location, Map<String, String> values) {}
