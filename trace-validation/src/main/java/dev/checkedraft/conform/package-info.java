/** Drives a port of Raft over its stdin and stdout, and holds what it does to the spec. See PORTING.md. */
package dev.checkedraft.conform;
