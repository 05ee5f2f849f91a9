/** What does a run look like: a validated trace as one HTML file, with its servers as lanes and its messages as arrows. */
package dev.checkedraft.picture;
