package dev.checkedraft.tlc;

import java.util.Arrays;
import util.UniqueString;

/** Field names in the order in which TLC normalizes a record. */
final class FieldOrder {
    private FieldOrder() {}

    static UniqueString[] sorted(UniqueString... names) {
        UniqueString[] sorted = names.clone();
        Arrays.sort(sorted, UniqueString::compareTo);
        return sorted;
    }
}
