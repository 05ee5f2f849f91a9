/** What an event may have been: the steps of AnyRaft.tla that agree with it, and what a trace leaves open. */
package dev.checkedraft.judge;
