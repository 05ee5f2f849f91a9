/** Replays a trace against the spec with TLC's evaluator, keeping the spec states it may be in. */
package dev.checkedraft.replay;
