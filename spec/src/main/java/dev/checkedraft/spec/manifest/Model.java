package dev.checkedraft.spec.manifest;

import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model of the manifest: what TLC is to check, and what it must find.
 *
 * @param name what a user calls it
 * @param module the module's name, without suffix
 * @param config the configuration's file name
 * @param about what it shows, with its bounds
 * @param build whether every build checks it
 * @param arguments more of TLC's own arguments, after ours
 */
public record Model(
        String name,
        String module,
        String config,
        Mode mode,
        Kind kind,
        String about,
        boolean build,
        Expectation expect,
        List<String> arguments) {
    public Model {
        arguments = List.copyOf(arguments);
    }

    /** How TLC goes about it. */
    public enum Mode {
        /** Breadth first, all states. */
        CHECK,
        /** Random runs. */
        SIMULATE,
        /** All states, and then all infinite runs. */
        LIVENESS
    }

    /** What the model is for. */
    public enum Kind {
        /** Nothing bad happens. */
        SAFETY,
        /** Something good happens. */
        LIVENESS,
        /** Something can happen: its denial must be violated. */
        WITNESS,
        /** The models' own reductions leave nothing out. */
        SOUNDNESS,
        /** The same bounds without the reductions, for the numbers. */
        COMPARISON
    }

    /**
     * What TLC must find.
     *
     * @param violation whether a property must fail
     * @param property the one that must fail, if it is said
     * @param distinct the number of distinct states, if it is said
     * @param depth the depth TLC reports, if it is said
     */
    public record Expectation(boolean violation, Optional<String> property, OptionalLong distinct, OptionalLong depth) {

        /** That everything holds, whatever the numbers. */
        public static Expectation ok() {
            return new Expectation(false, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
        }

        /** The same, whatever the depth: with several workers TLC does not search strictly breadth first. */
        public Expectation withoutDepth() {
            return new Expectation(violation, property, distinct, OptionalLong.empty());
        }

        /** How a result differs from what is expected, in a line; empty if it does not. */
        public Optional<String> differenceFrom(CheckResult result) {
            if (result.outcome() instanceof Outcome.Violation found) {
                if (!violation) {
                    return Optional.of("no violation expected, but " + found.property() + " is violated");
                }
                if (property.isPresent() && !property.get().equals(found.property())) {
                    return Optional.of("expected a violation of " + property.get() + ", but it is " + found.property());
                }
            } else if (result.outcome() instanceof Outcome.Failure failure) {
                return Optional.of(failure.message());
            } else if (result.outcome() instanceof Outcome.Undecided undecided) {
                return Optional.of(undecided.reason());
            } else if (violation) {
                return Optional.of("expected a violation"
                        + property.map(name -> " of " + name).orElse(""));
            }
            if (distinct.isPresent() && distinct.getAsLong() != result.distinct()) {
                return Optional.of(String.format(
                        "expected %,d distinct states, but there are %,d", distinct.getAsLong(), result.distinct()));
            }
            if (depth.isPresent() && depth.getAsLong() != result.depth()) {
                return Optional.of(
                        String.format("expected depth %,d, but it is %,d", depth.getAsLong(), result.depth()));
            }
            return Optional.empty();
        }
    }

    static Model of(Json json) throws IOException {
        return new Model(
                json.string("name"),
                json.string("module"),
                json.string("config"),
                json.constant("mode", Mode.class, List.of(Mode.values())),
                json.constant("kind", Kind.class, List.of(Kind.values())),
                json.string("about"),
                json.bool("build", false),
                expectation(json.object("expect")),
                json.strings("arguments"));
    }

    private static Expectation expectation(Json json) throws IOException {
        String result = json.string("result");
        if (!result.equals("ok") && !result.equals("violation")) {
            throw new IOException(json.where() + ": result must be ok or violation, not " + result);
        }
        return new Expectation(
                result.equals("violation"),
                json.optionalString("property"),
                json.number("distinct"),
                json.number("depth"));
    }
}
