/** Says why no step of the spec explains an event, in a few lines or as JSON. */
package dev.checkedraft.explain;
