package dev.checkedraft.picture;

/**
 * A message in the picture, from the event that sent it to one that handled it.
 *
 * @param from the number of the sending event, from 0; {@link #NONE} if no event told of it
 * @param to the number of the handling event; {@link #NONE} if none did
 * @param fromLane the sender's lane, from 0
 * @param toLane the lane of the server that it was for
 * @param type the message's type
 * @param again whether the same message was handled before
 */
record Arrow(int from, int to, int fromLane, int toLane, String type, boolean again) {
    /** No event. */
    static final int NONE = -1;

    /** The first of its events. */
    int first() {
        return from == NONE ? to : from;
    }

    /** The last of its events. */
    int last() {
        return to == NONE ? from : to;
    }
}
