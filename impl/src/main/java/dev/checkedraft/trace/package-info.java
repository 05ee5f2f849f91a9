/** What a node did, one event an input it handled, and the NDJSON writer and reader of such events. */
package dev.checkedraft.trace;
