package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Exploration takes nothing for granted of the core under test. Each core here reacts to a message that a correct one
 * ignores, maybe only in a state it comes to long after, or wrongly to one that a correct peer may send and this core's
 * never do.
 */
class LateBugsTest {
    private static final int STATES = 60_000;

    @Test
    void everyBugThatShowsLateIsFoundByExploration() throws Exception {
        List<String> missed = new ArrayList<>();
        for (Bug bug : Bug.late()) {
            Catch caught = Hunt.cast(PlantedCore.loader(PlantedCore.compile(bug)), "explore", STATES);
            System.out.println(bug.id() + ": " + caught.cell() + ", "
                    + caught.how().lines().findFirst().orElse(""));
            if (!caught.found()) {
                missed.add(bug.id());
            }
        }
        assertTrue(missed.isEmpty(), () -> "not found: " + missed);
    }

    /** What a naive exploration finds in a core with a bug, the explorer finds. */
    @Test
    void explorationFindsWhatItsNaiveTwinFinds() throws Exception {
        for (String id : List.of("old-term-vote", "late-heartbeat-commits", "empty-append-unchecked")) {
            List<?> both = compare(late(id));
            assertNotNull(both.get(0), () -> "the naive twin does not find " + id);
            assertNotNull(both.get(1), () -> "the explorer does not find " + id);
        }
    }

    /**
     * Nothing is lost or invented with other cores either: one whose bug needs a term more than there is, and one that backs
     * off by one entry and is right.
     */
    @Test
    void explorationTriesWhatItsNaiveTwinTriesOnAnotherCore() throws Exception {
        Bug slow = new Bug(
                "slow-back-off",
                "a leader goes back one entry at a refusal",
                "nothing",
                List.of(new Bug.Edit(
                        "Role.java",
                        "matchIndex + 1 + (index - matchIndex - 1) / 2",
                        "Math.max(matchIndex + 1, index)")));
        for (Bug bug : List.of(late("late-vote-two-terms"), slow)) {
            List<?> both = compare(bug);
            assertNull(both.get(0), bug.id());
            assertNull(both.get(1), bug.id());
            assertEquals(
                    List.of(0L, 0L), both.subList(5, 7), "states of the servers, and steps of one, that one lacks");
        }
    }

    private static Bug late(String id) throws IOException {
        return Bug.late().stream()
                .filter(bug -> bug.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<?> compare(Bug bug) throws IOException, ReflectiveOperationException {
        return (List<?>) PlantedCore.loader(PlantedCore.compile(bug))
                .loadClass("dev.checkedraft.explore.Twins")
                .getMethod("compare", List.class)
                .invoke(null, List.of(2, 2, 1, 0));
    }
}
