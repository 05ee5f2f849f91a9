/** A cluster of processes under faults, its clients' history, and whether that is linearizable. */
package dev.checkedraft.torture;
