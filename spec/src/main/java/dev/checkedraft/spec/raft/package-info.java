/** A behaviour of Raft.tla that TLC found, told in the words of Raft: actions, servers, messages. */
package dev.checkedraft.spec.raft;
