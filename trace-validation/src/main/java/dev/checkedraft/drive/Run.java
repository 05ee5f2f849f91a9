package dev.checkedraft.drive;

import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Cut;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Duplicate;
import dev.checkedraft.schedule.Decision.Heal;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Setup;
import dev.checkedraft.trace.TraceSink;
import dev.checkedraft.validate.ServerView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One run of a cluster of ports: carries out decisions, plays network and disks, and feeds everything the ports do to the
 * replay against the spec, as a trace's events.
 */
public final class Run {
    /** When a node that crashes is ended as a process, and not only told to start again. */
    public interface KillPolicy {
        boolean kills();
    }

    private final Setup setup;
    private final Level level;
    private final List<PortNode> nodes;
    private final KillPolicy killPolicy;
    private final PortNetwork network;
    private final Referee referee;
    private final AnswerEvents answerEvents;

    private final List<Step> steps = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    /** The node that was asked last. */
    private @Nullable PortNode asked = null;

    private final Timers timers;
    private int recoveries = 0;
    private int crashes = 0;
    private int kills = 0;

    /** What came of the current step, for the story. */
    private String outcome = "";

    /**
     * Prepares a run.
     *
     * @param sink gets every event, the one that is no step of the spec too
     */
    public Run(Setup setup, Level level, List<PortNode> nodes, KillPolicy killPolicy, TraceSink sink) {
        this.setup = setup;
        this.level = level;
        this.nodes = nodes;
        this.killPolicy = killPolicy;
        this.network = new PortNetwork(setup.nodes());
        this.referee = new Referee(setup, sink);
        this.answerEvents = new AnswerEvents(setup, level, network, referee);
        this.timers = new Timers(setup, level != Level.ELECTION);
    }

