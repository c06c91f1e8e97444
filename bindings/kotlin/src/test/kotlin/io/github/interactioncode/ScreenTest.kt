package io.github.interactioncode

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

private const val PHONE = "+15550177"
private const val NEW_PASSWORD = "Battery-Staple-7"

/** A person who knows what to type by what is asked, and which authenticator to take by its key. */
private open class Knows(private val user: String, private val key: String) : SignInHandler() {
    val asked = mutableListOf<String>()

    override fun remediate(step: Step): Action {
        asked += step.screen().name
        return super.remediate(step)
    }

    override fun chooseAuthenticator(choice: ChoiceElement, screen: Screen) = choice.options.single { it.key == key }

    override fun username(input: Input, screen: Screen) = user

    override fun password(input: Input, screen: Screen) = PASSWORD

    override fun newPassword(input: Input, screen: Screen) = NEW_PASSWORD

    override fun code(input: Input, screen: Screen): String = Org.text()

    override fun fill(input: Input, screen: Screen): JsonValue? = when (input.ask) {
        is Ask.Phone -> JsonValue.Text(PHONE)
        is Ask.Answer -> JsonValue.Text("mushrooms")
        is Ask.Choice -> input.options.first().value
        else -> null
    }
}

/** Whole sign-ins by the screen and its draft, and by a handler that is asked for the same. */
class ScreenTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    /** Takes the suggested way of each screen, filled in by a handler's answers; the names of the screens. */
    private fun bySteps(signIn: SignIn, knows: Knows): List<String> {
        val names = mutableListOf<String>()
        while (signIn.next() is Next.At) {
            val draft = signIn.draft()
            val screen = draft.screen()
            names += screen.name
            val way = screen.ways[screen.suggested.way!!]
            for (element in generateSequence { draft.next(way.index) }) {
                when (val kind = element.kind) {
                    is ElementKind.Choice -> draft.choose(kind.choice.node, knows.chooseAuthenticator(kind.choice, screen).index)
                    is ElementKind.Field -> type(draft, kind.input, knows, screen)
                    else -> throw AssertionError("nothing to ask for: ${element.phrase.text}")
                }
            }
            assertEquals(emptyList<Check>(), draft.problems(way.index))
            signIn.take(draft, way.index)
        }
        return names
    }

    private fun type(draft: Draft, input: Input, knows: Knows, screen: Screen) {
        val value = when (input.ask) {
            Ask.Username -> JsonValue.Text(knows.username(input, screen))
            Ask.Password -> JsonValue.Text(knows.password(input, screen))
            is Ask.Code -> JsonValue.Text(knows.code(input, screen))
            else -> knows.fill(input, screen)
        }
        value?.let { draft.setValue(input.node, it) }
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun `a phone is set up, with what its option brings`(byHandler: Boolean) {
        val bob = Knows("bob@example.com", "phone_number")
        val signIn = Org.client("app-any").start()
        val names = if (byHandler) signIn.run(bob).let { bob.asked } else bySteps(signIn, bob)
        assertEquals("bob@example.com", if (byHandler) "bob@example.com" else signIn.finish().email)
        assertEquals(listOf("identify", PASSWORD_SCREEN, "select.enroll", "enroll.phone_number.sms"), names)
        assertTrue(PHONE.takeLast(4) in Org.control("outbox?kind=sms"))
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun `a security question is answered`(byHandler: Boolean) {
        val ada = Knows(USER, "security_question")
        val signIn = Org.client("app-any").start()
        val names = if (byHandler) signIn.run(ada).let { ada.asked } else bySteps(signIn, ada)
        assertEquals("verify.security_question.security_question", names.last())
        assertTrue(signIn.ending()!!.good)
    }

    @Test
    fun `a new password is checked by its rules while it is typed`() {
        val signIn = Org.client().start()
        signIn.give("identify", "identifier", "carol@example.com")
        signIn.enter()
        val draft = signIn.draft()
        val way = draft.screen().suggested.way!!
        val input = generateSequence { draft.next(way) }.firstNotNullOf { (it.kind as? ElementKind.Field)?.input }
        val ask = input.ask as Ask.NewPassword
        val length = ask.rules.first { it.kind == RuleKind.MinLength }
        draft.setText(input.node, "short")
        assertEquals(false, draft.meets(input.node, length.kind))
        assertTrue(draft.problems(way).any { it.rule == RuleKind.MinLength })
        draft.setText(input.node, NEW_PASSWORD)
        assertEquals(true, draft.meets(input.node, length.kind))
        assertNull(draft.meets(input.node, RuleKind.History))
        if (ask.confirm != null) draft.confirm(input.node, NEW_PASSWORD)
        assertEquals(emptyList<Check>(), draft.problems(way))
        assertFalse(NEW_PASSWORD in draft.toString())
        signIn.take(draft, way)
        assertEquals("carol@example.com", signIn.finish().email)
        // The same by a handler.
        Org.reset()
        val carol = Knows("carol@example.com", "")
        assertEquals("carol@example.com", Org.client().start().run(carol).email)
    }

    @Test
    fun `what was refused is not offered again by itself`() {
        val wrong = object : Knows(USER, "") {
            override fun password(input: Input, screen: Screen) = "hunter2"
        }
        val signIn = Org.client().start()
        val failed = assertThrows<SignInException.WrongAnswer> { signIn.run(wrong) }
        assertFalse("hunter2" in failed.message!! + failed.details)
        assertEquals(1, Regex("challenge/answer").findAll(Org.control("requests")).count())
        assertEquals(USER, signIn.run(Ada(false)).email)
    }

    @Test
    fun `a draft for an older screen is not sent, and what is no input is refused`() {
        val signIn = Org.client().start()
        val old = signIn.draft()
        old.setText((old.next(0)!!.kind as ElementKind.Field).input.node, USER)
        signIn.identify()
        val before = Org.requests()
        assertThrows<SignInException.WrongAnswer> { signIn.take(old, 0) }
        for (wrong in listOf({ old.setText(-1, "x") }, { old.choose(1, 1) }, { old.answer(99) })) {
            assertThrows<SignInException.WrongAnswer> { wrong() }
        }
        assertEquals(before, Org.requests())
    }

    @Test
    fun `a handler that only fills is asked for everything`() {
        val seen = mutableListOf<String>()
        val fills = object : SignInHandler() {
            override fun fill(input: Input, screen: Screen): JsonValue? {
                seen += input.path
                return JsonValue.Text(if (input.secret) PASSWORD else USER).takeIf { input.required }
            }
        }
        assertEquals(USER, Org.client("app-one-form").start().run(fills).email)
        assertTrue(seen.containsAll(listOf("identifier", "credentials.passcode")), "$seen")
    }

    @Test
    fun `a recorded response is drawn as the server's would be`() {
        val step = Org.client().start().step()
        val read = Step.read(step.raw().encodeToByteArray())
        assertEquals(step.screen(), read.screen())
        assertFalse(step.isSame(read))
        assertThrows<SignInException.Untrusted> { Step.read("{".encodeToByteArray()) }
    }

    private companion object {
        const val PASSWORD_SCREEN = "verify.okta_password.password"
    }
}
