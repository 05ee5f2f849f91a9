/** A schedule as a value: the cluster it is for, its decisions, and their text. */
package dev.checkedraft.schedule;
