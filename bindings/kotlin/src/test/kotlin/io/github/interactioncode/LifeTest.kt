package io.github.interactioncode

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/**
 * In seconds: what has not come by then never comes. How fast a cancel is, is measured and not tested: a busy machine takes
 * longer for anything.
 */
private const val HANG = 300L

/** Nothing that is waited for with these comes by itself. */
private fun never(token: CancelToken? = null) = CallOptions(token, 2 * HANG * 1000)

/** Cancelling, closing, collecting; many sign-ins. */
class LifeTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    /** A coroutine that does this is cancelled after `inside`, and ends by that. */
    private fun cancelled(inside: () -> Unit, work: suspend () -> Unit) = runBlocking {
        val task = async(Dispatchers.Default) { insisting { work() } }
        inside()
        withTimeout(HANG * 1000) { task.cancelAndJoin() }
        assertInstanceOf(CancellationException::class.java, task.getCompletionExceptionOrNull())
    }

    @Test
    fun `cancelling the coroutine ends a wait, and nothing runs on behind it`() {
        val signIn = waitingForPush()
        val busy = { until { busy(signIn) } }
        cancelled(busy) { signIn.awaitPoll(never()) }
        assertNotNull(signIn.refresh().numberChallenge())
    }

    @ParameterizedTest
    @ValueSource(strings = ["built-in", "OkHttp", "java.net.http"])
    fun `cancelling the coroutine ends a request`(which: String) {
        val own = when (which) {
            "OkHttp" -> OkHttpTransport()
            "java.net.http" -> JdkHttpTransport()
            else -> null
        }
        val signIn = Org.client("app-password", Hosts(own)).start()
        Org.fault("""{"path": "/idp/idx/introspect", "kind": "delay", "ms": 600000}""")
        cancelled({ until { busy(signIn) } }) { signIn.awaitRefresh(never()) }
        // The cancel may have come before the request that the fault was for.
        Org.control("faults", "[]")
        assertTrue(signIn.refresh().remediations().isNotEmpty())
    }

    @Test
    fun `cancelling the coroutine interrupts a handler that waits for a person`() {
        val asked = CompletableFuture<Unit>()
        val never = CompletableFuture<String>()
        val patient = object : SignInHandler() {
            override fun username(input: Input, screen: Screen): String {
                asked.complete(Unit)
                return never.get()
            }
        }
        val signIn = Org.client().start()
        cancelled({ asked.get() }) { signIn.awaitRun(patient) }
        assertEquals(USER, signIn.run(Ada()).email)
    }

    @Test
    fun `a time limit of the coroutine`() {
        val signIn = waitingForPush()
        assertThrows<TimeoutCancellationException> { runBlocking { withTimeout(300) { signIn.awaitPoll() } } }
        assertNotNull(signIn.refresh().numberChallenge())
    }

    @Test
    fun `a token of the app ends a wait of a coroutine by its own error, and is left alone by the coroutine`() {
        val signIn = waitingForPush()
        val left = CancelToken()
        cancelled({ until { busy(signIn) } }) { signIn.awaitPoll(never(left)) }
        assertFalse(left.isCancelled())
        val token = CancelToken()
        val polls = inBackground(signIn) { runBlocking { signIn.awaitPoll(never(token)) } }
        token.cancel()
        assertInstanceOf(SignInException.Cancelled::class.java, polls.get(HANG, TimeUnit.SECONDS))
    }

    @Test
    fun `a token ends a blocking wait, a time limit too`() {
        val signIn = waitingForPush()
        val token = CancelToken()
        val polls = inBackground(signIn) { signIn.poll(never(token)) }
        token.cancel()
        assertInstanceOf(SignInException.Cancelled::class.java, polls.get(HANG, TimeUnit.SECONDS))
        assertThrows<SignInException.TimedOut> { signIn.poll(CallOptions(timeoutMs = 300)) }
        assertThrows<SignInException.Misuse> { signIn.poll(CallOptions(timeoutMs = -1)) }
    }

    @Test
    fun `closed while a call runs on another thread`() {
        val signIn = waitingForPush()
        val token = CancelToken()
        val polls = inBackground(signIn) { signIn.poll(CallOptions(token)) }
        signIn.close()
        signIn.close()
        val after = assertThrows<IllegalStateException> { signIn.step() }
        assertTrue("destroyed" in after.message!!)
        assertFalse(polls.isDone)
        token.cancel()
        assertInstanceOf(SignInException.Cancelled::class.java, polls.get(HANG, TimeUnit.SECONDS))
    }

    @Test
    fun `closed and used from many threads at once`() {
        repeat(50) {
            val signIn = Org.client().start()
            val ready = CountDownLatch(4)
            val looks = (1..4).map {
                CompletableFuture.supplyAsync<Throwable> {
                    ready.countDown()
                    var out: Throwable? = null
                    while (out == null) out = runCatching { signIn.isComplete() }.exceptionOrNull()
                    out
                }
            }
            ready.await(HANG, TimeUnit.SECONDS)
            signIn.close()
            looks.forEach { assertInstanceOf(IllegalStateException::class.java, it.get(HANG, TimeUnit.SECONDS)) }
        }
    }

    @Test
    @Timeout(1800)
    fun `a thousand sign-ins without growth`() {
        val (builtIn, own) = Pair(Org.client(), Org.client(OkHttpTransport()))
        repeat(150) { round(builtIn, own, it) }
        val before = settled { true }
        repeat(500) { round(builtIn, own, it) }
        val after = settled { it.heap - before.heap < 2_000_000 && it.native - before.native < 1_000_000 }
        assertTrue(after.heap - before.heap < 2_000_000, "the heap grew by ${after.heap - before.heap} bytes")
        assertTrue(after.native - before.native < 1_000_000, "outside of it ${after.native - before.native} bytes")
        // Those of earlier tests may have gone meanwhile.
        assertTrue(after.callbacks <= before.callbacks, "$before $after")
    }

    /** Two sign-ins. Every second time both are closed, otherwise the cleaner has them. */
    private fun round(builtIn: Client, own: Client, number: Int) {
        for (client in listOf(builtIn, own)) {
            val signIn = client.start()
            signIn.identify()
            signIn.enter()
            assertEquals(USER, signIn.finish().email)
            if (number % 2 == 0) signIn.close()
        }
    }

    /** What is in use: bytes of the heap and of `malloc`, and the callbacks that the library holds. */
    private data class Used(val heap: Long, val native: Long, val callbacks: Int)

    /** What is in use once what nobody reaches is gone: the cleaner has a thread of its own, and may need a while. */
    private fun settled(enough: (Used) -> Boolean): Used {
        val deadline = System.nanoTime() + HANG * 1_000_000_000
        var last = used()
        while (System.nanoTime() < deadline) {
            val now = used()
            if (enough(now) && last.heap - now.heap < 100_000 && last.callbacks == now.callbacks) return now
            last = now
        }
        return last
    }

    private fun used(): Used {
        System.gc()
        val heap = Runtime.getRuntime().run { totalMemory() - freeMemory() }
        val maps = listOf(
            FfiConverterTypeTransport.handleMap, FfiConverterTypeRemediationHandler.handleMap, FfiConverterTypeStorage.handleMap,
            FfiConverterTypeLogSink.handleMap, FfiConverterTypeCancelListener.handleMap,
        )
        return Used(heap, Libc.INSTANCE.mallinfo2().run { uordblks + hblkhd }, maps.sumOf { it.size })
    }

    /** Whether another call is under way. It tries one itself, so that other one may find it here: [insisting]. */
    private fun busy(signIn: SignIn) =
        runCatching { signIn.finish() }.exceptionOrNull() is SignInException.Busy

    /** Does it as soon as nothing else is under way. */
    private inline fun <T> insisting(work: () -> T): T {
        while (true) {
            try {
                return work()
            } catch (_: SignInException.Busy) {
                // Again.
            }
        }
    }

    private fun until(seen: () -> Boolean) {
        val deadline = System.nanoTime() + HANG * 1_000_000_000
        while (!seen()) check(System.nanoTime() < deadline) { "it does not happen" }
    }

    /** Does it on another thread, and is back when the sign-in is at it; how it fails. */
    private fun inBackground(signIn: SignIn, work: () -> Unit): CompletableFuture<Throwable?> {
        val done = CompletableFuture.supplyAsync { runCatching { insisting(work) }.exceptionOrNull() }
        until { busy(signIn) }
        return done
    }
}
