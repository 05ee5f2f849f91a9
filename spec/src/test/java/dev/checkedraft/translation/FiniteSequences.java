package dev.checkedraft.translation;

import java.util.ArrayList;
import java.util.List;

/** What the functions on sequences are, as module Sequences says. */
final class FiniteSequences {
    private FiniteSequences() {}

    static Object of(String function, List<Object> values) {
        if (function.equals("empty")) {
            return List.of();
        }
        List<?> sequence = (List<?>) values.get(0);
        return switch (function) {
            case "len" -> sequence.size();
            case "at" -> at(sequence, (Integer) values.get(1));
            case "same" -> sequence.equals(values.get(1));
            case "append" -> joined(sequence, List.of(values.get(1)));
            case "concat" -> joined(sequence, (List<?>) values.get(1));
            case "subSeq" -> subSeq(sequence, (Integer) values.get(1), (Integer) values.get(2));
            default -> throw new IllegalStateException("no function of sequences: " + function);
        };
    }

    private static Object at(List<?> sequence, int index) {
        return index >= 1 && index <= sequence.size() ? sequence.get(index - 1) : Kleene.UNDEFINED;
    }

    private static List<Object> joined(List<?> first, List<?> second) {
        List<Object> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static Object subSeq(List<?> sequence, int from, int to) {
        if (from > to) {
            return List.of();
        }
        return from >= 1 && to <= sequence.size() ? List.copyOf(sequence.subList(from - 1, to)) : Kleene.UNDEFINED;
    }
}
