package dev.checkedraft.drive;

import dev.checkedraft.core.LogChange;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Describe;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A run's steps in words, a line each. */
final class StepText {
    private StepText() {}

    /**
     * What is done.
     *
     * @param packet the message that is delivered; null if none is
     */
    static String of(Decision decision, @Nullable PortPacket packet) {
        if (decision instanceof CrashDuring crash) {
            return of(crash.input(), packet)
                    + (crash.sent() == CrashDuring.BEFORE_PERSISTING
                            ? ", and crashes before it answers"
                            : ", and crashes after sending " + crash.sent());
        } else if (decision instanceof Deliver && packet != null) {
            return Nodes.name(packet.to()) + " gets " + packet;
        } else if (decision instanceof Tick tick) {
            return Nodes.name(tick.node()) + "'s clock ticks";
        } else if (decision instanceof Timeout timeout) {
            return Nodes.name(timeout.node()) + "'s election timeout ends";
        } else if (decision instanceof Heartbeat heartbeat) {
            return Nodes.name(heartbeat.node()) + "'s heartbeat is due";
        } else if (decision instanceof Propose propose) {
            return "a client proposes " + propose.value() + " to " + Nodes.name(propose.node());
        } else if (decision instanceof Send send) {
            return "in the name of " + Nodes.name(send.node()) + ", " + Nodes.name(send.to())
                    + " is sent a slice of its log";
        } else if (decision instanceof Recover recover) {
            return "all faults end, and up to " + recover.ticks() + " ticks go by";
        } else if (decision instanceof Crash crash) {
            return Nodes.name(crash.node()) + " crashes";
        } else if (decision instanceof Restart restart) {
            return Nodes.name(restart.node()) + " restarts from what it persisted";
        }
        return decision.text();
    }

    /** What came of it. Empty, or to be put after {@link #of}. */
    static String of(Answer answer) {
        String error = answer.error();
        if (error != null) {
            return ": refused, " + Fields.shorten(error);
        }
        List<String> parts = new ArrayList<>();
        String persisted = persisted(answer.persist());
        if (!persisted.isEmpty()) {
            parts.add("persists " + persisted);
        }
        Map<String, List<String>> sent = new LinkedHashMap<>();
        for (Map<String, Object> message : answer.send()) {
            sent.computeIfAbsent(message.get("type") + " " + PortPacket.describe(message), k -> new ArrayList<>())
                    .add(String.valueOf(message.get("to")));
        }
        sent.forEach((what, to) -> parts.add("sends " + what + " to " + String.join(", ", to)));
        return parts.isEmpty() ? "" : ": " + String.join("; ", parts);
    }

    /** What was sent in another's name. */
    static String of(Map<String, Object> message) {
        return ": " + message.get("type") + " " + PortPacket.describe(message);
    }

    private static String persisted(Answer.Persist persist) {
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
        return String.join(", ", stored);
    }
}
