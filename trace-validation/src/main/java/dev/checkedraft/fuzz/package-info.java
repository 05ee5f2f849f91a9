/** Looks for schedules under which the Java core breaks a property or leaves the spec, guided by the states it reached. */
package dev.checkedraft.fuzz;
