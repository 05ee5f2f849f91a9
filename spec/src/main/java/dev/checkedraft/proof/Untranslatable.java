package dev.checkedraft.proof;

/** An expression of the spec that the translation to SMT-LIB does not know. */
public final class Untranslatable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Untranslatable(String message) {
        super(message);
    }
}
