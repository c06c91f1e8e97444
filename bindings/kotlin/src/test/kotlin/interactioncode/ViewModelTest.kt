package interactioncode

import SignInState
import SignInViewModel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** The view model of the examples, used as a screen does. */
class ViewModelTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    private fun onScreen(clientId: String, test: suspend Screen.() -> Unit) = runBlocking {
        SignInViewModel(Org.client(clientId), this).use { Screen(it).test() }
    }

    private class Screen(val model: SignInViewModel) {
        suspend fun shows(what: (SignInState) -> Boolean) = withTimeout(20_000) { model.state.first(what) }

        /** The step that wants an answer. */
        suspend fun asks(name: String) = shows { !it.isBusy && it.step?.remediation(name) != null }.step!!

        suspend fun fill(name: String, path: String, text: String) =
            model.submit(asks(name).remediation(name)!!.answer().setting(path, text))
    }

    @Test
    fun `signs in with a push after a mistyped password`() = onScreen("app-push") {
        model.start()
        fill("identify", "identifier", USER)
        fill("challenge-authenticator", "credentials.passcode", "wrong")
        assertTrue(shows { it.step?.hasError == true && !it.isBusy }.step!!.hasMessage("incorrectPassword"))
        fill("challenge-authenticator", "credentials.passcode", PASSWORD)
        val choice = asks("select-authenticator-authenticate").remediation("select-authenticator-authenticate")!!
        model.submit(choice.answer().choosingAuthenticator("authenticator", "okta_verify"))
        val waiting = shows { it.isWaiting }
        assertFalse(waiting.isBusy)
        Org.approve(waiting.step!!.numberChallenge!!)
        assertEquals(USER, shows { it.tokens != null }.tokens!!.email)
    }

    @Test
    fun `a wait can be left for the first page, and cancelled`() = onScreen("app-email") {
        model.start()
        fill("identify", "identifier", USER)
        asks("challenge-authenticator")
        model.back()
        asks("identify")
        Org.fault("""{"path": "/idp/idx/identify", "kind": "delay", "ms": 5000}""")
        fill("identify", "identifier", USER)
        shows { it.isBusy }
        model.cancel()
        assertNotNull(shows { !it.isBusy }.step!!.remediation("identify"))
    }

    @Test
    fun `a failure is shown, and can be tried again`() = onScreen("app-password") {
        model.start()
        asks("identify")
        Org.fault("""{"path": "/idp/idx/identify", "kind": "status", "status": 500, "body": "no"}""")
        fill("identify", "identifier", USER)
        assertTrue("500" in shows { it.failure != null }.failure!!)
        fill("identify", "identifier", USER)
        fill("challenge-authenticator", "credentials.passcode", PASSWORD)
        assertEquals(USER, shows { it.tokens != null }.tokens!!.email)
    }
}
