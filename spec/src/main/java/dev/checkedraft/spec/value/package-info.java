/** Values and text of TLA+: values as TLC prints them, sources, steps of a behaviour and what they change. */
package dev.checkedraft.spec.value;
