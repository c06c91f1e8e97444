import io.github.interactioncode.Ask;
import io.github.interactioncode.ChoiceElement;
import io.github.interactioncode.ChoiceOption;
import io.github.interactioncode.Element;
import io.github.interactioncode.ElementKind;
import io.github.interactioncode.Input;
import io.github.interactioncode.Notice;
import io.github.interactioncode.Phrase;
import io.github.interactioncode.Screen;
import io.github.interactioncode.ScreenLink;
import io.github.interactioncode.SignInException;
import io.github.interactioncode.Step;
import io.github.interactioncode.Subject;
import io.github.interactioncode.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A screen as the same lines of text as those of SignInLines.kt, from Java. */
final class SignInJavaLines {
    private final List<String> lines = new ArrayList<>();

    private SignInJavaLines() {}

    /** Prints the screens of recorded responses. */
    static void render(List<String> files) throws IOException, SignInException {
        for (String file : files) {
            System.out.println(file);
            of(Step.read(Files.readAllBytes(Path.of(file))).screen()).forEach(System.out::println);
        }
    }

    /** The lines of a screen. */
    static List<String> of(Screen screen) {
        SignInJavaLines page = new SignInJavaLines();
        page.add("# " + screen.getTitle().getText());
        Subject subject = screen.getSubject();
        if (subject != null) {
            Stream.of(subject.getIdentifier(), subject.getName(), subject.getApp())
                .filter(Objects::nonNull).forEach(text -> page.add("@ " + text));
        }
        screen.getNotices().forEach(notice -> page.notice("", notice));
        screen.getElements().forEach(page::element);
        for (Way way : screen.getWays()) {
            String quiet = way.getQuiet() ? " quiet" : "";
            String what = "[" + word(way.getRole()) + " " + word(way.getDoes()) + quiet + "]";
            page.add("> " + way.getIndex() + " " + way.getLabel().getText() + " " + what);
        }
        Integer way = screen.getSuggested().getWay();
        page.add("$ " + word(screen.getSuggested().getKind()) + (way == null ? "" : " " + way));
        return page.lines;
    }

    private void element(Element element) {
        String ofWay = element.getWay() == null ? "" : " >" + element.getWay();
        ElementKind kind = element.getKind();
        if (kind instanceof ElementKind.Field) {
            input("", ((ElementKind.Field) kind).getInput(), ofWay);
        } else if (kind instanceof ElementKind.Choice) {
            choice(((ElementKind.Choice) kind).getChoice(), ofWay);
        } else if (kind instanceof ElementKind.Picture) {
            add("% " + ((ElementKind.Picture) kind).getLabel().getText() + ofWay);
        } else if (kind instanceof ElementKind.Secret) {
            add("= " + ((ElementKind.Secret) kind).getValue() + ofWay);
        } else if (kind instanceof ElementKind.Number) {
            add("= " + ((ElementKind.Number) kind).getValue() + ofWay);
        } else if (kind instanceof ElementKind.Requirements) {
            ((ElementKind.Requirements) kind).getRules().forEach(rule -> add("* " + rule.getPhrase().getText() + ofWay));
        } else if (kind instanceof ElementKind.Consent) {
            ((ElementKind.Consent) kind).getScopes().forEach(scope -> add("+ " + scope.getLabel().getText() + ofWay));
        } else if (kind instanceof ElementKind.Waiting) {
            if (!((ElementKind.Waiting) kind).getQuiet()) {
                add("~ " + element.getPhrase().getText() + ofWay);
            }
        } else if (kind instanceof ElementKind.Facts) {
            ((ElementKind.Facts) kind).getRows().forEach(row -> add(": " + row.getLabel().getText() + ": " + row.getValue() + ofWay));
        } else {
            add(". " + element.getPhrase().getText() + ofWay);
            if (kind instanceof ElementKind.Text) {
                ElementKind.Text text = (ElementKind.Text) kind;
                if (text.getValue() != null) {
                    add("  = " + text.getValue());
                }
                links("", text.getLinks());
            }
        }
    }

    private void choice(ChoiceElement choice, String ofWay) {
        add("? " + choice.getLabel().getText() + " [" + word(choice.getStyle()) + "]" + ofWay);
        for (ChoiceOption option : choice.getOptions()) {
            Stream<Phrase> said = Stream.of(option.getLabel(), option.getDetail(), option.getNote()).filter(Objects::nonNull);
            add("  - " + said.map(Phrase::getText).collect(Collectors.joining(" | ")));
            option.getFields().forEach(field -> input("    ", field, ""));
        }
    }

    private void input(String deep, Input input, String ofWay) {
        String required = input.getRequired() ? "*" : "";
        add(deep + "? " + input.getLabel().getText() + " [" + word(input.getAsk()) + required + "]" + ofWay);
        input.getOptions().forEach(option -> add(deep + "  - " + option.getLabel().getText()));
    }

    private void notice(String deep, Notice notice) {
        String at = notice.getAt() == null ? "" : " {" + notice.getAt().getPath() + "}";
        add(deep + "! " + word(notice.getSeverity()) + " " + notice.getPhrase().getText() + at);
        links(deep, notice.getLinks());
        notice.getItems().forEach(item -> notice(deep + "  ", item));
    }

    private void links(String deep, List<ScreenLink> links) {
        links.forEach(link -> add(deep + "  & " + link.getLabel() + " " + link.getUrl()));
    }

    private void add(String line) {
        lines.add(line);
    }

    /** The wire word of a member of a closed set. */
    private static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT);
    }

    private static String word(Ask ask) {
        return Arrays.stream(ask.getClass().getSimpleName().split("(?=[A-Z])"))
            .map(part -> part.toLowerCase(Locale.ROOT)).collect(Collectors.joining("_"));
    }
}
