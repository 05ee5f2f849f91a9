package dev.checkedraft.translation;

/** Truth where something may be undefined: {@code FALSE /\ undefined} is FALSE, and {@code TRUE \/ undefined} is TRUE. */
final class Kleene {
    /** What TLA+ does not say. */
    static final Object UNDEFINED = new Object() {
        @Override
        public String toString() {
            return "undefined";
        }
    };

    /** A term, ready to be evaluated where the variables have these values. */
    interface Code {
        Object in(Object[] frame);
    }

    private Kleene() {}

    static Object or(Object a, Object b) {
        return a.equals(true) || b.equals(true) ? true : a == UNDEFINED ? a : b;
    }

    static Code not(Code code) {
        return frame -> {
            Object value = code.in(frame);
            return value == UNDEFINED ? UNDEFINED : (Object) !(Boolean) value;
        };
    }

    static Code junction(Code[] parts, boolean absorbing) {
        return frame -> {
            Object result = !absorbing;
            for (Code part : parts) {
                Object value = part.in(frame);
                if (value == UNDEFINED) {
                    result = UNDEFINED;
                } else if ((Boolean) value == absorbing) {
                    return absorbing;
                }
            }
            return result;
        };
    }
}
