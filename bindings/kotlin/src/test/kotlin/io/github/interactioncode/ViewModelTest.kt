package io.github.interactioncode

import SignInPlatform
import SignInState
import SignInViewModel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** The view model of the examples, used as a screen does: by what is drawn. */
class ViewModelTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    private val noPlatform = object : SignInPlatform {
        override fun open(url: String) = throw AssertionError("nothing is to be opened")

        override suspend fun passkey(ask: Ask.Passkey) = throw AssertionError("there is no passkey")
    }

    private fun onScreen(clientId: String, transport: Transport? = null, test: suspend Person.() -> Unit) = runBlocking {
        SignInViewModel(Org.client(clientId, Hosts(transport)), this, noPlatform).use { Person(it).test() }
    }

    private class Person(val model: SignInViewModel) {
        suspend fun sees(what: (SignInState) -> Boolean) = withTimeout(300_000) { model.state.first(what) }

        /** The screen of this name, ready to be typed at. */
        suspend fun sees(name: String) = sees { !it.isBusy && it.screen?.name == name }

        /** Types into all inputs of a screen, and touches the suggested way. */
        suspend fun types(name: String, text: String) {
            val (screen, draft) = sees(name).run { screen!! to draft!! }
            val inputs = screen.elements.mapNotNull { (it.kind as? ElementKind.Field)?.input }
            inputs.filter { it.required }.forEach { draft.setText(it.node, text) }
            model.take(screen.ways[screen.suggested.way!!])
        }

        /** Chooses the push; the number to be chosen in the app. */
        suspend fun waitsForPush(): String {
            val (screen, draft) = sees("select.verify").run { screen!! to draft!! }
            val choice = screen.elements.firstNotNullOf { (it.kind as? ElementKind.Choice)?.choice }
            draft.choose(choice.node, choice.options.single { it.key == "okta_verify" }.index)
            model.take(screen.ways[screen.suggested.way!!])
            val waiting = sees { it.screen?.suggested?.kind == SuggestedKind.WAIT && !it.isBusy }.screen!!
            return waiting.elements.firstNotNullOf { (it.kind as? ElementKind.Number)?.value }
        }

        suspend fun touches(name: String, way: (Way) -> Boolean) = model.take(sees(name).screen!!.ways.first(way))
    }

    @Test
    fun `signs in with a push after a mistyped password`() = onScreen("app-push") {
        model.start()
        types("identify", USER)
        types(PASSWORD_SCREEN, "wrong")
        val refused = sees { !it.isBusy && it.screen?.notices?.isNotEmpty() == true }.screen!!
        assertEquals(listOf("incorrectPassword"), refused.notices.map { it.key })
        types(PASSWORD_SCREEN, PASSWORD)
        Org.approve(waitsForPush())
        assertEquals(USER, sees { it.tokens != null }.tokens!!.email)
    }

    @Test
    fun `what is missing is said before anything is sent`() = onScreen("app-password") {
        model.start()
        val before = sees("identify").let { Org.requests() }
        touches("identify") { it.role == Role.PRIMARY }
        assertEquals(listOf("identifier"), sees { it.problems.isNotEmpty() && !it.isBusy }.problems.map { it.path })
        assertEquals(before, Org.requests())
        assertEquals(null, model.state.value.failure)
        types("identify", USER)
        assertTrue(sees(PASSWORD_SCREEN).problems.isEmpty())
    }

    @Test
    fun `a wait can be left, and what runs can be cancelled`() = onScreen("app-email") {
        model.start()
        types("identify", USER)
        touches(PASSWORD_SCREEN) { it.role == Role.CANCEL }
        sees("identify")
        Org.fault("""{"path": "/idp/idx/identify", "kind": "delay", "ms": 5000}""")
        types("identify", USER)
        sees { it.isBusy }
        model.cancel()
        assertEquals("identify", sees { !it.isBusy }.screen!!.name)
    }

    @Test
    fun `a failure is shown, what was typed stays, and it can be tried again`() = onScreen("app-password") {
        model.start()
        sees("identify")
        Org.fault("""{"path": "/idp/idx/identify", "kind": "status", "status": 500, "body": "no"}""")
        types("identify", USER)
        val failed = sees { it.failure != null && !it.isBusy }
        assertEquals(500, failed.failure!!.details.httpStatus)
        val input = failed.screen!!.elements.firstNotNullOf { (it.kind as? ElementKind.Field)?.input }
        assertEquals(JsonValue.Text(USER), failed.draft!!.value(input.node))
        model.take(failed.screen!!.ways[0])
        types(PASSWORD_SCREEN, PASSWORD)
        assertEquals(USER, sees { it.tokens != null }.tokens!!.email)
    }

    @Test
    fun `a wait goes on when the time of one call is over`() {
        val transport = object : Transport {
            val inner = JdkHttpTransport()
            var late = 0

            override fun send(request: TransportRequest, cancel: CancelToken): TransportResponse {
                val polls = "/poll" in request.url
                if (polls && late++ < 2) throw TransportException.TimedOut(true)
                return inner.send(request, cancel)
            }
        }
        onScreen("app-push", transport) {
            model.start()
            types("identify", USER)
            types(PASSWORD_SCREEN, PASSWORD)
            val number = waitsForPush()
            withTimeout(300_000) { while (transport.late < 3) delay(20) }
            Org.approve(number)
            assertEquals(USER, sees { it.tokens != null }.tokens!!.email)
        }
    }

    private companion object {
        const val PASSWORD_SCREEN = "verify.okta_password.password"
    }
}
