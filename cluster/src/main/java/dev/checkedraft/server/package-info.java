/** A node: one event loop around the core, its sockets, its disk, its state machine and its trace. */
package dev.checkedraft.server;
