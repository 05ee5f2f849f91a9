/** Bugs planted in the Java core, and what finds them: that the nets hold is shown by what they catch. */
package dev.checkedraft.hunt;
