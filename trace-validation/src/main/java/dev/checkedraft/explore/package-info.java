/** Takes the Java core through every schedule within bounds, and holds each state and step against the spec. */
package dev.checkedraft.explore;
