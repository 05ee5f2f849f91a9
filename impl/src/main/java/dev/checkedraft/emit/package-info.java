/** What a Raft that is not ours did, told through a few calls: the trace's events are worked out from them. */
package dev.checkedraft.emit;
