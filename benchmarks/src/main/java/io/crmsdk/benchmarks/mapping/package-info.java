/** What declarative mapping costs beside hand-written code and beside Jackson with MapStruct, on the same record. */
package io.crmsdk.benchmarks.mapping;
