/** Runs a port by a schedule, plays its peers, and judges each answer. */
package dev.checkedraft.drive;
