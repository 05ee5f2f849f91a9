package dev.checkedraft.picture;

import java.util.List;

/**
 * An event as a row of the picture.
 *
 * @param lane the lane of its server, from 0
 * @param action what the server did
 * @param words what with, in short
 * @param role the server's role after it: Follower, Candidate or Leader
 * @param term the server's term after it
 * @param marks what is worth seeing
 */
record Row(int lane, String action, String words, String role, long term, List<Mark> marks) {
    boolean has(Mark.Kind kind) {
        return marks.stream().anyMatch(mark -> mark.kind() == kind);
    }
}
