package dev.checkedraft.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of a cluster, and where it is.
 *
 * @param peerPort where peers reach it
 * @param httpPort where clients reach it
 */
public record Member(String id, String host, int peerPort, int httpPort) {
    private static final Pattern TEXT =
            Pattern.compile("([A-Za-z0-9_.-]{1,64})=([A-Za-z0-9.-]{1,255}):([0-9]{1,5})/([0-9]{1,5})");

    /** The form that {@link #parse} reads. */
    public static final String FORM = "ID=HOST:PEERPORT/HTTPPORT,...";

    public Member {
        if (peerPort < 1 || peerPort > 65535 || httpPort < 1 || httpPort > 65535) {
            throw new IllegalArgumentException(id + ": expected ports from 1 to 65535");
        }
    }

    /** The members of a cluster, 1 to 9 different ones. */
    public static List<Member> parse(String text) {
        List<Member> members = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher m = TEXT.matcher(part);
            if (!m.matches()) {
                throw new IllegalArgumentException("expected " + FORM + ", found " + part);
            }
            members.add(new Member(
                    String.valueOf(m.group(1)),
                    String.valueOf(m.group(2)),
                    Integer.parseInt(String.valueOf(m.group(3))),
                    Integer.parseInt(String.valueOf(m.group(4)))));
        }
        if (members.size() > 9 || members.stream().map(Member::id).distinct().count() != members.size()) {
            throw new IllegalArgumentException("expected 1 to 9 nodes with different names, found " + text);
        }
        return members;
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return id + "=" + host + ":" + peerPort + "/" + httpPort;
    }

    /** Where clients reach it. */
    public String url() {
        return "http://" + host + ":" + httpPort;
    }

    InetSocketAddress peerAddress() {
        return new InetSocketAddress(host, peerPort);
    }

    /** Whether nobody but this machine reaches it. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
