/** Random and bug-seeking schedules, recovery once faults end, and minimisation of a failing schedule. */
package dev.checkedraft.search;
