package dev.checkedraft.spec.result;

import java.util.List;
import java.util.Locale;

/** What a run of TLC came to. */
public sealed interface Outcome {

    /** Everything that was to be checked holds. */
    record Ok() implements Outcome {}

    /**
     * A property fails.
     *
     * @param candidates the property's name in the model's configuration, or, where TLC does not say which of several it
     *     was, their names; a word or two for what has no name, like a deadlock
     */
    record Violation(Kind kind, List<String> candidates) implements Outcome {
        public Violation {
            candidates = List.copyOf(candidates);
        }

        /** The property's name; of several candidates all, joined by " or ". */
        public String property() {
            return String.join(" or ", candidates);
        }
    }

    /** TLC could not do its work. One line, with the place where there is one. */
    record Failure(String message) implements Outcome {}

    /** TLC was ended before it came to a result. One line. */
    record Undecided(String reason) implements Outcome {}

    /** The kinds of property. */
    enum Kind {
        INVARIANT,
        ACTION_PROPERTY,
        TEMPORAL_PROPERTY,
        DEADLOCK,
        ASSERTION,
        /** One of those above; the distributed mode does not say. */
        PROPERTY;

        /** In words: "action property". */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
