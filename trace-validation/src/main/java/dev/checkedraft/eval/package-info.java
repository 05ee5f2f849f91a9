/**
 * Actions of a TLA+ specification as Java closures: the same values of TLC, many times faster than its interpreter. TLC
 * remains the judge: what is compiled is held to it in tests, and what cannot be compiled is left to it.
 */
package dev.checkedraft.eval;
