/** The state machine: commands, keys, the clients' sessions, and what clients are told. */
package dev.checkedraft.kv;
