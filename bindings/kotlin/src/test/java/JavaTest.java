import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.interactioncode.Ask;
import io.github.interactioncode.CallOptions;
import io.github.interactioncode.CancelToken;
import io.github.interactioncode.Client;
import io.github.interactioncode.ClientConfig;
import io.github.interactioncode.Draft;
import io.github.interactioncode.Element;
import io.github.interactioncode.ElementKind;
import io.github.interactioncode.ErrorDetails;
import io.github.interactioncode.SignInHandler;
import io.github.interactioncode.Futures;
import io.github.interactioncode.Hosts;
import io.github.interactioncode.Input;
import io.github.interactioncode.JdkHttpTransport;
import io.github.interactioncode.Next;
import io.github.interactioncode.OkHttpTransport;
import io.github.interactioncode.OnCancel;
import io.github.interactioncode.RemediationKind;
import io.github.interactioncode.Screen;
import io.github.interactioncode.SignIn;
import io.github.interactioncode.SignInException;
import io.github.interactioncode.StartOptions;
import io.github.interactioncode.Step;
import io.github.interactioncode.Way;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same classes from Java: handlers, defaults, errors. */
class JavaTest {
    private static Client client(Hosts hosts) {
        return new Client(new ClientConfig(System.getenv("IC_SANDBOX"), "app-password", "com.example.app:/callback"), hosts);
    }

    @Test
    void aHandlerImplementsOnlyWhatItWants() {
        SignInHandler ada = new SignInHandler() {
            @Override
            public String username(Input input, Screen screen) {
                return "ada@example.com";
            }

            @Override
            public String password(Input input, Screen screen) {
                return "Correct-Horse-9";
            }
        };
        for (Hosts hosts : new Hosts[] {null, new Hosts(new OkHttpTransport()), new Hosts(new JdkHttpTransport())}) {
            try (Client client = client(hosts); SignIn signIn = client.start(new StartOptions("ada@example.com"), null)) {
                assertTrue(signIn.run(ada, new CallOptions(null, 300_000L)).getSubject().startsWith("00u"));
            }
        }
    }

    @Test
    void whatAHandlerThrowsComesOut() {
        IllegalStateException thrown = new IllegalStateException("hunter2");
        SignInHandler odd = new SignInHandler() {
            @Override
            public String username(Input input, Screen screen) {
                throw thrown;
            }
        };
        try (Client client = client(null); SignIn signIn = client.start(null, null)) {
            SignInException error = assertThrows(SignInException.class, () -> signIn.run(odd, null));
            assertSame(thrown, assertInstanceOf(SignInException.App.class, error).getCause());
            ErrorDetails details = error.getDetails();
            assertEquals(details.getText(), error.getMessage());
        }
    }

    @Test
    void aScreenIsDrawnAndAnswered() {
        try (Client client = client(null); SignIn signIn = client.start(null, null)) {
            Next now = signIn.next(null);
            for (; now instanceof Next.At; now = signIn.next(null)) {
                Draft draft = signIn.draft();
                Screen screen = draft.screen();
                Way way = screen.getWays().get(screen.getSuggested().getWay());
                for (Element part = draft.next(way.getIndex()); part != null; part = draft.next(way.getIndex())) {
                    Input input = ((ElementKind.Field) part.getKind()).getInput();
                    if (input.getRequired()) {
                        draft.setText(input.getNode(), input.getAsk() instanceof Ask.Password ? "Correct-Horse-9" : "ada@example.com");
                    }
                }
                assertTrue(draft.problems(way.getIndex()).isEmpty());
                signIn.take(draft, way.getIndex(), null);
            }
            assertInstanceOf(Next.Complete.class, now);
            assertTrue(signIn.finish(null).getSubject().startsWith("00u"));
        }
    }

    @Test
    void callsThatWaitAreFutures() throws Exception {
        ClientConfig config = new ClientConfig(System.getenv("IC_SANDBOX"), "app-password", "com.example.app:/callback");
        String subject = Futures.client(config)
            .thenCompose(client -> Futures.of(call -> client.start(null, call)))
            .thenCompose(signIn -> Futures.of(call -> {
                signIn.proceed(signIn.step().answerTo(RemediationKind.Identify.INSTANCE).identifier("ada@example.com"), call);
                Step step = signIn.step();
                return signIn.proceed(step.answerTo(RemediationKind.ChallengeAuthenticator.INSTANCE).passcode("Correct-Horse-9"), call);
            }).thenCompose(step -> Futures.of(call -> signIn.finish(call))))
            .thenApply(tokens -> tokens.getSubject()).get(60, TimeUnit.SECONDS);
        assertTrue(subject.startsWith("00u"));
    }

    @Test
    void aFutureThatIsCancelledEndsTheCall() throws Exception {
        CompletableFuture<CancelToken> begun = new CompletableFuture<>();
        CompletableFuture<String> ended = new CompletableFuture<>();
        CompletableFuture<String> future = Futures.of(call -> {
            CancelToken token = call.getCancel();
            token.onCancel(new OnCancel(() -> ended.complete("ended")));
            begun.complete(token);
            return ended.join();
        });
        begun.get(60, TimeUnit.SECONDS);
        assertTrue(future.cancel(true));
        assertEquals("ended", ended.get(60, TimeUnit.SECONDS));
        assertTrue(future.isCancelled());
        ExecutionException failed = assertThrows(
            ExecutionException.class, () -> Futures.of(call -> client(null).restore("x")).get(60, TimeUnit.SECONDS));
        assertInstanceOf(SignInException.Misuse.class, failed.getCause());
    }

    @Test
    void aRecordedResponseIsAStep() {
        String response = "{\"version\":\"1.0.0\",\"remediation\":{\"value\":[{\"name\":\"x-frob\",\"href\":\"https://a.example/x\","
            + "\"value\":[{\"name\":\"frobs\",\"label\":\"How many?\",\"required\":true}]}]}}";
        Screen screen = Step.read(response.getBytes(StandardCharsets.UTF_8)).screen();
        assertEquals("other", screen.getName());
        Input input = ((ElementKind.Field) screen.getElements().get(0).getKind()).getInput();
        assertEquals("How many?", input.getLabel().getText());
        assertEquals("x-frob", screen.getWays().get(0).getRemediation());
    }
}
