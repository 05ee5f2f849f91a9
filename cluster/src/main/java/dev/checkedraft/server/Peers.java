package dev.checkedraft.server;

import dev.checkedraft.core.Message;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Messages between nodes, over a TCP connection for each direction. Whatever cannot be sent at once is dropped, as the core
 * expects of a network. What comes from a stranger, in another version, of another cluster, for another node or beyond a
 * limit is refused, counted and told once; its connection is closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing and sending: a connection that fails is closed
final class Peers implements Transport {
    /** How much may wait to be sent to a peer, in bytes; what comes then is dropped. */
    private static final int WAITING_BYTES = 8 << 20;

    private static final long RECONNECT_NANOS = 50_000_000;

    private final String id;
    private final String cluster;
    private final Map<String, Link> links = new HashMap<>();
    private final EventLoopGroup io;
    private final Metrics metrics;
    private final Consumer<Input> inputs;
    private final Consumer<String> log;
    private final Guard guard = new Guard(256, 5);

    /** The way to one peer; used by the node's thread only, but for the channel. */
    private static final class Link {
        final Member peer;
        volatile @Nullable Channel channel;
        volatile boolean connecting;
        long tried = System.nanoTime() - RECONNECT_NANOS;

        Link(Member peer) {
            this.peer = peer;
        }
    }

    Peers(
            String id,
            String cluster,
            List<Member> members,
            EventLoopGroup io,
            Metrics metrics,
            Consumer<Input> inputs,
            Consumer<String> log) {
        this.id = id;
        this.cluster = cluster;
        for (Member member : members) {
            if (!member.id().equals(id)) {
                links.put(member.id(), new Link(member));
            }
        }
        this.io = io;
        this.metrics = metrics;
        this.inputs = inputs;
        this.log = log;
    }

    /** Begins to listen. */
    ChannelFuture listen(Member self) {
        io.scheduleAtFixedRate(guard::sweep, 1, 1, java.util.concurrent.TimeUnit.SECONDS);
        return new ServerBootstrap()
                .group(io)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new LengthFieldBasedFrameDecoder(Frame.MAX_BYTES + 4, 0, 4, 0, 4))
                                .addLast(new Inbound());
                    }
                })
                .bind(self.host(), self.peerPort());
    }

    @Override
    public void send(Message message, long round) {
        Link link = links.get(message.to());
        if (link == null) {
            return;
        }
        Channel channel = link.channel;
        if (channel == null || !channel.isActive() || !channel.isWritable()) {
            metrics.dropped.increment();
            connect(link);
            return;
        }
        byte[] frame = new Frame(cluster, round, message).encoded();
        ByteBuf bytes = Unpooled.wrappedBuffer(length(frame.length), frame);
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    private static byte[] length(int length) {
        return new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length};
    }

    /** Connects to all peers, so that the first messages find a way. */
    void connect() {
        links.values().forEach(this::connect);
    }

    private void connect(Link link) {
        Channel channel = link.channel;
        long now = System.nanoTime();
        if (link.connecting || (channel != null && channel.isActive()) || now - link.tried < RECONNECT_NANOS) {
            return;
        }
        link.tried = now;
        link.connecting = true;
        new Bootstrap()
                .group(io)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1000)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(WAITING_BYTES / 2, WAITING_BYTES))
                .handler(new Outbound())
                .connect(link.peer.peerAddress())
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        link.channel = connected.channel();
                    }
                    link.connecting = false;
                });
    }

    /** How many peers there is a connection to. */
    int connected() {
        int connected = 0;
        for (Link link : links.values()) {
            Channel channel = link.channel;
            connected += channel != null && channel.isActive() ? 1 : 0;
        }
        return connected;
    }

    /** A connection of our own, on which the peer has nothing to say. */
    private static final class Outbound extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private final class Inbound extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            guard.waits(context.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            guard.closed(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws Frame.Refused {
            byte[] json = new byte[bytes.readableBytes()];
            bytes.readBytes(json);
            Frame frame = checked(Frame.parse(json));
            guard.isOfUse(context.channel());
            metrics.received.increment();
            inputs.accept(new Input.FromPeer(frame.message(), frame.round()));
        }

        private Frame checked(Frame frame) throws Frame.Refused {
            if (!frame.cluster().equals(cluster)) {
                throw new Frame.Refused("cluster", "expected cluster " + cluster);
            }
            if (!frame.message().to().equals(id)) {
                throw new Frame.Refused("receiver", "expected a message to " + id);
            }
            if (!links.containsKey(frame.message().from())) {
                throw new Frame.Refused("sender", "expected a message from one of " + links.keySet());
            }
            return frame;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Throwable root = cause.getCause() instanceof Frame.Refused inner ? inner : cause;
            if (root instanceof Frame.Refused refused) {
                refuse(context, refused.reason(), String.valueOf(refused.getMessage()));
            } else if (root instanceof TooLongFrameException
                    || root instanceof IndexOutOfBoundsException
                    || root instanceof io.netty.handler.codec.CorruptedFrameException) {
                refuse(context, "size", "expected a frame of at most " + Frame.MAX_BYTES + " bytes");
            }
            context.close();
        }

        private void refuse(ChannelHandlerContext context, String reason, String problem) {
            if (metrics.refusals(reason) == 0) {
                log.accept("refused a frame from " + context.channel().remoteAddress() + ": " + problem
                        + " (told once, counted in /metrics)");
            }
            metrics.refused(reason);
        }
    }
}
