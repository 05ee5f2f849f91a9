/** Runs TLC on the spec's models and mutants, in a JVM of its own, and reads what it prints. */
package dev.checkedraft.spec.run;
