import io.github.interactioncode.ChoiceElement;
import io.github.interactioncode.Ask;
import io.github.interactioncode.Client;
import io.github.interactioncode.ClientConfig;
import io.github.interactioncode.Does;
import io.github.interactioncode.Draft;
import io.github.interactioncode.Element;
import io.github.interactioncode.ElementKind;
import io.github.interactioncode.Input;
import io.github.interactioncode.Next;
import io.github.interactioncode.Phrase;
import io.github.interactioncode.SignIn;
import io.github.interactioncode.SignInException;
import io.github.interactioncode.Screen;
import io.github.interactioncode.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The same sign-in in the terminal as SignIn.kt, from Java. What Kotlin has a default for is {@code null} in a call. */
public final class SignInJava {
    private static final BufferedReader KEYBOARD =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private SignInJava() {}

    public static void main(String[] arguments) throws IOException, SignInException {
        if (arguments[0].equals("--render")) {
            SignInJavaLines.render(List.of(arguments).subList(1, arguments.length));
            return;
        }
        try (Client client = new Client(new ClientConfig(arguments[0], arguments[1], arguments[2]));
            SignIn signIn = client.start(null, null)) {
            Next now = signIn.next(null);
            for (; now instanceof Next.At; now = signIn.next(null)) { // waits by itself where a screen is left as it is
                try {
                    answer(signIn, signIn.draft());
                } catch (SignInException.WrongAnswer error) { // nothing was sent: the same screen comes again
                    error.getDetails().getProblems().forEach(problem -> show("! " + problem.getPath() + ": " + problem.getReason()));
                }
            }
            if (now instanceof Next.Ended) {
                throw exit(((Next.Ended) now).getEnding().getPhrase().getText());
            }
            show("signed in: " + signIn.finish(null).getSubject());
        }
    }

    static void answer(SignIn signIn, Draft draft) throws IOException, SignInException {
        Way way = draw(draft.screen());
        if (way.getDoes() == Does.OPEN) {
            signIn.handleCallback(line("open " + way.getUrl() + " and give the address that it ends at", false), null);
        } else if (way.getDoes() != Does.WAIT && way.getDoes() != Does.LAUNCH) {
            for (Element element = draft.next(way.getIndex()); element != null; element = draft.next(way.getIndex())) {
                fill(draft, element);
            }
            signIn.take(draft, way.getIndex(), null);
        }
    }

    static Way draw(Screen screen) throws IOException {
        show("\n" + screen.getTitle().getText());
        screen.getNotices().forEach(notice -> show("! " + notice.getPhrase().getText()));
        List<Element> front = new ArrayList<>(screen.getElements());
        front.removeIf(element -> !element.isFront());
        for (Element element : front) {
            ElementKind kind = element.getKind();
            String text = element.getPhrase().getText();
            if (kind instanceof ElementKind.Number) {
                show(text + " " + ((ElementKind.Number) kind).getValue());
            } else if (kind instanceof ElementKind.Secret) {
                show(text + " " + ((ElementKind.Secret) kind).getGrouped());
            } else if (kind instanceof ElementKind.Text && ((ElementKind.Text) kind).getValue() != null) {
                show(text + " " + ((ElementKind.Text) kind).getValue());
            } else if (!(kind instanceof ElementKind.Field || kind instanceof ElementKind.Choice || isQuiet(kind))) {
                show(text);
            }
        }
        Integer unasked = screen.getSuggested().getUnasked();
        if (unasked != null) {
            return screen.getWays().get(unasked);
        }
        List<Way> ways = new ArrayList<>(screen.getWays());
        ways.removeIf(Way::getQuiet);
        Integer suggested = screen.getSuggested().getWay();
        if (suggested != null) {
            Way way = screen.getWays().get(suggested);
            ways.remove(way);
            ways.add(0, way);
        }
        return choose("how to go on", ways, way -> way.getLabel().getText());
    }

    static boolean isQuiet(ElementKind kind) {
        return kind instanceof ElementKind.Waiting && ((ElementKind.Waiting) kind).getQuiet();
    }

    static void fill(Draft draft, Element element) throws IOException, SignInException {
        if (element.getKind() instanceof ElementKind.Choice) {
            ChoiceElement choice = ((ElementKind.Choice) element.getKind()).getChoice();
            String question = choice.getLabel().getText();
            draft.choose(choice.getNode(), choose(question, choice.getOptions(), option -> option.getLabel().getText()).getIndex());
        } else if (element.getKind() instanceof ElementKind.Field) {
            fill(draft, ((ElementKind.Field) element.getKind()).getInput());
        }
    }

    static void fill(Draft draft, Input input) throws IOException, SignInException {
        String label = input.getLabel().getText();
        if (!input.getOptions().isEmpty()) {
            draft.setValue(input.getNode(), choose(label, input.getOptions(), option -> option.getLabel().getText()).getValue());
            return;
        }
        String typed = line(label, input.getSecret());
        if (!typed.isEmpty()) {
            draft.setText(input.getNode(), typed); // "true" and "false" for a toggle
        }
        Phrase again = input.getAsk() instanceof Ask.NewPassword ? ((Ask.NewPassword) input.getAsk()).getConfirm() : null;
        if (again != null) {
            draft.confirm(input.getNode(), line(again.getText(), input.getSecret()));
        }
    }

    static <T> T choose(String what, List<T> choices, Function<T, String> name) throws IOException {
        if (choices.size() == 1) {
            return choices.get(0);
        }
        for (int at = 0; at < choices.size(); at++) {
            show("  " + (at + 1) + ") " + name.apply(choices.get(at)));
        }
        String typed = line(what + " (1 to " + choices.size() + ")", false);
        int number = typed.matches("[0-9]{1,4}") ? Integer.parseInt(typed) : 1;
        return choices.get(number >= 1 && number <= choices.size() ? number - 1 : 0);
    }

    static String line(String what, boolean secret) throws IOException {
        if (secret && System.console() != null) {
            return String.valueOf(System.console().readPassword("  %s: ", what));
        }
        System.out.print("  " + what + ": ");
        System.out.flush();
        String line = KEYBOARD.readLine();
        if (line == null) {
            throw exit("the input is at its end");
        }
        return line;
    }

    static void show(String text) {
        System.out.println(text);
    }

    static IllegalStateException exit(String why) {
        System.err.println(why);
        System.exit(1);
        return new IllegalStateException(why);
    }
}
