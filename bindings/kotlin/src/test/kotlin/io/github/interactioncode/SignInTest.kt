package io.github.interactioncode

import java.util.concurrent.TimeUnit
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** Whole sign-ins: by pull, by push, by coroutines; a wrong password, a number, another process. */
class SignInTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @Test
    fun `by pull with a wrong password first`() {
        val tokens = Org.client("app-email").start().use { signIn ->
            assertTrue(signIn.identify().isPasswordChallenge())
            val refused = signIn.enter("wrong")
            assertTrue(refused.hasError() && refused.hasMessage(MessageKey.IncorrectPassword))
            signIn.enter()
            signIn.choose("okta_email")
            signIn.enter(Org.code())
            assertTrue(signIn.isComplete())
            signIn.finish()
        }
        assertEquals(USER, tokens.email)
        assertTrue(tokens.claims!!.contains(tokens.subject!!))
        assertFalse(tokens.toString().contains(tokens.accessToken))
    }

    @ParameterizedTest
    @ValueSource(strings = ["app-email", "app-push"])
    fun `by push with a wrong password first`(clientId: String) {
        val ada = Ada()
        assertEquals(USER, Org.client(clientId).start().run(ada).email)
        assertTrue("incorrectPassword" in ada.seen)
        assertEquals(clientId == "app-push", ada.numbers.isNotEmpty())
    }

    @Test
    fun `by coroutines, with a number`() = runBlocking {
        val signIn = Org.client("app-push").awaitStart()
        signIn.awaitProceed(signIn.step().answerNamed("identify").setting("identifier", USER))
        val passcode = signIn.step().answerNamed("challenge-authenticator")
        signIn.awaitProceed(passcode.setting("credentials.passcode", PASSWORD))
        val choosing = signIn.step()
        val form = choosing.remediationNamed("select-authenticator-authenticate")!!
        val option = choosing.field(form.id, "authenticator")!!.options.first()
        val step = signIn.awaitProceed(choosing.answer(form.id).choosingOption(option.id))
        val waits = async { signIn.awaitPoll() }
        Org.approve(step.numberChallenge()!!)
        waits.await()
        assertEquals(USER, signIn.awaitFinish().email)
    }

    @Test
    fun `a hundred at once, by coroutines and push`() = runBlocking {
        val client = Org.client()
        val tokens = (1..100).map { async { client.awaitStart().use { it.awaitRun(Ada(false)) } } }.awaitAll()
        assertEquals(setOf(USER), tokens.map { it.email }.toSet())
    }

    @Test
    fun `by the flow of steps, which polls by itself`() = runBlocking {
        val signIn = Org.client("app-push").awaitStart()
        val ada = Ada()
        val asked = mutableListOf<String>()
        signIn.steps().collect { step ->
            asked += step.screen().name
            step.numberChallenge()?.let(Org::approve)
            val action = ada.remediate(step)
            if (action is Action.Take) signIn.awaitTake(action.draft, action.way)
        }
        assertEquals(USER, signIn.awaitFinish().email)
        assertEquals(2, asked.count { it == "verify.okta_password.password" })
        assertTrue("incorrectPassword" in ada.seen)
    }

    @Test
    fun `the flow of steps says when a step got no answer`() {
        val signIn = Org.client().start()
        var times = 0
        val failed = assertThrows<SignInException.Misuse> { runBlocking { signIn.steps().collect { times++ } } }
        assertEquals(listOf(1, ErrorKind.INVALID_STATE), listOf(times, failed.details.kind))
        // A call is an answer, also one that fails: the step comes again.
        assertThrows<SignInException.Misuse> {
            signIn.refresh()
            runBlocking { signIn.steps().collect { if (++times == 2) signIn.awaitRefresh() } }
        }
        assertEquals(3, times)
    }

    @Test
    fun `the flow of steps ends where no answer leads on, and the ending says how`() = runBlocking {
        val signIn = Org.client().start()
        val ada = Ada(false)
        signIn.steps().collect { step ->
            val draft = step.draft()
            for (element in generateSequence { draft.next(0) }) {
                val input = (element.kind as ElementKind.Field).input
                if (input.ask == Ask.Username) draft.setText(input.node, "frank@example.com")
                if (input.ask == Ask.Password) draft.setText(input.node, ada.password(input, draft.screen()))
            }
            signIn.awaitTake(draft, 0)
        }
        val ending = signIn.ending()!!
        assertEquals(EndingKind.DENIED, ending.kind)
        assertFalse(ending.good || signIn.isComplete())
        assertEquals(ending, signIn.screen().ending)
    }

    @Test
    fun `saved here and restored in another process`() {
        val saved = Org.client().start().use {
            it.identify()
            it.save()
        }
        val java = ProcessHandle.current().info().command().get()
        val other = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "io.github.interactioncode.OtherProcess")
        val process = other.redirectErrorStream(true).start()
        process.outputStream.bufferedWriter().use { it.write(saved) }
        val printed = process.inputStream.bufferedReader().readText()
        assertTrue(process.waitFor(300, TimeUnit.SECONDS))
        assertEquals(USER, printed.trim())
    }

    @Test
    fun `a storage of the app keeps a sign-in`() {
        val kept = HashMap<String, ByteArray>()
        val storage = object : Storage {
            override fun load(key: String) = kept[key]

            override fun swap(key: String, expected: ByteArray?, value: ByteArray?): Swapped {
                if (!storedIsExpected(expected, kept[key])) return Swapped.CHANGED
                if (value == null) kept.remove(key) else kept[key] = value
                return Swapped.DONE
            }

            override fun keys(prefix: String) = kept.keys.filter { it.startsWith(prefix) }
        }
        val hosts = Hosts(storage = storage)
        val first = Org.client(hosts = hosts).start()
        Org.client(hosts = hosts).start().identify()
        assertEquals(2, Org.client(hosts = hosts).resumeAll().size)
        val resumed = Org.client(hosts = hosts).resume()!!
        assertNull(resumed.storageTrouble())
        resumed.refresh()
        resumed.enter()
        assertEquals(USER, resumed.finish().email)
        // The other sign-in stays, and what identifies the device: it is a known one the next time.
        assertEquals(2, kept.size)
        assertEquals(listOf(first.save()), Org.client(hosts = hosts).resumeAll().map { it.save() })
    }

    @Test
    fun `an answer to an earlier step is not sent`() {
        val signIn = Org.client().start()
        val old = signIn.step().answerNamed("identify").setting("identifier", USER)
        signIn.identify()
        val before = Org.requests()
        val failed = assertThrows<SignInException.WrongAnswer> { signIn.proceed(old) }
        assertEquals(ErrorKind.INVALID_ANSWER, failed.details.kind)
        assertEquals(before, Org.requests())
    }

    @Test
    fun `errors read well, and never hold a value`() {
        val signIn = Org.client().start()
        val answer = signIn.step().answerNamed("identify")
        val failed: SignInException = assertThrows<SignInException.WrongAnswer> { answer.setting("identifyer", "hunter2") }
        assertEquals(failed.details.text, failed.message)
        assertTrue("identifyer" in failed.message!!)
        assertFalse("hunter2" in failed.stackTraceToString() + failed.details)
        assertEquals("no disk", HostException.Failed("no disk").message)
        assertEquals("no route", TransportException.Offline("no route", false).message)
        assertEquals("the request was cancelled", TransportException.Cancelled(true).message)
        assertEquals("the time of the request was over", TransportException.TimedOut(true).message)
    }
}

/** Goes on with the sign-in on its standard input. */
object OtherProcess {
    @JvmStatic
    fun main(arguments: Array<String>) = Org.client().restore(System.`in`.bufferedReader().readText()).use {
        it.refresh()
        it.enter()
        println(it.finish().email)
    }
}
