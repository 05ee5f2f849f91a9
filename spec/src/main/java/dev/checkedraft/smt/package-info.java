/** SMT-LIB 2: terms, how they are brought into a form that a solver likes, and the few axioms that are taken for true. */
package dev.checkedraft.smt;
