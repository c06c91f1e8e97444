import interactioncode.Answer;
import interactioncode.Client;
import interactioncode.ClientConfig;
import interactioncode.Field;
import interactioncode.FieldOption;
import interactioncode.FieldType;
import interactioncode.JsonValue;
import interactioncode.Remediation;
import interactioncode.SignIn;
import interactioncode.SignInException;
import interactioncode.Step;
import interactioncode.StepMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The same sign-in in the terminal as SignIn.kt, from Java. What Kotlin has a default for is {@code null} in a call. */
public final class SignInJava {
    private static final BufferedReader KEYBOARD =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private SignInJava() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw exit("usage: SignInJava ISSUER CLIENT_ID REDIRECT_URI");
        }
        try (Client client = new Client(new ClientConfig(arguments[0], arguments[1], arguments[2]));
            SignIn signIn = client.start(null, null)) {
            signIn(signIn);
        } catch (SignInException error) {
            throw exit(error.getClass().getSimpleName() + ": " + error.getDetails().getText());
        }
    }

    static void signIn(SignIn signIn) throws SignInException, IOException {
        while (!signIn.isComplete()) {
            Step step = signIn.step();
            for (StepMessage message : step.getMessages()) {
                System.out.println("! " + message.getText());
            }
            Optional<Remediation> form = step.getRemediations().stream().filter(Remediation::isForm).findFirst();
            if (form.isEmpty()) {
                throw exit("the sign-in ended without tokens");
            } else if (form.get().isPollable()) {
                String number = step.getNumberChallenge();
                System.out.println("waiting … " + (number == null ? "" : "choose " + number + " in your app"));
                signIn.poll(null);
            } else {
                signIn.proceed(fill(form.get()), null);
            }
        }
        System.out.println("signed in: " + signIn.finish(null).getSubject());
    }

    /** Asks for every field of a form. */
    static Answer fill(Remediation form) throws IOException {
        System.out.println("— " + form.getName());
        return fill(form.answer(), form.getFields());
    }

    static Answer fill(Answer begun, List<Field> fields) throws IOException {
        Answer answer = begun;
        for (Field field : fields) {
            answer = fill(answer, field);
        }
        return answer;
    }

    static Answer fill(Answer answer, Field field) throws IOException {
        if (!field.isVisible() || (!field.isMutable() && field.getValue() != null)) {
            return answer;
        }
        if (!field.getOptions().isEmpty()) {
            int number = 1;
            for (FieldOption option : field.getOptions()) {
                System.out.println("  " + number++ + ") " + (option.getLabel() == null ? "" : option.getLabel()));
            }
            FieldOption option = field.getOptions().get(Integer.parseInt(ask(field.getPath())) - 1);
            return fill(answer.choosing(option.getId()), option.getFields());
        }
        if (!field.getFields().isEmpty()) {
            return fill(answer, field.getFields());
        }
        String text = ask(field.getLabel() == null ? field.getPath() : field.getLabel());
        if (text.isEmpty()) {
            return answer;
        }
        boolean flag = field.getFieldType() instanceof FieldType.Boolean;
        JsonValue value = flag ? new JsonValue.Boolean(text.equals("yes")) : new JsonValue.Text(text);
        return answer.settingField(field.getId(), value);
    }

    static String ask(String what) throws IOException {
        System.out.print("  " + what + ": ");
        System.out.flush();
        String line = KEYBOARD.readLine();
        if (line == null) {
            throw exit("the input is at its end");
        }
        return line;
    }

    static IllegalStateException exit(String why) {
        System.err.println(why);
        System.exit(1);
        return new IllegalStateException(why);
    }
}
