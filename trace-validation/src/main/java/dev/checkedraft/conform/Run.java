package dev.checkedraft.conform;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.replay.TraceValidator;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.sim.Decision;
import dev.checkedraft.sim.Decision.Crash;
import dev.checkedraft.sim.Decision.CrashDuring;
import dev.checkedraft.sim.Decision.Cut;
import dev.checkedraft.sim.Decision.Deliver;
import dev.checkedraft.sim.Decision.Drop;
import dev.checkedraft.sim.Decision.Duplicate;
import dev.checkedraft.sim.Decision.Heal;
import dev.checkedraft.sim.Decision.Heartbeat;
import dev.checkedraft.sim.Decision.Input;
import dev.checkedraft.sim.Decision.Partition;
import dev.checkedraft.sim.Decision.Propose;
import dev.checkedraft.sim.Decision.Restart;
import dev.checkedraft.sim.Decision.Tick;
import dev.checkedraft.sim.Decision.Timeout;
import dev.checkedraft.sim.MessageKind;
import dev.checkedraft.sim.Nodes;
import dev.checkedraft.sim.Setup;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One run of a cluster of ports: carries out decisions, plays network and disks, and feeds everything the ports do to the
 * replay against the spec, as a trace's events.
 */
final class Run {
    /** When a node that crashes is ended as a process, and not only told to start again. */
    interface KillPolicy {
        boolean kills();
    }

    /** The run does not conform. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        Failed(Failure failure) {
            super(failure.text());
            this.failure = failure;
        }
    }

    private final Setup setup;
    private final Level level;
    private final List<PortNode> nodes;
    private final KillPolicy killPolicy;
    private final TraceSink sink;
    private final TraceValidator validator;
    private final PortNetwork network = new PortNetwork();

    private final List<Step> steps = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    /** The entries that some node applied: they are the same on every node. */
    private final List<Entry> appliedByAny = new ArrayList<>();

    private long applied = 0;
    private int crashes = 0;
    private int kills = 0;

    /** What the current step did, for the story. */
    private final StringBuilder did = new StringBuilder();

    /**
     * Prepares a run.
     *
     * @param sink gets every event, the one that is no step of the spec too
     */
    Run(Setup setup, Level level, List<PortNode> nodes, KillPolicy killPolicy, TraceSink sink) {
        this.setup = setup;
        this.level = level;
        this.nodes = nodes;
        this.killPolicy = killPolicy;
        this.sink = sink;
        this.validator = TraceValidator.open(new TraceHeader(Nodes.names(setup.nodes()), Set.of(), Map.of()));
    }

    /**
     * Starts all nodes, follows the plan to its end or to the first failure, and reports.
     *
     * @param kill whether every node is to begin in a process of its own
     * @param probes whether to try inputs first that every node must refuse
     */
    RunResult execute(Plan plan, boolean kill, boolean probes) throws InterruptedException {
        Failure failure = null;
        try {
            begin(kill);
            if (probes) {
                probe();
            }
            Step step = plan.next(this);
            while (step != null) {
                carryOut(step);
                step = plan.next(this);
            }
            for (PortNode node : nodes) {
                guarded(node, () -> node.checkQuiet(0));
            }
        } catch (Failed e) {
            failure = e.failure;
        }
        return new RunResult(
                setup,
                steps,
                story,
                failure,
                validator.verdict().evidence(),
                answers,
                applied,
                crashes,
                kills);
    }

    // Steps -----------------------------------------------------------------------------------------------------------

    private void begin(boolean kill) throws Failed, InterruptedException {
        for (PortNode node : nodes) {
            node.forgetAll();
            guarded(node, () -> node.provide(kill));
        }
        for (PortNode node : nodes) {
            start(node);
        }
    }