    /**
     * Starts all nodes, follows the plan to its end or to the first failure, and reports.
     *
     * @param kill whether every node is to begin in a process of its own
     * @param probes whether to try inputs first that every node must refuse
     */
    public RunResult execute(Scheduler plan, boolean kill, boolean probes) throws InterruptedException {
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
                checkQuiet(node, kill);
            }
        } catch (NonConformance e) {
            failure = sure(e.failure());
        }
        return new RunResult(
                setup,
                steps,
                story,
                failure,
                referee.evidence(),
                answers,
                answerEvents.applied(),
                crashes,
                kills,
                new RunResult.Clock(timers.waited(), timers.sentByTicks(), recoveries));
    }

    /** At the end of a run; a process that served only for it can say nothing later. */
    private void checkQuiet(PortNode node, boolean served) throws NonConformance, InterruptedException {
        asked = node;
        guarded(node, node::checkQuiet);
        String unasked = served ? node.unasked(null) : null;
        if (unasked != null) {
            throw referee.failed(node, Failure.Kind.UNASKED, unasked);
        }
    }

    /** A failure of the node asked last, once it is sure that what it said was the answer to what it was asked. */
    private Failure sure(Failure failure) throws InterruptedException {
        PortNode node = asked;
        if (node == null) {
            return failure;
        }
        String unasked = failure.kind().isOfAnAnswer() ? node.unasked(failure.kind()) : null;
        Failure sure = unasked == null
                ? failure
                : referee.failed(node, Failure.Kind.UNASKED, unasked).failure();
        return sure.kind().isOfTheProcess() ? sure.with(node.lastWords()) : sure;
    }

    // Steps -----------------------------------------------------------------------------------------------------------

    private void begin(boolean kill) throws NonConformance, InterruptedException {
        for (PortNode node : nodes) {
            node.begin(setup);
            asked = node;
            guarded(node, () -> node.provide(kill));
        }
        for (PortNode node : nodes) {
            start(node);
        }
    }

    private void carryOut(Step step) throws NonConformance, InterruptedException {
        Decision decision = step.decision();
        PortPacket packet = null;
        Input input = decision instanceof Input in ? in : decision instanceof CrashDuring crash ? crash.input() : null;
        input = decision instanceof Send ? null : input;
        if (input instanceof Deliver deliver) {
            packet = step.origin() == null ? network.links().find(deliver.message()) : network.find(step.origin());
            if (packet == null || network.links().isCut(packet.from(), packet.to())) {
                return;
            }
            input = new Deliver(packet.ref());
            decision = decision instanceof CrashDuring crash ? new CrashDuring(input, crash.sent()) : input;
        }
        outcome = "";
        referee.begin(steps.size() + 1, step.id());
        boolean applies = true;
        try {
            applies = input == null ? act(decision) : input(input, packet, decision);
        } finally {
            if (applies) {
                steps.add(new Step(step.id(), decision, packet == null ? null : packet.origin()));
                story.add(StepText.of(decision, packet) + outcome);
            }
        }
    }

    private boolean act(Decision decision) throws NonConformance, InterruptedException {
        if (decision instanceof Send send) {
            return send(send);
        } else if (decision instanceof Recover recover) {
            return recover(recover);
        } else if (decision instanceof Crash crash) {
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
            asked = node;
            guarded(node, () -> node.provide(false));
            start(node);
            return true;
        } else if (decision instanceof Drop drop) {
            PortPacket packet = network.links().find(drop.message());
            if (packet == null || !packet.isInFlight()) {
                return false;
            }
            network.links().land(packet);
            return true;
        } else if (decision instanceof Duplicate duplicate) {
            PortPacket packet = network.links().find(duplicate.message());
            if (packet == null) {
                return false;
            }
            network.links().fly(packet);
            return true;
        } else if (decision instanceof Cut cut) {
            return network.links().setCut(cut.from(), cut.to(), true);
        } else if (decision instanceof Heal heal) {
            return network.links().setCut(heal.from(), heal.to(), false);
        } else if (decision instanceof Partition partition) {
            return network.links().partition(partition.side()) > 0;
        }
        return network.links().healAll();
    }

    private boolean send(Send send) throws NonConformance {
        PortNode node = node(send.node());
        Map<String, Object> message =
                node == null || !node.isUp() || node(send.to()) == null ? null : Slices.message(send, view(node));
        if (node == null || message == null) {
            return false;
        }
        answerEvents.sendFor(node, message);
        outcome = StepText.of(message);
        return true;
    }

    /** One step, however many decisions it takes. */
    private boolean recover(Recover recover) throws NonConformance, InterruptedException {
        Recovery recovery = new Recovery(this, decision -> {
            if (decision instanceof Input input) {
                PortPacket packet =
                        decision instanceof Deliver deliver ? network.links().find(deliver.message()) : null;
                input(input, packet, decision);
            } else {
                act(decision);
            }
        });
        String stuck = recovery.run(recover.ticks());
        if (stuck != null) {
            throw new NonConformance(new Failure(Failure.Kind.STUCK, steps.size() + 1, null, stuck, List.of()));
        }
        outcome = "";
        recoveries++;
        return true;
    }

    private boolean input(Input input, @Nullable PortPacket packet, Decision decision)
            throws NonConformance, InterruptedException {
        PortNode node = node(input.node());
        if (node == null || !node.isUp()) {
            return false;
        }
        if (packet != null) {
            network.links().arrives(packet);
        }
        ServerView before = view(node);
        boolean led = before != null && before.leads();
        long oldTerm = before == null ? 0 : before.currentTerm();
        boolean voted = before != null && before.hasVoted();
        String line = line(input, packet);
        CrashDuring crash = decision instanceof CrashDuring during ? during : null;
        if (crash != null && crash.sent() == CrashDuring.BEFORE_PERSISTING) {
            ask(node, line);
            crash(node);
            return true;
        }
        Answer answer = ask(node, line);
        outcome = StepText.of(answer);
        answerEvents.handled(node, input, packet, answer, crash == null ? Integer.MAX_VALUE : crash.sent());
        ServerView now = view(node);
        if (crash != null) {
            crash(node);
        } else if (before != null && now != null) {
            boolean newTerm = now.currentTerm() > oldTerm;
            boolean vote = answer.grantsVote() && (newTerm || !voted);
            String wrong = timers.handled(node.number, input, packet, answer, led, oldTerm, vote, now);
            if (wrong != null) {
                throw referee.failed(node, Failure.Kind.CLOCK, wrong);
            }
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
            return Json.write(Map.of("propose", Map.of("value", Values.text(propose.value()))));
        }
        if (packet == null) {
            throw new IllegalArgumentException("nothing to deliver");
        }
        return Json.write(Map.of("message", packet.message()));
    }

    private void crash(PortNode node) {
        crashes++;
        node.crashed();
        if (killPolicy.kills()) {
            kills++;
            node.kill();
        }
    }

    private void start(PortNode node) throws NonConformance, InterruptedException {
        answerEvents.started(node, ask(node, node.startInput(setup)));
        timers.started(node.number);
    }

    /** Inputs that every node must refuse, and not be changed by. */
    private void probe() throws NonConformance, InterruptedException {
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

    private void mustRefuse(PortNode node, String what, Map<String, Object> input)
            throws NonConformance, InterruptedException {
        Answer answer = ask(node, Json.write(input));
        // Not part of the schedule, and so not of what a repetition is compared with.
        answers.remove(answers.size() - 1);
        answerEvents.mustRefuse(node, answer, what);
    }

    private Answer ask(PortNode node, String line) throws NonConformance, InterruptedException {
        asked = node;
        try {
            Answer answer = node.ask(line, Nodes.names(setup.nodes()));
            answers.add(answer);
            return answer;
        } catch (PortException e) {
            throw referee.failed(node, e.kind(), e.getMessage());
        }
    }

    /** What is done with a node. */
    private interface Deed {
        void run() throws PortException, InterruptedException;
    }

    private void guarded(PortNode node, Deed deed) throws NonConformance, InterruptedException {
        try {
            deed.run();
        } catch (PortException e) {
            throw referee.failed(node, e.kind(), e.getMessage());
        }
    }

    // For plans -------------------------------------------------------------------------------------------------------

    public List<PortNode> nodes() {
        return nodes;
    }

    public PortNetwork network() {
        return network;
    }

    /** A node as the spec has it by now; null if more than one state of the spec may be it. */
    public @Nullable ServerView view(PortNode node) {
        return referee.view(node);
    }

    private @Nullable PortNode node(int number) {
        return number <= nodes.size() ? nodes.get(number - 1) : null;
    }
}
