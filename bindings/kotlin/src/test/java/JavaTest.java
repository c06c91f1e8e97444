import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import interactioncode.CallOptions;
import interactioncode.Client;
import interactioncode.ClientConfig;
import interactioncode.ErrorDetails;
import interactioncode.Handler;
import interactioncode.Hosts;
import interactioncode.Input;
import interactioncode.JdkHttpTransport;
import interactioncode.OkHttpTransport;
import interactioncode.Screen;
import interactioncode.SignIn;
import interactioncode.SignInException;
import interactioncode.StartOptions;
import org.junit.jupiter.api.Test;

/** The same classes from Java: handlers, defaults, errors. */
class JavaTest {
    private static Client client(Hosts hosts) throws SignInException {
        return new Client(new ClientConfig(System.getenv("IC_SANDBOX"), "app-password", "com.example.app:/callback"), hosts);
    }

    @Test
    void aHandlerImplementsOnlyWhatItWants() throws SignInException {
        Handler ada = new Handler() {
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
                assertTrue(signIn.run(ada, new CallOptions(null, 20_000L)).getSubject().startsWith("00u"));
            }
        }
    }

    @Test
    void whatAHandlerThrowsComesOut() throws SignInException {
        IllegalStateException thrown = new IllegalStateException("hunter2");
        Handler odd = new Handler() {
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
}