    private void carryOut(Step step) throws Failed, InterruptedException {
        Decision decision = step.decision();
        PortPacket packet = null;
        Input input = decision instanceof Input in ? in : decision instanceof CrashDuring crash ? crash.input() : null;
        if (input instanceof Deliver deliver) {
            packet = step.origin() == null ? network.find(deliver.message()) : network.find(step.origin());
            if (packet == null || network.isCut(packet)) {
                return;
            }
            input = new Deliver(packet.ref());
            decision = decision instanceof CrashDuring crash ? new CrashDuring(input, crash.sent()) : input;
        }
        did.setLength(0);
        // Entered beforehand, so that a failure finds its step.
        steps.add(new Step(step.id(), decision, packet == null ? null : packet.origin));
        story.add(title(decision, packet));
        boolean applies;
        try {
            applies = input == null ? act(decision) : input(input, packet, decision);
        } finally {
            story.set(story.size() - 1, title(decision, packet) + did);
        }
        if (!applies) {
            steps.remove(steps.size() - 1);
            story.remove(story.size() - 1);
        }
    }

    private boolean act(Decision decision) throws Failed, InterruptedException {
        if (decision instanceof Crash crash) {
            PortNode node = node(crash.node());
            if (node == null || !node.isUp()) {
                return false;
            }
            crash(node);
            return true;
        } else if (decision instanceof Restart restart) {
            PortNode node = node(restart.node());
            if (node == null || node.isUp()) {
                return false;
            }
            guarded(node, () -> node.provide(false));
            start(node);
            return true;
        } else if (decision instanceof Drop drop) {
            PortPacket packet = network.find(drop.message());
            if (packet == null || packet.copies == 0) {
                return false;
            }
            packet.copies--;
            return true;
        } else if (decision instanceof Duplicate duplicate) {
            PortPacket packet = network.find(duplicate.message());
            if (packet == null) {
                return false;
            }
            packet.copies++;
            return true;
        } else if (decision instanceof Cut cut) {
            return network.cut(cut.from(), cut.to(), true);
        } else if (decision instanceof Heal heal) {
            return network.cut(heal.from(), heal.to(), false);
        } else if (decision instanceof Partition partition) {
            return network.partition(partition.side(), setup.nodes());
        }
        return network.healAll();
    }

    private boolean input(Input input, @Nullable PortPacket packet, Decision decision)
            throws Failed, InterruptedException {
        PortNode node = node(input.node());
        if (node == null || !node.isUp()) {
            return false;
        }
        if (packet != null) {
            packet.copies = Math.max(0, packet.copies - 1);
        }
        String line = line(input, packet);
        CrashDuring crash = decision instanceof CrashDuring during ? during : null;
        if (crash != null && crash.sent() == CrashDuring.BEFORE_PERSISTING) {
            ask(node, line);
            crash(node);
            return true;
        }
        handle(node, input, packet, ask(node, line), crash == null ? Integer.MAX_VALUE : crash.sent());
        if (crash != null) {
            crash(node);
        }
        return true;
    }

    private static String line(Input input, @Nullable PortPacket packet) {
        if (input instanceof Tick) {
            return "{\"tick\":{}}";
        } else if (input instanceof Timeout) {
            return "{\"electionTimeout\":{}}";
        } else if (input instanceof Heartbeat) {
            return "{\"heartbeat\":{}}";
        } else if (input instanceof Propose propose) {
            return Json.write(Map.of("propose", Map.of("value", propose.value())));
        }
        if (packet == null) {
            throw new IllegalArgumentException("nothing to deliver");
        }
        return Json.write(Map.of("message", packet.fields));
    }

    private void crash(PortNode node) {
        crashes++;
        node.crashed();
        if (killPolicy.kills()) {
            kills++;
            node.kill();
        }
    }

    private void start(PortNode node) throws Failed, InterruptedException {
        Answer answer = ask(node, node.startInput(setup));
        if (answer.error() != null) {
            throw failed(node, Failure.Kind.MISBEHAVED, "refused to start: " + Fields.shorten(answer.error()));
        }
        if (answer.action() != null && answer.action() != Action.RESTART) {
            throw failed(
                    node,
                    Failure.Kind.MISBEHAVED,
                    "answered start with the action " + answer.action().label());
        }
        if (!answer.persist().isNothing() || !answer.send().isEmpty() || answer.apply() != null) {
            throw failed(
                    node, Failure.Kind.MISBEHAVED, "answered start with more than its state: it can do nothing yet");
        }
        Map<String, Object> state = node.durableState();
        state.putAll(answer.state());
        node.started(answer);
        feed(node, new TraceEvent(Action.RESTART, node.name, null, null, null, state));
    }

