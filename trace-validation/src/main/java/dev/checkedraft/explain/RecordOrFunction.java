package dev.checkedraft.explain;

import java.util.Set;
import java.util.TreeSet;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/** A function from strings, in either of the forms TLC gives it. */
record RecordOrFunction(Value value) {
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        if (value instanceof RecordValue record) {
            for (int k = 0; k < record.names.length; k++) {
                names.add(record.names[k].toString());
            }
        } else if (value instanceof FcnRcdValue function) {
            for (Value key : function.getDomainAsValues()) {
                names.add(((StringValue) key).val.toString());
            }
        }
        return names;
    }

    Value at(String name) {
        return ValueText.field(value, name);
    }
}
