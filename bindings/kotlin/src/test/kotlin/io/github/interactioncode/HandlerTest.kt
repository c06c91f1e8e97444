package io.github.interactioncode

import java.lang.ref.WeakReference
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What goes wrong in a handler, and what comes out of the run. Each time the sign-in is where it was. */
class HandlerTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    /** Runs a handler that throws this where it is asked first, or where it is told of a wait; what comes out. */
    private fun comesOut(thrown: Throwable, waiting: Boolean = false): Throwable {
        val odd = object : Ada(false) {
            override fun remediate(step: Step) = if (waiting) super.remediate(step) else throw thrown

            override fun waiting(step: Step, waiting: Waiting) = throw thrown
        }
        val signIn = Org.client("app-push").start()
        val before = signIn.step()
        val out = assertThrows<Throwable> { signIn.run(odd) }
        if (!waiting) assertTrue(signIn.step().isSame(before))
        assertEquals(USER, signIn.run(Ada(false)).email)
        return out
    }

    @Test
    fun `a declared error comes out as it was`() {
        for (waiting in listOf(false, true)) {
            val error = SignInException.Ended(appFailure("the person went away"))
            assertSame(error, comesOut(error, waiting))
        }
    }

    @Test
    fun `an undeclared exception is the cause, and its text crosses nothing`() {
        for (waiting in listOf(false, true)) {
            val error = IllegalStateException("hunter2")
            val out = assertInstanceOf(SignInException.App::class.java, comesOut(error, waiting))
            assertSame(error, out.cause)
            assertTrue("IllegalStateException" in out.message)
            assertFalse("hunter2" in out.message + out.details)
        }
    }

    @Test
    fun `what ends a thread comes out as it was`() {
        for (error in listOf(AssertionError("no"), NotImplementedError(), InterruptedException(), CancellationException("gone"))) {
            assertSame(error, comesOut(error))
            assertSame(error, comesOut(error, waiting = true))
        }
    }

    @Test
    fun `a declared error that cannot cross comes out all the same`() {
        val error = SignInException.Ended(appFailure("x").copy(text = "hunter2\ud800"))
        val out = assertInstanceOf(SignInException.App::class.java, comesOut(error))
        assertSame(error, out.cause)
        assertFalse("hunter2" in out.message)
    }

    @Test
    fun `the same by coroutines`() {
        val signIn = Org.client().start()
        val thrown = object : SignInHandler() {
            override fun remediate(step: Step) = throw AssertionError("no")
        }
        assertEquals("no", assertThrows<AssertionError> { runBlocking { signIn.awaitRun(thrown) } }.message)
        assertEquals(USER, runBlocking { signIn.awaitRun(Ada()) }.email)
    }

    @Test
    fun `what a handler does not implement is named`() {
        val error = assertThrows<SignInException.App> { Org.client().start().run(SignInHandler()) }
        assertTrue("fill" in error.message && "identifier" in error.message)
        assertTrue("SignInHandler" in error.details.advice)
    }

    @Test
    fun `a handler that calls the sign-in again is told so`() {
        val kinds = mutableListOf<ErrorKind>()
        val signIn = Org.client().start()
        val nosy = object : Ada() {
            override fun remediate(step: Step): Action {
                for (call in listOf({ signIn.refresh() }, { signIn.next() }, { signIn.run(this) })) {
                    kinds += assertThrows<SignInException.Busy> { call() }.details.kind
                }
                // Looking and saving are never busy.
                assertTrue(signIn.save().isNotEmpty() && signIn.step().isSame(step))
                assertEquals(signIn.screen(), step.screen())
                assertFalse(signIn.isComplete())
                return super.remediate(step)
            }
        }
        assertEquals(USER, signIn.run(nosy).email)
        assertEquals(setOf(ErrorKind.BUSY), kinds.toSet())
    }

    @Test
    fun `a handler that only the run holds lives as long as it`() {
        class Fleeting : Ada() {
            override fun remediate(step: Step): Action {
                System.gc()
                return super.remediate(step)
            }
        }
        val signIn = Org.client().start()
        val handlers = ArrayDeque(listOf(Fleeting()))
        val gone = WeakReference(handlers.first())
        assertEquals(USER, signIn.run(handlers.removeFirst()).email)
        val deadline = System.nanoTime() + 300_000_000_000
        while (gone.get() != null && System.nanoTime() < deadline) System.gc()
        assertNull(gone.get())
    }

    @Test
    fun `asking again stops the wait`() {
        var asked = 0
        val impatient = object : Ada(false) {
            override fun remediate(step: Step): Action {
                if (step.pollIntervalMs() != null) asked++
                return if (asked == 2) Action.Cancel else super.remediate(step)
            }

            override fun waiting(step: Step, waiting: Waiting): Wait {
                assertNotNull(waiting.number)
                assertEquals(step.numberChallenge(), waiting.number)
                assertTrue(waiting.intervalMs > 0 && waiting.remainingMs > 0)
                return Wait.Ask
            }
        }
        assertThrows<SignInException.Cancelled> { Org.client("app-push").start().run(impatient) }
        assertEquals(2, asked)
    }

    @Test
    fun `a log that fails is nobody's to tell`() {
        val lines = mutableListOf<String>()
        val log = object : LogSink {
            override fun log(level: LogLevel, text: String) {
                lines += text
                throw java.io.IOException("disk full")
            }
        }
        Org.client(hosts = Hosts(log = log)).start().identify()
        assertTrue(lines.any { "/identify" in it })
        assertFalse(lines.any { USER in it })
    }
}