    /** Inputs that every node must refuse, and not be changed by. */
    private void probe() throws Failed, InterruptedException {
        PortNode node = nodes.get(0);
        Map<String, Object> vote = new LinkedHashMap<>();
        vote.put("type", "RequestVote");
        vote.put("term", 1L);
        vote.put("from", "stranger");
        vote.put("to", node.name);
        vote.put("lastLogIndex", 0L);
        vote.put("lastLogTerm", 0L);
        mustRefuse(node, "a message from a stranger", Map.of("message", vote));
        Map<String, Object> misdirected = new LinkedHashMap<>(vote);
        misdirected.put("from", nodes.get(nodes.size() - 1).name);
        misdirected.put("to", nodes.size() > 1 ? nodes.get(1).name : "stranger");
        if (nodes.size() > 2) {
            mustRefuse(node, "a message for another server", Map.of("message", misdirected));
        }
        if (level != Level.ELECTION) {
            mustRefuse(node, "a proposal, though it does not lead,", Map.of("propose", Map.of("value", "probe")));
        }
    }

    private void mustRefuse(PortNode node, String what, Map<String, Object> input) throws Failed, InterruptedException {
        Answer answer = ask(node, Json.write(input));
        // Not part of the schedule, and so not of what a repetition is compared with.
        answers.remove(answers.size() - 1);
        if (answer.error() == null) {
            throw failed(
                    node,
                    Failure.Kind.MISBEHAVED,
                    "took " + what + " and must refuse it with {\"error\":...}: " + Fields.shorten(Json.write(input)));
        }
        checkNothingDone(node, answer, "refused " + what);
    }

    // Answers ---------------------------------------------------------------------------------------------------------

    private Answer ask(PortNode node, String line) throws Failed, InterruptedException {
        try {
            String text = node.ask(line);
            Answer answer;
            try {
                answer = Answer.read(text, Nodes.names(setup.nodes()));
            } catch (ProtocolException e) {
                // Lines that nobody asked for would make every later answer another input's.
                node.checkQuiet(20);
                throw failed(
                        node,
                        Failure.Kind.MALFORMED,
                        "answered " + Fields.shorten(line, 60) + " wrongly: " + e.getMessage() + "; it wrote "
                                + Fields.shorten(text, 60));
            }
            answers.add(answer);
            return answer;
        } catch (PortException e) {
            throw failed(node, e.kind(), e.getMessage());
        }
    }

    private void handle(PortNode node, Input input, @Nullable PortPacket packet, Answer answer, int sendBeforeCrash)
            throws Failed, InterruptedException {
        String error = answer.error();
        if (error != null) {
            if (input instanceof Deliver || input instanceof Tick || input instanceof Heartbeat) {
                throw misbehaved(node, "refused an input that it must handle: " + Fields.shorten(error));
            }
            did.append(": refused, ").append(Fields.shorten(error));
            checkNothingDone(node, answer, "refused an input");
            return;
        }
        Action action = action(node, input, packet, answer);
        if (action == null) {
            checkNothingDone(node, answer, "took no action");
        }
        describe(answer);
        guarded(node, () -> node.persist(answer.persist()));
        node.report(answer.state());
        if (action != null) {
            Map<String, Object> msg = packet == null ? null : packet.fields;
            String value = input instanceof Propose propose ? propose.value() : null;
            Map<String, Object> sent = checkSent(node, action, packet, answer.send());
            feed(node, new TraceEvent(action, node.name, msg, sent, value, eventState(node, answer)));
        } else {
            checkSent(node, null, null, answer.send());
        }
        int left = sendBeforeCrash;
        for (Map<String, Object> message : answer.send()) {
            MessageKind kind = kind(message);
            if (kind == MessageKind.APPEND_ENTRIES) {
                if (level == Level.ELECTION) {
                    continue;
                }
                feed(node, new TraceEvent(Action.SEND_APPEND_ENTRIES, node.name, message, null, null, Map.of()));
            }
            if (left-- > 0) {
                int to = PortNetwork.number(String.valueOf(message.get("to")));
                network.send(message, kind, node.number, to, steps.get(steps.size() - 1).id());
            }
        }
        LogChange apply = answer.apply();
        if (apply != null) {
            apply(node, apply);
        }
    }

