/** The models and mutants as data: what to run, and what TLC must report of it. */
package dev.checkedraft.spec.manifest;
