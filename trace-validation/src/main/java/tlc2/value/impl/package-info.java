/** A value that TLC's evaluator knows no better than a tuple, and that must live among TLC's own. */
package tlc2.value.impl;
