/** TLC as a library: the spec's actions and values, and one step of the spec at a time. */
package dev.checkedraft.tlc;
