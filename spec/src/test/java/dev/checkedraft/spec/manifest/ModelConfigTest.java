package dev.checkedraft.spec.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
    private static final String TEXT = """
            \\* PROPERTY InAComment
            (* PROPERTY InAnother *)
            CONSTANTS Server = {s1, s2} Narrate = FALSE Send <- MCSend
            SPECIFICATION Spec
            PROPERTIES
                One Two \\* Three
            CHECK_DEADLOCK FALSE
            VIEW View
            PROPERTY Four INVARIANTS Five
            """;

    private final ModelConfig config = ModelConfig.parse("a.cfg", TEXT);

    @Test
    void findsItsPropertiesInAllSections() {
        assertEquals(List.of("One", "Two", "Four"), config.properties());
    }

    @Test
    void knowsWhetherDeadlockIsAnError() {
        assertFalse(config.checksDeadlock());
        assertTrue(ModelConfig.parse("a.cfg", "SPECIFICATION Spec").checksDeadlock());
    }

    @Test
    void canBeNarrowedToOneProperty() {
        assertEquals("""

                CONSTANTS Server = {s1, s2} Narrate = FALSE Send <- MCSend
                SPECIFICATION Spec
                CHECK_DEADLOCK FALSE
                VIEW View
                INVARIANTS Five
                PROPERTY Two
                """, config.onlyProperty("Two").text());
    }

    @Test
    void canBeMadeToTellItsSteps() {
        assertTrue(config.canNarrate());
        assertTrue(config.narrated().text().contains("Narrate = TRUE"));
        assertFalse(config.narrated().canNarrate());
        assertFalse(
                ModelConfig.parse("a.cfg", "CONSTANT Narrate = FALSE").canNarrate(), "nothing would hide the steps");
    }
}
