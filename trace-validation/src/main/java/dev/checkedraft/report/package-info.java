/** What a command tells: reports as text, JSON and JUnit XML, files that are written whole, progress, exit codes. */
package dev.checkedraft.report;
