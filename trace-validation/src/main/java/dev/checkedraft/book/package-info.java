/** A trace's verdict by TLC alone: the trace as a TLA+ module beside RaftTrace.tla as it is written. */
package dev.checkedraft.book;
