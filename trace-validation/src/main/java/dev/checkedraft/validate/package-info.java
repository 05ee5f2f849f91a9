/** Validates traces: one file, files that grow, and files of a run that are merged, event by event. */
package dev.checkedraft.validate;
