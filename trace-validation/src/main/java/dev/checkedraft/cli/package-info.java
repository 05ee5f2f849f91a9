/** The commands of {@code raft}, and nothing else. */
package dev.checkedraft.cli;