    /** The state fields of an event: as reported, and of a log that the port persists, what it persisted of it. */
    private Map<String, Object> eventState(PortNode node, Answer answer) {
        Map<String, Object> state = new LinkedHashMap<>(answer.state());
        if (!state.containsKey("log")) {
            LogChange persisted = answer.persist().log();
            if (persisted != null) {
                state.put("log", persisted);
            } else if (level == Level.ALL) {
                // What it did not persist is not there.
                state.put("log", new LogChange(node.lastIndex() + 1L, List.of()));
            }
        }
        return state;
    }

    private @Nullable Action action(PortNode node, Input input, @Nullable PortPacket packet, Answer answer)
            throws Failed {
        Action wanted;
        if (packet != null) {
            wanted = handler(packet.kind);
        } else if (input instanceof Propose) {
            wanted = Action.PROPOSE;
        } else if (input instanceof Heartbeat) {
            wanted = null;
        } else {
            wanted = Action.START_ELECTION;
        }
        if (!answer.saysAction()) {
            return input instanceof Tick && !startsElection(node, answer) ? null : wanted;
        }
        Action action = answer.action();
        boolean mayDoNothing = input instanceof Tick || (input instanceof Timeout && !knownNotToLead(node));
        if (action == wanted || (action == null && mayDoNothing)) {
            return action;
        }
        throw misbehaved(
                node,
                "answered " + input.text() + " with the action " + (action == null ? "null" : action.label()) + ", not "
                        + (wanted == null ? "null" : wanted.label()));
    }

    private static boolean knownNotToLead(PortNode node) {
        return node.reported("role") != null && !node.saysRole("Leader");
    }

    private static boolean startsElection(PortNode node, Answer answer) {
        return answer.send().stream().anyMatch(message -> kind(message) == MessageKind.REQUEST_VOTE)
                || (answer.persist().currentTerm() != null
                        && answer.persist().currentTerm() > (long) node.durableState().getOrDefault("currentTerm", 0L));
    }

    private static Action handler(MessageKind kind) {
        return switch (kind) {
            case REQUEST_VOTE -> Action.HANDLE_REQUEST_VOTE;
            case REQUEST_VOTE_RESPONSE -> Action.HANDLE_REQUEST_VOTE_RESPONSE;
            case APPEND_ENTRIES -> Action.HANDLE_APPEND_ENTRIES;
            case APPEND_ENTRIES_RESPONSE -> Action.HANDLE_APPEND_ENTRIES_RESPONSE;
        };
    }

    private static MessageKind kind(Map<String, Object> message) {
        MessageKind kind = MessageKind.named(String.valueOf(message.get("type")));
        if (kind == null) {
            throw new IllegalArgumentException("no kind of message is called " + message.get("type"));
        }
        return kind;
    }

    private void checkNothingDone(PortNode node, Answer answer, String what) throws Failed {
        if (!answer.persist().isNothing()) {
            throw misbehaved(node, what + " and yet persisted something");
        }
        if (answer.error() != null && (!answer.send().isEmpty() || answer.apply() != null || answer.action() != null)) {
            throw misbehaved(node, what + " and yet did something");
        }
        String changed = node.changed(answer.state());
        if (changed != null) {
            throw misbehaved(node, what + " and yet changed " + changed);
        }
    }

