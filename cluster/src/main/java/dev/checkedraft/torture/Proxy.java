package dev.checkedraft.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way from one node to another, which can be cut: connections end then, and no new one is let through. */
final class Proxy implements Closeable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut = false;

    private Proxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** A way to a port of this machine. */
    static Proxy to(int target) throws IOException {
        Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        thread("proxy to " + target, proxy::accept);
        return proxy;
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Cuts the way, or mends it. */
    void cut(boolean isCut) {
        cut = isCut;
        if (isCut) {
            open.forEach(Proxy::closeQuietly);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket from = listener.accept();
                if (cut) {
                    from.close();
                } else {
                    thread("proxy to " + target, () -> copy(from));
                }
            } catch (IOException e) {
                // Closed, or the connection was gone before it was accepted.
            }
        }
    }

    private void copy(Socket from) {
        try (from;
                Socket to = new Socket()) {
            open.add(from);
            to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1000);
            to.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0 && !cut; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One of the two ends is gone, or the way was cut.
        } finally {
            open.remove(from);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, then.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut(true);
    }
}
