/** What a model-checking run found, and how far it has come. */
package dev.checkedraft.spec.result;
