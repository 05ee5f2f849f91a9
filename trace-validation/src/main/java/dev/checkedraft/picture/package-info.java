/** A run as a page to look at: lanes, messages, states, and the divergence with the spec's text beside it. */
package dev.checkedraft.picture;
