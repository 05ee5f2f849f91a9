package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.eval.CompiledAction;
import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.spec.manifest.Mutants;
import dev.checkedraft.tlc.Branches;
import dev.checkedraft.tlc.SpecEvaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tla2sany.semantic.OpDefNode;
import tlc2.tool.TLCState;
import tlc2.tool.impl.ReplayTool;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/** The compiled actions of a spec lead where TLC says they do, and through the same branches. */
class CompiledActionTest {
    /** Mutants of an action that may or may not have stored what it answers. */
    private static final Map<String, Set<Action>> CHOICES = Map.of(
            "vote-before-durable", Set.of(Action.HANDLE_REQUEST_VOTE),
            "ack-before-durable", Set.of(Action.HANDLE_APPEND_ENTRIES));

    @Test
    void everyActionOfTheSpecIsCompiled() {
        assertEquals(Set.of(Action.values()), new Walk(3, SpecEvaluator.raft(), 0).compiled.keySet());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void compiledActionsLeadWhereTlcSays(int servers) {
        Walk walk = new Walk(servers, SpecEvaluator.raft(), servers);
        for (int k = 0; k < 12; k++) {
            walk.walk(300);
        }
        if (servers > 1) {
            assertTrue(walk.enabled > 1000 && walk.refused > 500, walk.enabled + " and " + walk.refused);
            assertEquals(Set.of(Action.values()), walk.taken);
        }
    }

    /** That the comparison holds of any spec, not just of the one for which the compiler was written. */
    @Test
    void aSpecWithABugIsCompiledWithItsBug() throws IOException {
        int differ = 0;
        for (Mutant mutant :
                Mutants.read(Path.of("../spec/mutants/mutants.json")).all()) {
            String text = AlteredSpec.text(mutant);
            if (!text.equals(SpecEvaluator.raft())) {
                Walk walk = new Walk(3, text, 7);
                Set<Action> left = new TreeSet<>(Set.of(Action.values()));
                left.removeAll(walk.compiled.keySet());
                assertEquals(CHOICES.getOrDefault(mutant.id(), Set.of()), left, mutant.id());
                walk.walk(200);
                differ++;
            }
        }
        assertEquals(28, differ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commitIndex' = [commitIndex EXCEPT ![i] = (@ + 7) * 3 - 1]",
                "commitIndex' = [commitIndex EXCEPT ![i] = 5, ![i] = @ + 1]",
                "commitIndex' = [commitIndex EXCEPT ![i] = [<<7, 8>> EXCEPT ![2] = @ + 4][2] + @]",
                "commitIndex' = [commitIndex EXCEPT ![i] = Cardinality({(k - 1) * k : k \\in 0..3} \\cap {0, 2, 4})]",
                "commitIndex' = [commitIndex EXCEPT ![i] = CHOOSE k \\in {9, 3, 5} : k > 3]",
                "votesGranted' = [votesGranted EXCEPT ![i] = {j \\in Server : j \\notin {i}} \\cup {i}]",
                "votesGranted' = [votesGranted EXCEPT ![i] = (Server \\ {i}) \\ {}]",
                "log' = [log EXCEPT ![i] = Append(@ \\o << 1, <<2, {3}>> >>, [b |-> 2, a |-> 1])]",
                "log' = [log EXCEPT ![i] = SubSeq(<<1, 2, 3>>, 2, 3)]",
                "role' = [role EXCEPT ![i] = IF \\E k \\in 1..3 : k = 2 THEN \"a\" ELSE \"b\"]",
                "role' = [role EXCEPT ![i] = IF 1 > 2 \\/ 2 > 3 THEN \"a\" ELSE \"b\"]",
                "role' = [role EXCEPT ![i] = CASE 1 > 2 -> \"a\" [] 2 >= 3 -> \"b\" [] OTHER -> \"c\"]",
                "role' = [role EXCEPT ![i] = CASE 1 <= 2 -> \"a\" [] TRUE -> \"b\"]",
                "currentTerm' = currentTerm /\\ ~(1 = 2) /\\ (FALSE => TRUE) /\\ 1 # 2 /\\ (1 = 2) = (2 < 1)",
                "role' = [role EXCEPT ![i] = IF \\A k \\in {} : FALSE THEN \"a\" ELSE \"b\"]",
                "role' = [role EXCEPT ![i] = IF \\A k \\in 1..3 : k < 3 THEN \"a\" ELSE \"b\"]",
                "currentTerm' = currentTerm /\\ (role[i] = \"Follower\" => role' = [j \\in Server |-> i])",
                "currentTerm' = [j \\in Server |-> currentTerm[j] + 1]",
                "currentTerm' = [currentTerm EXCEPT ![\"none\"] = @ + 1]",
                "currentTerm' = [currentTerm EXCEPT ![\"none\"] = IF i = i THEN 1 ELSE 2]",
                "matchIndex' = [matchIndex EXCEPT ![i] = [@ EXCEPT ![\"none\"] = Max(@, 3)]]",
                "log' = [log EXCEPT ![i] = [@ EXCEPT ![1] = @]]",
                "role' = [role EXCEPT ![i] = IF currentTerm[i] \\in (Nat \\ {5}) \\cup {7} THEN \"a\" ELSE \"b\"]",
                "currentTerm' = currentTerm /\\ currentTerm' = [currentTerm EXCEPT ![i] = 9]",
                "UNCHANGED <<currentTerm, role>> /\\ UNCHANGED durableVars /\\ currentTerm' = currentTerm",
                "LET F(a) == a + 1 b == F(F(1)) IN currentTerm' = [currentTerm EXCEPT ![i] = F(b)]",
                "currentTerm' = [currentTerm EXCEPT ![i] = Max(Max(1, 2), Min(Max(3, 4), 5))]",
                "votesGranted' = [votesGranted EXCEPT ![i] = {Max(k * k, 5) : k \\in 1..4}]",
                "votesGranted' = [votesGranted EXCEPT ![i] = {LET x == k * k IN x + x : k \\in 1..4}]",
            })
    void expressionsHaveTlcsValues(String body) {
        Walk walk = new Walk(2, withAction(body), 1);
        assertTrue(walk.compiled.containsKey(Action.RESTART), body);
        walk.compare(Action.RESTART, walk.initial(), walk.server());
    }

    /** Choices, and what no action of Raft.tla has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\E k \\in 1..2 : currentTerm' = [currentTerm EXCEPT ![i] = k]",
                "currentTerm' = currentTerm \\/ currentTerm' = [currentTerm EXCEPT ![i] = 1]",
                "currentTerm' = currentTerm /\\ (1 < 2 \\/ 2 < 1)",
                "currentTerm' = currentTerm /\\ \\E k \\in 1..2 : k > 1",
                "currentTerm' = currentTerm /\\ LET F(k) == k > 1 \\/ k < 1 IN F(2)",
                "currentTerm' \\in {currentTerm}",
                "role' = role /\\ currentTerm' = [currentTerm EXCEPT ![i] = IF role' = role THEN 1 ELSE 2]",
                "matchIndex' = [matchIndex EXCEPT ![i][i] = 4]",
                "currentTerm' = currentTerm /\\ \\A k \\in 1..2 : k > 0 \\/ k < 5",
                "LET ok == 1 < 2 \\/ 2 < 3 IN ok /\\ currentTerm' = currentTerm",
                "LET G(ok) == ok IN G(1 < 2 \\/ 2 < 3) /\\ currentTerm' = currentTerm",
                "currentTerm' = currentTerm /\\ (role[i] = \"Follower\" => 1 < 2 \\/ 2 < 3)",
                "currentTerm' = [j \\in Server |-> IF j = i THEN 1 ELSE 0]",
                "LET f == [n \\in Nat |-> n + 1] IN currentTerm' = [currentTerm EXCEPT ![i] = f[1]]",
                "currentTerm' = currentTerm /\\ \\A j, k \\in Server : j = k \\/ j # k",
            })
    void whatIsNotKnownIsLeftToTlc(String body) {
        assertTrue(!new Walk(2, withAction(body), 1).compiled.containsKey(Action.RESTART), body);
    }

    /** Raft.tla with another Restart(i). */
    private static String withAction(String body) {
        String spec = SpecEvaluator.raft();
        int begin = spec.indexOf("Restart(i) ==");
        int end = spec.indexOf("-----", begin);
        return spec.substring(0, begin) + "Restart(i) == " + body + "\n\n" + spec.substring(end);
    }

    /** Tries actions of a spec in states that random actions lead to. */
    private static final class Walk {
        private final List<String> servers;
        private final Random random;
        private final ReplayTool tool;
        private final Map<Action, OpDefNode> definitions = new EnumMap<>(Action.class);
        private final Map<Action, CompiledAction> compiled = new EnumMap<>(Action.class);
        private final int marks;
        private final Set<Action> taken = new TreeSet<>();
        private int enabled;
        private int refused;

        Walk(int size, String raft, long seed) {
            servers = TestRuns.header(size).servers();
            random = new Random(seed);
            tool = SpecEvaluator.load(
                    servers, raft, (folder, resolver) -> new ReplayTool(folder, "RaftTrace", "RaftTrace", resolver));
            List<OpDefNode> steps = new ArrayList<>();
            for (Action action : Action.values()) {
                definitions.put(action, definition(action.label()));
                steps.add(definition(action.label() + "Step"));
            }
            marks = Branches.mark(tool, steps, at -> "").size();
            for (Action action : Action.values()) {
                Optional<CompiledAction> code = CompiledAction.of(tool, definitions.get(action));
                code.ifPresent(c -> compiled.put(action, c));
            }
        }

        private OpDefNode definition(String name) {
            return tool.getRootModule().getOpDef(UniqueString.uniqueStringOf(name));
        }

        TLCState initial() {
            return tool.getInitStates().elementAt(0);
        }

        void walk(int steps) {
            TLCState state = initial();
            for (int k = 0; k < steps; k++) {
                TLCState next = attempt(state);
                state = next == null ? state : next;
            }
        }

        /** One action in this state; elections often enough, restarts seldom, and messages most of all. */
        private TLCState attempt(TLCState state) {
            Value i = server();
            int choice = random.nextInt(100);
            SetEnumValue messages = SpecEvaluator.messages(state);
            if (choice < 4) {
                return compare(Action.START_ELECTION, state, i);
            }
            if (choice < 5) {
                return compare(Action.RESTART, state, i);
            }
            if (choice < 25) {
                return compare(Action.PROPOSE, state, i, new StringValue("v" + random.nextInt(3)));
            }
            if (choice < 50 || messages.size() == 0) {
                int length = LogValue.length(SpecEvaluator.valueAt(state, "log", i));
                return compare(Action.SEND_APPEND_ENTRIES, state, i, server(), some(length), some(2), some(length));
            }
            RecordValue message = (RecordValue) messages.elems.elementAt(random.nextInt(messages.size()));
            String handler = "Handle" + field(message, "type");
            Action action = Arrays.stream(Action.values())
                    .filter(a -> a.label().equals(handler))
                    .findFirst()
                    .orElseThrow();
            return compare(action, state, new StringValue(field(message, "to")), message);
        }

        private static String field(RecordValue record, String name) {
            return ((StringValue) record.select(new StringValue(name))).val.toString();
        }

        Value server() {
            return new StringValue(servers.get(random.nextInt(servers.size())));
        }

        private Value some(int most) {
            return IntValue.gen(random.nextInt(most + 2));
        }

        /** The state to which both lead; null if the action is not enabled. */
        TLCState compare(Action action, TLCState before, Value... arguments) {
            ReplayTool.Visits theirs = new ReplayTool.Visits(marks);
            List<TLCState> expected = tool.successors(definitions.get(action), before, theirs, arguments);
            CompiledAction code = compiled.get(action);
            if (code != null) {
                ReplayTool.Visits ours = new ReplayTool.Visits(marks);
                TLCState actual = code.successor(before, ours, arguments);
                String what = action + Arrays.toString(arguments) + " in " + before;
                assertEquals(expected, actual == null ? List.of() : List.of(actual), what);
                for (int mark = 0; mark < marks; mark++) {
                    assertEquals(theirs.visited(mark), ours.visited(mark), what);
                }
            }
            if (expected.isEmpty()) {
                refused++;
                return null;
            }
            enabled++;
            taken.add(action);
            TLCState after = expected.get(0);
            after.bind(UniqueString.uniqueStringOf("event"), SpecEvaluator.NO_EVENT);
            return after;
        }
    }
}
