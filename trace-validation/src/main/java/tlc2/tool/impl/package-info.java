/** The part of the evaluator that must live among TLC's own. */
package tlc2.tool.impl;
