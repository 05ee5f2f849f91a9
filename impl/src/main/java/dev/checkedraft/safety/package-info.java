/** What must hold of a cluster, and the checker that holds each step to it. */
package dev.checkedraft.safety;
