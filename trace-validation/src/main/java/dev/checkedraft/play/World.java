package dev.checkedraft.play;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.MessageKind;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.schedule.Decision;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Schedule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The clusters of one size that a page can play, and the table of their servers' steps: those that the lessons take, those
 * within a few decisions of these, and then those of random runs that begin anywhere in a lesson, until the table is full.
 */
final class World {
    private static final int LONGEST_RUN = 40;

    private final int nodes;
    private final int maxEntries;
    private final StepTable table;
    private final List<Cluster> roots = new ArrayList<>();

    /**
     * A world, its table filled.
     *
     * @param most so many steps
     * @param around so many decisions away from the lessons, besides random runs
     */
    World(int nodes, int maxEntries, List<Lesson> lessons, int most, int around, long maxTerm, int maxLog) {
        this.nodes = nodes;
        this.maxEntries = maxEntries;
        List<String> servers = Nodes.names(nodes);
        table = new StepTable(servers, new SpecStepCheck(servers), most, maxTerm, maxLog);
        roots.add(Cluster.initial(servers, maxEntries));
        for (Lesson lesson : lessons) {
            if (isFor(lesson.schedule())) {
                follow(lesson.schedule());
            }
        }
        for (Cluster root : roots) {
            expand(root, around);
        }
        Random random = new Random(1);
        // What the runs reach becomes rare: so many are enough, if the table does not fill before.
        for (int run = 0; run < most && !table.isFull(); run++) {
            wander(roots.get(random.nextInt(roots.size())), random);
        }
    }

    int nodes() {
        return nodes;
    }

    int maxEntries() {
        return maxEntries;
    }

    StepTable table() {
        return table;
    }

    boolean isFor(Schedule schedule) {
        return schedule.setup().nodes() == nodes && schedule.setup().maxEntries() == maxEntries;
    }

    /** Takes a lesson's inputs. What is up, cut or in flight is the page's to hold, and lessons decide only what applies. */
    private void follow(Schedule schedule) {
        Cluster cluster = roots.get(0);
        Map<String, Map<MessageKind, List<Message>>> links = new HashMap<>();
        for (Decision decision : schedule.decisions()) {
            LocalInput input = input(decision, links);
            if (input == null) {
                continue;
            }
            int place = decision.node() - 1;
            LocalInput.Outcome outcome = table.take(cluster.nodes().get(place), input);
            Cluster after = cluster.after(place, input, table);
            if (outcome == null || after == null) {
                throw new IllegalStateException("a lesson leaves its table at " + decision.text());
            }
            for (Message message : outcome.ready().messages()) {
                links.computeIfAbsent(message.from() + " " + message.to(), link -> new EnumMap<>(MessageKind.class))
                        .computeIfAbsent(message.kind(), kind -> new ArrayList<>())
                        .add(message);
            }
            cluster = after;
            roots.add(cluster);
        }
    }

    private static @Nullable LocalInput input(Decision decision, Map<String, Map<MessageKind, List<Message>>> links) {
        if (decision instanceof Decision.Timeout) {
            return LocalInput.TIMEOUT;
        } else if (decision instanceof Decision.Heartbeat) {
            return LocalInput.HEARTBEAT;
        } else if (decision instanceof Decision.Propose) {
            return LocalInput.PROPOSE;
        } else if (decision instanceof Decision.Restart) {
            return LocalInput.RESTART;
        } else if (decision instanceof Decision.Deliver deliver) {
            MessageKind kind = deliver.message().kind();
            String link = Nodes.name(deliver.message().from()) + " "
                    + Nodes.name(deliver.message().to());
            List<Message> sent = kind == null
                    ? List.of()
                    : links.getOrDefault(link, Map.of()).getOrDefault(kind, List.of());
            int ordinal = deliver.message().ordinal();
            if (ordinal < 1 || ordinal > sent.size()) {
                throw new IllegalStateException("a lesson names its messages by number: " + decision.text());
            }
            return LocalInput.deliver(sent.get(ordinal - 1));
        }
        return null;
    }

    private void expand(Cluster cluster, int depth) {
        List<Cluster> next = cluster.expanded(table);
        if (depth > 0) {
            next.forEach(each -> expand(each, depth - 1));
        }
    }

    /** A run in which most messages arrive, some late or never; and all that might have been done instead. */
    private void wander(Cluster from, Random random) {
        Cluster cluster = from;
        for (int step = 0; step < LONGEST_RUN && !table.isFull(); step++) {
            cluster.expanded(table);
            int place = random.nextInt(nodes);
            List<LocalInput> inputs = cluster.inputs(cluster.nodes().get(place));
            int others = inputs.size() - 4;
            // The newest messages are the likeliest.
            int back = Math.min(random.nextInt(4), random.nextInt(others + 1));
            LocalInput input = others > 0 && random.nextInt(6) > 0
                    ? inputs.get(inputs.size() - 1 - Math.min(back, others - 1))
                    : inputs.get(random.nextInt(4));
            Cluster after = cluster.after(place, input, table);
            cluster = after == null ? cluster : after;
        }
    }
}
