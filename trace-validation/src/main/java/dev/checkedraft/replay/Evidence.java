package dev.checkedraft.replay;

import dev.checkedraft.core.Action;
import java.util.Map;

/**
 * What a verdict rests on.
 *
 * @param events the events that were explained
 * @param byAction those events by action; every action is a key
 * @param checked for each state field, and {@code msg} and {@code sent}, in how many of the events it was compared
 */
public record Evidence(long events, Map<Action, Long> byAction, Map<String, Long> checked) {
    public Evidence {
        byAction = Map.copyOf(byAction);
        checked = Map.copyOf(checked);
    }
}
