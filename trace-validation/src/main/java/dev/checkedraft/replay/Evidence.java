package dev.checkedraft.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.checkedraft.judge.Choice;
import dev.checkedraft.tlc.Branch;
import dev.checkedraft.trace.TraceAction;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a verdict rests on.
 *
 * @param events the events that were explained
 * @param safe after how many of those the safety properties were checked: as long as one state of the spec explained the trace
 * @param byAction those events by action; every action of Raft.tla is a key
 * @param checked for each state field, and {@code msg} and {@code sent}, in how many events it was compared,
 *     the one that diverged included
 * @param branches for each branch of the spec's actions, in the order of the text, in how many of the events it was taken
 * @param choices where the trace is explained by AnyRaft.tla alone: what was chosen, in words
 */
public record Evidence(
        long events,
        long safe,
        Map<TraceAction, Long> byAction,
        Map<String, Long> checked,
        Map<Branch, Long> branches,
        Map<String, Choice> choices) {
    /** Of no event. */
    public static final Evidence NONE = new Evidence(0, 0, Map.of(), Map.of(), Map.of());

    public Evidence {
        Map<TraceAction, Long> actions = new EnumMap<>(TraceAction.class);
        for (TraceAction action : TraceAction.values()) {
            long count = byAction.getOrDefault(action, 0L);
            if (count > 0 || action.raft() != null) {
                actions.put(action, count);
            }
        }
        byAction = Collections.unmodifiableMap(actions);
        checked = Collections.unmodifiableMap(new LinkedHashMap<>(checked));
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
        choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
    }

    /** Of a trace without choices. */
    public Evidence(
            long events,
            long safe,
            Map<TraceAction, Long> byAction,
            Map<String, Long> checked,
            Map<Branch, Long> branches) {
        this(events, safe, byAction, checked, branches, Map.of());
    }

    /** The evidence of two traces. */
    public Evidence plus(Evidence other) {
        Map<String, Choice> all = new LinkedHashMap<>(choices);
        other.choices.forEach((what, choice) -> all.merge(what, choice, Choice::plus));
        return new Evidence(
                events + other.events,
                safe + other.safe,
                sum(byAction, other.byAction),
                sum(checked, other.checked),
                sum(branches, other.branches),
                all);
    }

    private static <K> Map<K, Long> sum(Map<K, Long> a, Map<K, Long> b) {
        Map<K, Long> sum = new LinkedHashMap<>(a);
        b.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }

    /** The fields that were compared in no event. */
    public List<String> neverChecked() {
        return unused(checked);
    }

    /** The branches that no event took. */
    public List<Branch> neverTaken() {
        return unused(branches);
    }

    private static <T> List<T> unused(Map<T, Long> counts) {
        List<T> unused = new ArrayList<>();
        for (Map.Entry<T, Long> count : counts.entrySet()) {
            if (count.getValue() == 0) {
                unused.add(count.getKey());
            }
        }
        return unused;
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IOException if it is nothing of the kind
     */
    public static Evidence parse(String text) throws IOException {
        long events = 0;
        long safe = 0;
        Map<TraceAction, Long> byAction = new EnumMap<>(TraceAction.class);
        Map<String, Long> checked = new LinkedHashMap<>();
        Map<Branch, Long> branches = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(text)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken first = json.nextToken();
                switch (name) {
                    case "events" -> events = json.getLongValue();
                    case "safe" -> safe = json.getLongValue();
                    case "byAction" -> {
                        Map<String, Long> counts = counts(json);
                        for (TraceAction action : TraceAction.values()) {
                            byAction.put(action, counts.getOrDefault(action.label(), 0L));
                        }
                    }
                    case "checked" -> checked.putAll(counts(json));
                    case "branches" -> {
                        expect(first, JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            addBranch(json, branches);
                        }
                    }
                    default -> throw new IOException("unknown key " + name);
                }
            }
            expect(json.currentToken(), JsonToken.END_OBJECT);
        } catch (JsonProcessingException e) {
            throw new IOException(e.getOriginalMessage().lines().findFirst().orElse("not JSON"), e);
        }
        return new Evidence(events, safe, byAction, checked, branches);
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected) throws IOException {
        if (found != expected) {
            throw new IOException("expected " + expected + ", found " + found);
        }
    }

    private static Map<String, Long> counts(JsonParser json) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        expect(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            counts.put(name, json.getLongValue());
        }
        return counts;
    }

    private static void addBranch(JsonParser json, Map<Branch, Long> branches) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        long count = 0;
        expect(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("count")) {
                count = json.getLongValue();
            } else {
                texts.put(name, json.getText());
            }
        }
        branches.put(
                new Branch(
                        texts.getOrDefault("operator", ""),
                        texts.getOrDefault("location", ""),
                        texts.getOrDefault("text", "")),
                count);
    }

    /** One JSON object, in one line; those of several runs can be added up, number by number. */
    public String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("events", events);
            json.writeNumberField("safe", safe);
            json.writeObjectFieldStart("byAction");
            for (Map.Entry<TraceAction, Long> count : byAction.entrySet()) {
                json.writeNumberField(count.getKey().label(), count.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("checked");
            for (Map.Entry<String, Long> count : checked.entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
            if (!choices.isEmpty()) {
                json.writeObjectFieldStart("choices");
                for (Map.Entry<String, Choice> choice : choices.entrySet()) {
                    json.writeObjectFieldStart(choice.getKey());
                    json.writeNumberField("count", choice.getValue().count());
                    json.writeStringField("first", choice.getValue().first().toString());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeArrayFieldStart("branches");
            for (Map.Entry<Branch, Long> count : branches.entrySet()) {
                json.writeStartObject();
                json.writeStringField("operator", count.getKey().operator());
                json.writeStringField("location", count.getKey().location());
                json.writeStringField("text", count.getKey().text());
                json.writeNumberField("count", count.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