    /**
     * Checks which messages were sent to whom; what they say is for the spec. A message may also be sent again.
     *
     * @return what the messages that the action sends have in common; null if there are none
     */
    private @Nullable Map<String, Object> checkSent(
            PortNode node, @Nullable Action action, @Nullable PortPacket packet, List<Map<String, Object>> send)
            throws Failed {
        MessageKind wanted = action == null ? null : sentBy(action);
        Map<String, Object> common = null;
        List<Integer> receivers = new ArrayList<>();
        for (Map<String, Object> message : send) {
            MessageKind kind = kind(message);
            int to = PortNetwork.number(String.valueOf(message.get("to")));
            String what = kind.label() + " to " + message.get("to");
            if (!node.name.equals(message.get("from"))) {
                throw misbehaved(node, "sent " + what + " in the name of " + message.get("from"));
            }
            if (to == node.number) {
                throw misbehaved(node, "sent " + kind.label() + " to itself");
            }
            if (kind == MessageKind.APPEND_ENTRIES) {
                continue;
            }
            if (kind != wanted || (packet != null && to != packet.from) || receivers.contains(to)) {
                if (network.hasSent(message)) {
                    continue;
                }
                throw misbehaved(
                        node, "sent " + what + ", which " + (action == null ? "no action" : action.label())
                                + " does not send" + (kind == wanted ? " there" : ""));
            }
            receivers.add(to);
            Map<String, Object> said = new LinkedHashMap<>(message);
            said.keySet().removeAll(List.of("type", "from", "to"));
            if (common != null && !common.equals(said)) {
                throw misbehaved(node, "sent " + kind.label() + "s that differ: " + Describe.value(Json.write(common))
                        + " and " + Describe.value(Json.write(said)));
            }
            common = said;
        }
        int due = wanted == null ? 0 : wanted == MessageKind.REQUEST_VOTE ? nodes.size() - 1 : 1;
        if (wanted != null && receivers.size() < due) {
            throw misbehaved(
                    node,
                    "did " + (action == null ? "nothing" : action.label()) + " and sent " + receivers.size() + " "
                            + wanted.label() + ", not " + due);
        }
        return common;
    }

    private static @Nullable MessageKind sentBy(Action action) {
        return switch (action) {
            case START_ELECTION -> MessageKind.REQUEST_VOTE;
            case HANDLE_REQUEST_VOTE -> MessageKind.REQUEST_VOTE_RESPONSE;
            case HANDLE_APPEND_ENTRIES -> MessageKind.APPEND_ENTRIES_RESPONSE;
            default -> null;
        };
    }

    private void apply(PortNode node, LogChange apply) throws Failed, InterruptedException {
        guarded(node, () -> node.apply(apply, level == Level.ALL));
        applied += apply.entries().size();
        for (int k = 0; k < apply.entries().size(); k++) {
            int index = (int) apply.from() + k;
            Entry entry = apply.entries().get(k);
            if (index > appliedByAny.size()) {
                appliedByAny.add(entry);
            } else if (!appliedByAny.get(index - 1).equals(entry)) {
                throw failed(
                        node,
                        Failure.Kind.APPLIED,
                        "applied " + Describe.value(entry) + " at index " + index + ", where another node applied "
                                + Describe.value(appliedByAny.get(index - 1)));
            }
        }
    }

    // Verdicts --------------------------------------------------------------------------------------------------------

    private void feed(PortNode node, TraceEvent event) throws Failed {
        sink.accept(event);
        boolean accepted;
        try {
            accepted = validator.feed(event);
        } catch (IllegalArgumentException e) {
            throw misbehaved(node, "did what no trace can say: " + e.getMessage());
        }
        if (accepted) {
            return;
        }
        Verdict verdict = validator.verdict();
        if (verdict instanceof Verdict.Diverged diverged) {
            String what = event.action() == Action.SEND_APPEND_ENTRIES ? " no leader of its log sends" : " no step of the spec";
            throw new Failed(new Failure(
                    Failure.Kind.DIVERGED,
                    steps.size(),
                    event.action(),
                    node.name + ": " + event.action().label() + " as it did it is" + what,
                    Explanations.of(diverged.divergence())));
        }
        throw failed(node, Failure.Kind.UNDECIDED, "reached a limit of the replay");
    }

