/** The porting protocol: a port as a process, its messages and answers, and the Java core behind it. */
package dev.checkedraft.port;
