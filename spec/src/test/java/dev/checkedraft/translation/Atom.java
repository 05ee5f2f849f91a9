package dev.checkedraft.translation;

/** A server, a value, or Nil: a model value of TLC. */
record Atom(String name) implements Comparable<Atom> {
    static final Atom NIL = new Atom("Nil");
    static final Atom NO_OP = new Atom("NoOp");
    /** A value that may be proposed, and one that may not. */
    static final Atom VALUE = new Atom("v");

    static final Atom OTHER = new Atom("Other");

    @Override
    public int compareTo(Atom other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