    private Failed misbehaved(PortNode node, String text) {
        return failed(node, Failure.Kind.MISBEHAVED, text);
    }

    private Failed failed(PortNode node, Failure.Kind kind, @Nullable String text) {
        List<String> details = switch (kind) {
            case MALFORMED, UNASKED, LATE, DIED, NOT_STARTED ->
                node.lastWords().stream().map(line -> "stderr: " + line).toList();
            default -> List.of();
        };
        return new Failed(new Failure(kind, steps.size(), null, node.name + " " + text, details));
    }

    /** What is done with a node. */
    private interface Deed {
        void run() throws PortException, InterruptedException;
    }

    private void guarded(PortNode node, Deed deed) throws Failed, InterruptedException {
        try {
            deed.run();
        } catch (PortException e) {
            throw failed(node, e.kind(), e.getMessage());
        }
    }

    // For plans -------------------------------------------------------------------------------------------------------

    List<PortNode> nodes() {
        return nodes;
    }

    PortNetwork network() {
        return network;
    }

    private @Nullable PortNode node(int number) {
        return number <= nodes.size() ? nodes.get(number - 1) : null;
    }

    // The story -------------------------------------------------------------------------------------------------------

    private static String title(Decision decision, @Nullable PortPacket packet) {
        if (decision instanceof CrashDuring crash) {
            return title(crash.input(), packet)
                    + (crash.sent() == CrashDuring.BEFORE_PERSISTING
                            ? ", and crashes before it answers"
                            : ", and crashes after sending " + crash.sent());
        } else if (decision instanceof Deliver && packet != null) {
            return Nodes.name(packet.to) + " gets " + packet;
        } else if (decision instanceof Tick tick) {
            return Nodes.name(tick.node()) + "'s clock ticks";
        } else if (decision instanceof Timeout timeout) {
            return Nodes.name(timeout.node()) + "'s election timeout ends";
        } else if (decision instanceof Heartbeat heartbeat) {
            return Nodes.name(heartbeat.node()) + "'s heartbeat is due";
        } else if (decision instanceof Propose propose) {
            return "a client proposes " + propose.value() + " to " + Nodes.name(propose.node());
        } else if (decision instanceof Crash crash) {
            return Nodes.name(crash.node()) + " crashes";
        } else if (decision instanceof Restart restart) {
            return Nodes.name(restart.node()) + " restarts from what it persisted";
        }
        return decision.text();
    }

    private void describe(Answer answer) {
        Answer.Persist persist = answer.persist();
        List<String> parts = new ArrayList<>();
        List<String> stored = new ArrayList<>();
        if (persist.currentTerm() != null) {
            stored.add("currentTerm " + persist.currentTerm());
        }
        if (persist.saysVote()) {
            stored.add("votedFor " + Describe.value(Optional.ofNullable(persist.votedFor())));
        }
        LogChange log = persist.log();
        if (log != null) {
            stored.add("log " + Describe.value(log));
        }
        if (!stored.isEmpty()) {
            parts.add("persists " + String.join(", ", stored));
        }
        Map<String, List<String>> sent = new LinkedHashMap<>();
        for (Map<String, Object> message : answer.send()) {
            if (level == Level.ELECTION && kind(message) == MessageKind.APPEND_ENTRIES) {
                continue;
            }
            sent.computeIfAbsent(message.get("type") + " " + PortPacket.describe(message), k -> new ArrayList<>())
                    .add(String.valueOf(message.get("to")));
        }
        sent.forEach((what, to) -> parts.add("sends " + what + " to " + String.join(", ", to)));
        if (!parts.isEmpty()) {
            did.append(": ").append(String.join("; ", parts));
        }
    }
}
