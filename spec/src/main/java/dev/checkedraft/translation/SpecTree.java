package dev.checkedraft.translation;

import dev.checkedraft.smt.Untranslatable;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.drivers.FrontEndException;
import tla2sany.drivers.SANY;
import tla2sany.modanalyzer.SpecObj;
import tla2sany.semantic.AssumeNode;
import tla2sany.semantic.ModuleNode;
import tla2sany.semantic.OpApplNode;
import tla2sany.semantic.OpDeclNode;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.semantic.StringNode;
import tla2sany.semantic.SubstInNode;
import tla2sany.st.Location;
import util.SimpleFilenameToStream;
import util.ToolIO;
import util.UniqueString;

/** A module and all that it extends, as SANY reads them. */
public final class SpecTree {
    private static final Set<String> STANDARD =
            Set.of("Naturals", "Integers", "Sequences", "FiniteSets", "TLC", "Reals");

    private final ModuleNode module;
    private final Path folder;
    private final Map<String, List<String>> lines = new HashMap<>();

    private SpecTree(ModuleNode module, Path folder) {
        this.module = module;
        this.folder = folder;
    }

    /**
     * Reads {@code module} in {@code folder}.
     *
     * @throws IOException if there is no such module, or it is not right; says what SANY says
     */
    public static SpecTree read(Path folder, String module) throws IOException {
        return read(folder, folder.resolve(module + ".tla"));
    }

