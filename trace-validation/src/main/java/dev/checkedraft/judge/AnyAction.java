package dev.checkedraft.judge;

import java.util.List;
import tlc2.value.impl.Value;

/** An action of {@code AnyRaft.tla} with its arguments, as it was tried. */
public record AnyAction(String name, List<Value> arguments) {
    public AnyAction {
        arguments = List.copyOf(arguments);
    }
}
