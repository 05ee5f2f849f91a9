package dev.checkedraft.smt;

/** An expression of the spec that the translation to SMT-LIB does not know. */
public final class Untranslatable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public Untranslatable(String message) {
        super(message);
    }
}
