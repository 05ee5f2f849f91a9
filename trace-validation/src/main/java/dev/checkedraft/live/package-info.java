/** Traces validated while they are written: files that grow, standard input, several at once. */
package dev.checkedraft.live;