    /** Reads a module in a file, which may be elsewhere than the modules that it extends. */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // it is what all users of SANY in a JVM have in common
    public static SpecTree read(Path folder, Path file) throws IOException {
        String module = String.valueOf(file.getFileName()).replace(".tla", "");
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        // SANY keeps global state, so whoever uses it in this JVM has this lock.
        synchronized (SANY.class) {
            SpecObj spec = new SpecObj(file.toString(), new InFolder(folder));
            PrintStream before = ToolIO.out;
            try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
                // It tells each file that it parses.
                ToolIO.out = out;
                SANY.frontEndMain(spec, file.toString(), out);
            } catch (FrontEndException e) {
                throw new IOException(file + ": " + said.toString(StandardCharsets.UTF_8), e);
            } finally {
                ToolIO.out = before;
            }
            ModuleNode root = spec.getExternalModuleTable() == null
                    ? null
                    : spec.getExternalModuleTable().getModuleNode(UniqueString.uniqueStringOf(module));
            if (root == null || spec.getErrorLevel() != 0) {
                throw new IOException(
                        file + ": " + said.toString(StandardCharsets.UTF_8).strip());
            }
            return new SpecTree(root, folder);
        }
    }

    /** Files are looked for in these folders; only the standard modules elsewhere. */
    static final class InFolder extends SimpleFilenameToStream {
        private final List<Path> folders;

        InFolder(Path... folders) {
            super(folders[0].toString());
            this.folders = List.of(folders);
        }

        @Override
        public File resolve(String name, boolean isModule) {
            String file = isModule && !name.endsWith(".tla") ? name + ".tla" : name;
            if (Path.of(file).isAbsolute()) {
                return new File(file);
            }
            for (Path folder : folders) {
                Path own = folder.resolve(file);
                if (Files.isRegularFile(own)) {
                    return own.toFile();
                }
            }
            Path standard = isModule ? standard(file) : null;
            return standard == null ? super.resolve(name, isModule) : new TLAFile(standard.toString(), true, this);
        }

        /**
         * A standard module, in a directory of this JVM alone; null if there is none of that name. SANY's own copies are in
         * a directory that all JVMs share and remove at exit.
         */
        private static @Nullable Path standard(String file) {
            try (InputStream in =
                    SimpleFilenameToStream.class.getResourceAsStream("/tla2sany/StandardModules/" + file)) {
                if (in == null) {
                    return null;
                }
                Path directory = Files.createTempDirectory("checked-raft-modules-");
                directory.toFile().deleteOnExit();
                Path copy = directory.resolve(file);
                Files.copy(in, copy);
                copy.toFile().deleteOnExit();
                return copy;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether the module knows the name: as an operator, constant or variable, its own or of a module that it extends. */
    public boolean knows(String name) {
        return module.getContext().getSymbol(UniqueString.uniqueStringOf(name)) != null;
    }

    public static boolean isStandard(OpDefNode definition) {
        ModuleNode module = definition.getOriginallyDefinedInModuleNode();
        return module != null && STANDARD.contains(module.getName().toString());
    }

    public OpDefNode definition(String name) {
        OpDefNode definition = module.getOpDef(name);
        if (definition == null) {
            throw new Untranslatable("module " + module.getName() + " has no operator " + name);
        }
        return definition;
    }

    @Nullable
    OpDefNode find(String name) {
        return module.getOpDef(name);
    }

    public List<String> variables() {
        List<String> names = new ArrayList<>();
        for (OpDeclNode variable : module.getVariableDecls()) {
            names.add(variable.getName().toString());
        }
        Collections.sort(names);
        return names;
    }

    /** The names that the definitions of sets of records give to what is in them, by their fields. */
    public Map<Set<String>, String> recordNames() {
        Map<Set<String>, String> names = new HashMap<>();
        recordSets().forEach((name, body) -> {
            Set<String> fields = new TreeSet<>();
            for (SemanticNode pair : body.getArgs()) {
                fields.add(
                        ((StringNode) ((OpApplNode) pair).getArgs()[0]).getRep().toString());
            }
            names.putIfAbsent(fields, name);
        });
        return names;
    }

    /** The sets of records that have a name, in this module or in one of which it has an instance. */
    private Map<String, OpApplNode> recordSets() {
        Map<String, OpApplNode> sets = new LinkedHashMap<>();
        for (OpDefNode definition : module.getOpDefs()) {
            SemanticNode body = definition.getBody();
            while (body instanceof SubstInNode instance) {
                body = instance.getBody();
            }
            if (body instanceof OpApplNode application
                    && application.getOperator().getName().equals("$SetOfRcds")) {
                String name = definition.getName().toString();
                sets.putIfAbsent(name.substring(name.lastIndexOf('!') + 1), application);
            }
        }
        return sets;
    }

    /** What a named assumption of the module, or of one that it extends, says of the constants. */
    SemanticNode assumption(String name) {
        for (AssumeNode assumption : module.getAssumptions()) {
            if (assumption.getDef() != null && assumption.getDef().getName().equals(name)) {
                return assumption.getAssume();
            }
        }
        throw new Untranslatable("module " + module.getName() + " has no assumption " + name);
    }

    /** The types of which records have a field, of the fields that not all records with a type have. */
    public Map<String, Set<String>> fieldTypes() {
        Map<String, Set<String>> types = new TreeMap<>();
        Set<String> all = new TreeSet<>();
        Map<String, OpApplNode> sets = recordSets();
        recordNames().forEach((fields, name) -> {
            OpApplNode records = sets.get(name);
            if (records != null && fields.contains("type")) {
                String type = type(records);
                all.add(type);
                fields.forEach(field ->
                        types.computeIfAbsent(field, k -> new TreeSet<>()).add(type));
            }
        });
        types.values().removeIf(some -> some.equals(all));
        return types;
    }

    /** The one string that the field "type" of a set of records may be. */
    private static String type(OpApplNode records) {
        for (SemanticNode pair : records.getArgs()) {
            SemanticNode[] field = ((OpApplNode) pair).getArgs();
            if (((StringNode) field[0]).getRep().equals("type")
                    && field[1] instanceof OpApplNode set
                    && set.getArgs().length == 1
                    && set.getArgs()[0] instanceof StringNode type) {
                return type.getRep().toString();
            }
        }
        throw new Untranslatable(records.getLocation() + ": records whose type is not one string");
    }

    /** What is written at a place, on one line. */
    public String text(SemanticNode node) {
        Location at = node.getLocation();
        List<String> file = lines.computeIfAbsent(at.source(), name -> {
            try {
                return Files.readAllLines(folder.resolve(name + ".tla"));
            } catch (IOException e) {
                return List.of();
            }
        });
        if (at.beginLine() < 1 || at.endLine() > file.size()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int line = at.beginLine(); line <= at.endLine(); line++) {
            String whole = file.get(line - 1);
            int from = line == at.beginLine() ? at.beginColumn() - 1 : 0;
            int to = line == at.endLine() ? Math.min(at.endColumn(), whole.length()) : whole.length();
            text.append(text.length() == 0 ? "" : " ").append(whole, from, to);
        }
        return text.toString().replaceAll("\\s+", " ").strip();
    }
}
