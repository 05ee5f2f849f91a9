/** Within TLC's package of tools: strings that are forgotten when nobody holds them. */
package util;
