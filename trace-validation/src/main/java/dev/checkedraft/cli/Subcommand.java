package dev.checkedraft.cli;

import java.util.concurrent.Callable;

/** A command that another jar on the class path adds to {@code raft}, as a service; its annotation has its name. */
public interface Subcommand extends Callable<Integer> {}
