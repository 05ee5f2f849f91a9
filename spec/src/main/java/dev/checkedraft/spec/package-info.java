/** Runs TLC on the spec's models and mutants, in a JVM of its own, and reads its result. */
package dev.checkedraft.spec;
