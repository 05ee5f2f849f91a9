package dev.checkedraft.translation;

import java.util.Map;

/** A function of TLA+ that is neither a sequence nor a record. */
record Fun(Map<Object, Object> map) {}
