/** The Raft algorithm: deterministic, with no I/O, no clock, no threads and no randomness of its own. */
package dev.checkedraft.core;
