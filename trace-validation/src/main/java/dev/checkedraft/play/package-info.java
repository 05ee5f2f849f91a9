/** A page on which a reader makes a schedule by hand: the core's steps, taken beforehand and held to the spec, as a table. */
package dev.checkedraft.play;
