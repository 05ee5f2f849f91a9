/** A seeded cluster, network and faults, driven by a schedule that is a value. */
package dev.checkedraft.sim;
