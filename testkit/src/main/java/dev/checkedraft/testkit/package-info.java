/** For the tests of a Raft in Java: schedules as jqwik values. */
package dev.checkedraft.testkit;
