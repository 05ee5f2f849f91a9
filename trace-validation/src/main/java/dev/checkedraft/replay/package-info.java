/** Replays a trace against the spec by evaluating its actions, keeping the spec states it may be in. */
package dev.checkedraft.replay;
