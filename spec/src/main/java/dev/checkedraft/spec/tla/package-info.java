/** Text and values of TLA+: sources, values as TLC prints them, steps of a behaviour and what they change. */
package dev.checkedraft.spec.tla;
