package dev.checkedraft.explore;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an exploration found.
 *
 * @param exhausted whether every state within the bounds was reached
 * @param states different states of the cluster, up to the servers' names
 * @param transitions steps taken between them, those that lead to a known state included
 * @param depth the steps to the farthest state
 * @param localStates different states of a single server, under all names
 * @param localSteps different steps of a single server, up to the names, each held against the spec
 * @param seconds how long it took
 * @param violation what was violated; null if nothing
 * @param schedule the shortest way there, a step a line
 */
public record Exploration(
        boolean exhausted,
        long states,
        long transitions,
        int depth,
        int localStates,
        int localSteps,
        double seconds,
        @Nullable String violation,
        List<String> schedule) {}
