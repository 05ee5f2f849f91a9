package dev.checkedraft.torture;

import dev.checkedraft.cli.Main;
import dev.checkedraft.cluster.NodeCommand;
import dev.checkedraft.disk.SqliteStore;
import dev.checkedraft.disk.Store;
import dev.checkedraft.kv.Command;
import dev.checkedraft.kv.KvStore;
import dev.checkedraft.server.Node;
import dev.checkedraft.server.ReadRounds;
import dev.checkedraft.server.Replica;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raft node} with a {@link FaultyStore}, and perhaps a planted fault: what torture runs. */
@CommandLine.Command(name = "faulty-node")
public final class FaultyNode implements java.util.concurrent.Callable<Integer> {
    @Mixin
    private NodeCommand.NodeOptions options = new NodeCommand.NodeOptions();

    @Option(names = "--plant")
    private @Nullable Plant plant;

    private FaultyNode() {}

    public static void main(String[] args) {
        int exit;
        try {
            exit = new CommandLine(new FaultyNode()).execute(args);
        } catch (Throwable e) { // as in raft itself
            exit = Main.failed(e);
        }
        System.exit(exit);
    }

    @Override
    public Integer call() throws InterruptedException {
        return NodeCommand.run(
                options,
                (its, log) -> Node.start(
                        its,
                        log,
                        opened -> new FaultyStore(
                                SqliteStore.open(opened.data(), opened.cluster(), opened.id()), opened.data(), plant),
                        (config, store) -> parts(Replica.Parts.of(config), store)));
    }

    private Replica.Parts parts(Replica.Parts right, Store store) {
        if (plant == Plant.READ_AT_ONCE) {
            return new Replica.Parts(right.machine(), new ReadRounds(1) {
                @Override
                protected boolean isEnough(int heard, int servers) {
                    return true;
                }
            });
        }
        if (plant == Plant.SESSIONS_LOST) {
            long old = store.state().log().size();
            return new Replica.Parts(
                    new KvStore() {
                        @Override
                        protected boolean isRepeated(Command command, long lastSeq) {
                            return applied() > old && super.isRepeated(command, lastSeq);
                        }
                    },
                    right.reads());
        }
        return right;
    }
}
