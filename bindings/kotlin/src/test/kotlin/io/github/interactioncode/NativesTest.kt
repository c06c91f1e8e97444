package io.github.interactioncode

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What Kotlin people expect of any library: cases that say their name, words instead of strings, handlers that suspend. */
class NativesTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @Test
    fun `a case says its name`() {
        assertEquals("IncorrectPassword", MessageKey.IncorrectPassword.toString())
        assertEquals("Identify", RemediationKind.Identify.toString())
        assertEquals("Continue", Wait.Continue.toString())
    }

    @Test
    fun `forms are answered without wire names`() {
        val signIn = Org.client("app-email").start()
        assertFalse(signIn.step().canResend() || signIn.step().canSkip())
        var step = signIn.proceed(signIn.step().answerTo(RemediationKind.Identify).identifier(USER))
        assertTrue(step.canCancel() && step.offers(RemediationKind.ChallengeAuthenticator))
        step = signIn.proceed(step.answerTo(RemediationKind.ChallengeAuthenticator).passcode(PASSWORD))
        val select = step.answerTo(RemediationKind.SelectAuthenticatorAuthenticate)
        val refused = assertThrows<SignInException.WrongAnswer> { select.choosing(AuthenticatorKey.Webauthn) }
        assertEquals(ErrorKind.INVALID_ANSWER, refused.details.kind)
        step = signIn.proceed(select.choosing(AuthenticatorKey.Email, MethodType.Email))
        assertTrue(step.canResend())
        signIn.proceed(step.answerTo(RemediationKind.ChallengeAuthenticator).passcode(Org.code()))
        assertEquals(USER, signIn.finish().email)
        assertThrows<SignInException.WrongAnswer> { step.answerTo(RemediationKind.Identify) }
    }

    @Test
    fun `a token that is closed can be cancelled`() {
        val token = CancelToken()
        token.cancel()
        token.close()
        token.cancel()
        assertThrows<IllegalStateException> { token.isCancelled() }
    }

    @Test
    fun `a person reads a phrase, and the developer the text`() {
        val error = assertThrows<SignInException.Misuse> { Org.client().restore("not a snapshot") }
        assertEquals("failed.app.text", error.details.phrase.key)
        assertFalse(error.details.phrase.text in error.message!!)
        assertEquals(Retry.NONE, error.details.retry)
        assertEquals("no", SignInException.App(appFailure("no")).message)
    }

    @Test
    fun `an outage is no refusal of the app`() {
        val signIn = Org.client().start()
        Org.fault("""{"path": "/idp/idx/identify", "kind": "status", "status": 503, "body": "busy"}""")
        val error = assertThrows<SignInException.RetryLater> { signIn.identify() }
        assertEquals(listOf("failed.outage.text", Retry.LATER), listOf(error.details.phrase.key, error.details.retry))
    }

    @Test
    fun `a handler may suspend`() = runBlocking {
        val typed = CompletableDeferred<String>()
        val here = Thread.currentThread()
        val dialog = object : SuspendingHandler() {
            override suspend fun username(input: Input, screen: Screen): String {
                assertEquals(here, Thread.currentThread())
                return typed.await()
            }

            override suspend fun password(input: Input, screen: Screen): String = PASSWORD.also { yield() }
        }
        val signIn = Org.client().awaitStart()
        launch { typed.complete(USER) }
        assertEquals(USER, signIn.awaitRun(dialog).email)
    }

    @Test
    fun `a question that is open ends with the coroutine`() = runBlocking {
        val asked = CompletableDeferred<Unit>()
        val ended = CompletableDeferred<Boolean>()
        val never = object : SuspendingHandler() {
            override suspend fun username(input: Input, screen: Screen): String? = try {
                asked.complete(Unit)
                CompletableDeferred<String>().await()
            } finally {
                ended.complete(true)
            }
        }
        val signIn = Org.client().awaitStart()
        val run = launch(start = CoroutineStart.UNDISPATCHED) { signIn.awaitRun(never) }
        asked.await()
        run.cancel()
        run.join()
        assertTrue(ended.await())
        // It is where it was.
        assertEquals(USER, signIn.awaitRun(Ada()).email)
    }

    @Test
    fun `what a suspending handler has not is said by its name`() = runBlocking {
        class Nothing : SuspendingHandler()
        val signIn = Org.client().awaitStart()
        val error = runCatching { signIn.awaitRun(Nothing()) }.exceptionOrNull() as SignInException.App
        assertTrue("username" in error.message!! || "fill" in error.message!!, error.message)
        assertTrue("Nothing" in error.details.advice, error.details.advice)
    }

    @Test
    fun `a client is made beside the main thread`() = runBlocking {
        awaitClient(Org.config("app-password")).use { assertEquals(USER, it.awaitStart().awaitRun(Ada()).email) }
    }
}
