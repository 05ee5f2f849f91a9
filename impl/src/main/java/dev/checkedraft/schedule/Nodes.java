package dev.checkedraft.schedule;

import java.util.ArrayList;
import java.util.List;

/** The nodes of a simulated cluster: numbers from 1 on, which are called n1, n2 and so on. */
public final class Nodes {
    /** The most nodes in a simulated cluster. */
    public static final int MOST = 9;

    private static final List<String> NAMES = List.of("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9");

    private Nodes() {}

    /** The name of a node, from 1 on. */
    public static String name(int node) {
        return NAMES.get(node - 1);
    }

    /** The names of the nodes 1 to {@code size}. */
    public static List<String> names(int size) {
        check(size);
        return NAMES.subList(0, size);
    }

    /** The number of the node of that name; 0 if no node has it. */
    public static int number(String name) {
        return NAMES.indexOf(name) + 1;
    }

    static void check(int node) {
        if (node < 1 || node > MOST) {
            throw new IllegalArgumentException("a node is numbered 1 to " + MOST + ", not " + node);
        }
    }

    /** A node's number on a cluster that lacks another, where later ones move up. */
    static int without(int node, int missing) {
        return node > missing ? node - 1 : node;
    }

    /** The nodes of a bit set, in which the bit {@code 1 << node} stands for a node. */
    public static List<Integer> members(int set) {
        List<Integer> members = new ArrayList<>();
        for (int node = 1; node <= MOST; node++) {
            if ((set & 1 << node) != 0) {
                members.add(node);
            }
        }
        return members;
    }
}
