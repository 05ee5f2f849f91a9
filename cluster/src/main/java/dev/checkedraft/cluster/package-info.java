/** The commands that run nodes and talk to them, and the validation of their traces while they run. */
package dev.checkedraft.cluster;
