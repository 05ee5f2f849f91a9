package dev.checkedraft.spec.result;

/**
 * How far a run of TLC has come.
 *
 * @param generated states generated, repetitions included
 * @param distinct states found that differ from all before; -1 in a simulation, which does not remember
 * @param queue states whose successors are still to be generated; -1 in a simulation
 * @param depth length of the longest of the shortest runs found so far, in states; -1 in a simulation
 * @param seconds since the start
 */
public record Progress(long generated, long distinct, long queue, int depth, double seconds) {

    /** States generated a second since the start. */
    public double rate() {
        return seconds > 0 ? generated / seconds : 0;
    }
}
