/**
 * Actions of a TLA+ specification as Java closures over the values of TLC, in place of its interpreter. TLC remains the
 * judge: what is compiled is held to it in tests, and what cannot be compiled is left to it.
 */
package dev.checkedraft.eval;
