/** What the expressions and steps of a TLA+ spec are in SMT-LIB 2, made of SANY's tree. */
package dev.checkedraft.translation;
