/** What a node has after a crash: its state and its trace. */
package dev.checkedraft.disk;
