/** Whether elections and heartbeats come when they are due, and election timeouts are random. */
package dev.checkedraft.clock;
