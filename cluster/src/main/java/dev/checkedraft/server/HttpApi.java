package dev.checkedraft.server;

import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.Json;
import dev.checkedraft.kv.Outcome;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What clients see of a node: {@code POST /kv} and {@code GET /kv/KEY}, {@code GET /status}, {@code GET /metrics}, and a page
 * that shows the cluster. Requests are limited in size and time; a connection's requests are answered one after the other.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing and sending: a connection that fails is closed
final class HttpApi {
    private static final int MAX_LINE = 4096;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_BODY = 16 << 10;

    private final List<Member> members;
    private final Supplier<Status> status;
    private final Metrics metrics;

    /** Takes an input; false if there is no room for it. */
    private final Predicate<Input> inputs;

    private final byte[] page;
    private final Guard guard = new Guard(512, 10);

    HttpApi(List<Member> members, Supplier<Status> status, Metrics metrics, Predicate<Input> inputs) {
        this.members = members;
        this.status = status;
        this.metrics = metrics;
        this.inputs = inputs;
        page = resource("page.html");
    }

    private static byte[] line(String json) {
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = HttpApi.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to listen. */
    ChannelFuture listen(Member self, EventLoopGroup io) {
        io.scheduleAtFixedRate(guard::sweep, 1, 1, TimeUnit.SECONDS);
        return new ServerBootstrap()
                .group(io)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADERS, 8192))
                                .addLast(new HttpObjectAggregator(MAX_BODY))
                                .addLast(new FlowControlHandler())
                                .addLast(new Handler());
                    }
                })
                .bind(self.host(), self.httpPort());
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            guard.waits(context.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            guard.closed(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            guard.isOfUse(context.channel());
            // The next request is read once this one is answered.
            context.channel().config().setAutoRead(false);
            boolean keepAlive =
                    HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
            String uri = request.uri();
            try {
                route(
                        request,
                        uri,
                        outcome -> answer(
                                context,
                                keepAlive,
                                outcome.status(),
                                "application/json",
                                line(outcome.json()),
                                location(outcome, uri)),
                        context,
                        keepAlive);
            } catch (IllegalArgumentException e) {
                error(context, keepAlive, 400, String.valueOf(e.getMessage()));
            }
        }

        private void route(
                FullHttpRequest request,
                String uri,
                Outcome.Reply reply,
                ChannelHandlerContext context,
                boolean keepAlive) {
            if (!request.decoderResult().isSuccess()) {
                error(
                        context,
                        false,
                        400,
                        "expected a request of HTTP/1.1, with a line of at most " + MAX_LINE
                                + " bytes and headers of at most " + MAX_HEADERS);
                return;
            }
            int query = uri.indexOf('?');
            String path = query < 0 ? uri : uri.substring(0, query);
            boolean get = request.method().equals(HttpMethod.GET);
            if (path.equals("/kv") && request.method().equals(HttpMethod.POST)) {
                submit(new Input.Write(Command.parse(ByteBufUtil.getBytes(request.content())), reply), reply);
            } else if (path.startsWith("/kv/") && get) {
                String key =
                        QueryStringDecoder.decodeComponent(path.substring(4).replace("+", "%2B"));
                if (key.isEmpty() || key.length() > Command.MAX_KEY) {
                    throw new IllegalArgumentException("expected a key of 1 to " + Command.MAX_KEY + " characters");
                }
                submit(new Input.Read(key, reply), reply);
            } else if (path.equals("/status") && get) {
                Map<String, Object> fields = status.get().fields();
                fields.put("nodes", members.stream().map(Member::url).toList());
                answer(context, keepAlive, 200, "application/json", line(Json.text(fields)), null);
            } else if (path.equals("/metrics") && get) {
                byte[] text = metrics.text(status.get()).getBytes(StandardCharsets.UTF_8);
                answer(context, keepAlive, 200, "text/plain; version=0.0.4; charset=utf-8", text, null);
            } else if (path.equals("/") && get) {
                answer(context, keepAlive, 200, "text/html; charset=utf-8", page, null);
            } else {
                boolean known = path.equals("/kv")
                        || path.startsWith("/kv/")
                        || path.equals("/status")
                        || path.equals("/metrics")
                        || path.equals("/");
                error(
                        context,
                        keepAlive,
                        known ? 405 : 404,
                        "expected POST /kv, GET /kv/KEY, GET /status, GET /metrics or GET /");
            }
        }

        private void submit(Input input, Outcome.Reply reply) {
            if (!inputs.test(input)) {
                reply.answer(Outcome.error(503, "too many requests wait, try again"));
            }
        }

        private @Nullable String location(Outcome outcome, String uri) {
            String leader = outcome.leader();
            return members.stream()
                    .filter(member -> member.id().equals(leader))
                    .map(member -> member.url() + uri)
                    .findFirst()
                    .orElse(null);
        }

        private void error(ChannelHandlerContext context, boolean keepAlive, int code, String problem) {
            answer(context, keepAlive, code, "application/json", line(Json.text(Map.of("error", problem))), null);
        }

        private void answer(
                ChannelHandlerContext context,
                boolean keepAlive,
                int code,
                String type,
                byte[] body,
                @Nullable String location) {
            metrics.answered(code);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), Unpooled.wrappedBuffer(body));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            // The page of one node asks the others.
            response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            if (location != null) {
                response.headers().set(HttpHeaderNames.LOCATION, location);
            }
            HttpUtil.setKeepAlive(response, keepAlive);
            context.writeAndFlush(response).addListener((ChannelFutureListener) written -> {
                if (!written.isSuccess() || !keepAlive) {
                    written.channel().close();
                } else {
                    guard.waits(written.channel());
                    written.channel().config().setAutoRead(true);
                }
            });
        }
    }
}
