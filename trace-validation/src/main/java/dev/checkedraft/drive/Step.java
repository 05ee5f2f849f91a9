package dev.checkedraft.drive;

import dev.checkedraft.port.PortPacket;
import dev.checkedraft.schedule.Decision;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A decision of a schedule, with what it takes to find its message when other decisions are taken out.
 *
 * @param id a number that no other step of the schedule has, and that it keeps when others are taken out
 * @param origin the message it delivers; null if it delivers none, or if only the decision itself tells
 */
public record Step(int id, Decision decision, PortPacket.@Nullable Origin origin) {}
