/**
 * Proves what RaftProperties.tla says, without bounds: obligations made of SANY's tree of the spec, discharged by an SMT
 * solver.
 */
package dev.checkedraft.proof;
