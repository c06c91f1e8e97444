package io.github.interactioncode

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import org.junit.jupiter.params.provider.ValueSource

/** Interact, introspect, identify, answer, token, keys. */
private const val REQUESTS = 6

/** The field of the name, up to its own. */
private val IDENTIFIER = Regex("""\{[^{}]*"name":"identifier"""")

/** Fails at one request, before it is sent or after; and may change the document of the first step. */
private class Tampering(
    private val failsAt: Int = 0,
    private val after: Boolean = false,
    private val change: (String) -> String = { it },
) : Transport {
    private val inner = JdkHttpTransport()
    val sent = mutableListOf<TransportRequest>()

    override fun send(request: TransportRequest, cancel: CancelToken): TransportResponse {
        sent += request
        if (sent.size == failsAt && !after) throw TransportException.Network("cut", false)
        val response = inner.send(request, cancel)
        if (sent.size == failsAt) throw TransportException.Network("cut", true)
        if (!request.url.endsWith("/introspect")) return response
        return TransportResponse(response.status, response.headers, change(response.body.decodeToString()).encodeToByteArray())
    }
}

/** The app's own transport: it fails at each request in turn, and brings what nobody has seen yet. */
class OwnTransportTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @Test
    fun `signs in over a transport of the app`() {
        val transport = Tampering()
        assertEquals(USER, Org.client(transport).signsIn().email)
        assertEquals(REQUESTS, transport.sent.size)
        assertFalse(PASSWORD in transport.sent.toString())
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 2, 3, 4, 5, 6])
    fun `a failure before anything left can be repeated`(at: Int) {
        val client = Org.client(Tampering(at))
        var failures = 0
        fun <T> untilDone(work: () -> T): T {
            while (true) {
                try {
                    return work()
                } catch (failed: SignInException.Unreachable) {
                    assertEquals(ErrorKind.NETWORK, failed.details.kind)
                    assertFalse(failed.details.maybeSent)
                    assertInstanceOf(TransportException.Network::class.java, failed.cause)
                    failures++
                }
            }
        }
        val signIn = untilDone { client.start() }
        for (work in listOf({ signIn.identify() }, { signIn.enter() })) {
            val before = signIn.step()
            untilDone {
                assertTrue(signIn.step().isSame(before))
                work()
            }
            assertTrue(signIn.isComplete() || !signIn.step().isSame(before))
        }
        assertEquals(USER, untilDone { signIn.finish() }.email)
        assertEquals(1, failures)
    }

    @Test
    fun `after a lost answer the server is asked`() {
        val signIn = Org.client(Tampering(3, after = true)).start()
        assertTrue(assertThrows<SignInException.Unreachable> { signIn.identify() }.details.maybeSent)
        assertTrue(signIn.refresh().isPasswordChallenge())
        signIn.enter()
        assertEquals(USER, signIn.finish().email)
    }

    @ParameterizedTest
    @MethodSource("failures")
    fun `each failure of a transport has its error`(thrown: Exception, variant: Class<SignInException>, kind: ErrorKind) {
        val throwing = object : Transport {
            override fun send(request: TransportRequest, cancel: CancelToken) = throw thrown
        }
        val failed = org.junit.jupiter.api.Assertions.assertThrows(variant) { Org.client(throwing).start() }
        assertEquals(kind, failed.details.kind)
        assertFalse("hunter2" in failed.message!! + failed.details)
        if (kind != ErrorKind.CANCELLED) assertSame(thrown, failed.cause)
    }

    @Test
    fun `an error in a transport comes out as it was`() {
        val error = StackOverflowError()
        val throwing = object : Transport {
            override fun send(request: TransportRequest, cancel: CancelToken) = throw error
        }
        assertSame(error, assertThrows<StackOverflowError> { Org.client(throwing).start() })
    }

    @Test
    fun `what a transport throws at the token request, on another thread, comes out as from any other`() {
        for (thrown in listOf(StackOverflowError(), IllegalStateException("hunter2"))) {
            val inner = JdkHttpTransport()
            val throwing = object : Transport {
                override fun send(request: TransportRequest, cancel: CancelToken) =
                    if (request.url.endsWith("/token")) throw thrown else inner.send(request, cancel)
            }
            val signIn = Org.client(throwing).start()
            signIn.identify()
            signIn.enter()
            val failed = assertThrows<Throwable> { signIn.finish() }
            if (thrown is Error) {
                assertSame(thrown, failed)
            } else {
                assertSame(thrown, assertInstanceOf(SignInException.App::class.java, failed).cause)
                assertFalse("hunter2" in failed.message!!)
            }
        }
    }

    @Test
    fun `an unknown remediation is answered generically`() {
        val transport = Tampering { document ->
            val unknown = """{"name": "xFrobs", "type": "x-frob", "label": "Frobs"},"""
            document.replaceFirst("\"identify\"", "\"x-frobnicate\"").replace(IDENTIFIER) { unknown + it.value }
        }
        val signIn = Org.client(transport).start()
        val step = signIn.step()
        val form = step.remediations().first()
        assertEquals(RemediationKind.Other("x-frobnicate"), form.kind)
        assertEquals(FieldType.Other("x-frob"), form.fields.first { it.name == "xFrobs" }.fieldType)
        assertTrue("xFrobs" in step.rawNode(form.id)!!)
        assertEquals(USER, signIn.run(Ada()).email)
        // And as a screen: an input like any other, of a way like any other.
        val screen = Org.client(transport).start().screen()
        val input = screen.elements.mapNotNull { (it.kind as? ElementKind.Field)?.input }.first { it.path == "xFrobs" }
        assertEquals(listOf<Any>("Frobs", Ask.Value("x-frob"), false), listOf(input.label.text, input.ask, input.required))
        assertTrue("xFrobs" in screen.ways[screen.suggested.way!!].inputs)
    }

    @Test
    fun `every message with its key and parameters is reachable`() {
        val classes = listOf("ERROR", "WARNING", "INFO", "X-OTHER")
        val messages = classes.mapIndexed { n, name ->
            """{"message": "m$n", "class": "$name", "i18n": {"key": "key.$n", "params": ["p$n", $n, "ü"]}}"""
        }
        val transport = Tampering { document ->
            val field = """{"message": "f", "class": "ERROR", "i18n": {"key": "key.field"}}"""
            document.replaceFirst("{", """{"messages": {"type": "array", "value": $messages},""")
                .replace(IDENTIFIER) { """{"messages": {"type": "array", "value": [$field]},""" + it.value.drop(1) }
        }
        val step = Org.client(transport).start().step()
        val found = step.messages().associateBy { it.key }
        assertEquals(setOf("key.0", "key.1", "key.2", "key.3", "key.field"), found.keys)
        for (n in 0..3) {
            assertEquals(listOf("p$n", "$n", "ü"), found["key.$n"]!!.params)
            assertEquals("m$n", found["key.$n"]!!.text)
        }
        assertEquals(listOf(MessageClass.ERROR, MessageClass.WARNING), (0..1).map { found["key.$it"]!!.severity })
        val field = step.field(step.remediations().first().id, "identifier")!!
        assertEquals("identifier", found["key.field"]!!.path)
        assertEquals("key.field", field.messages.single().key)
    }

    @ParameterizedTest
    @MethodSource("texts")
    fun `any text comes and goes as it is`(text: String) {
        val transport = Tampering { it.replaceFirst("\"label\":\"Username\"", "\"label\":${json(text)}") }
        val signIn = Org.client(transport).start()
        val step = signIn.step()
        assertEquals(text, step.field(step.remediation(RemediationKind.Identify)!!.id, "identifier")!!.label)
        val answer = step.answerNamed("identify").setting("identifier", text)
        assertFalse(text in answer.toString())
        signIn.proceed(answer)
        val body = transport.sent.last().body.decodeToString()
        val escaped = Regex("\"identifier\":\"((?:[^\"\\\\]|\\\\.)*)\"").find(body)!!.groupValues[1]
        assertEquals(text, unescaped(escaped))
        assertNotEquals("", body)
    }

    @Test
    fun `half a character is refused without showing it, and the sign-in is where it was`() {
        val signIn = Org.client().start()
        val before = Pair(signIn.step(), signIn.requests())
        val calls = listOf(
            { signIn.step().answerNamed("identify").setting("identifier", "hunter2\ud800") },
            { signIn.handleCallback("hunter2\ud800") },
            { Org.client().restore("hunter2\ud800") },
        )
        for (call in calls) {
            val failed = assertThrows<IllegalArgumentException> { call() }
            assertTrue("surrogate" in failed.message!!)
            assertFalse("hunter2" in failed.stackTraceToString())
        }
        assertTrue(signIn.step().isSame(before.first))
        assertEquals(before.second, signIn.requests())
        signIn.identify()
    }

    companion object {
        @JvmStatic
        fun failures() = listOf(
            arrayOf(TransportException.Cancelled(true), SignInException.Cancelled::class.java, ErrorKind.CANCELLED),
            arrayOf(TransportException.TimedOut(true), SignInException.TimedOut::class.java, ErrorKind.TIMEOUT),
            arrayOf(TransportException.Offline("no route", false), SignInException.Unreachable::class.java, ErrorKind.OFFLINE),
            arrayOf(TransportException.Tls("not trusted", true), SignInException.Unreachable::class.java, ErrorKind.TLS),
            arrayOf(TransportException.Proxy("407", false), SignInException.Unreachable::class.java, ErrorKind.PROXY),
            arrayOf(TransportException.Network("reset", true), SignInException.Unreachable::class.java, ErrorKind.NETWORK),
            arrayOf(TransportException.TooLarge(), SignInException.Untrusted::class.java, ErrorKind.LIMIT_EXCEEDED),
            arrayOf(TransportException.Failed("odd", true), SignInException.App::class.java, ErrorKind.CALLBACK),
            arrayOf(IllegalStateException("hunter2"), SignInException.App::class.java, ErrorKind.CALLBACK),
        )

        @JvmStatic
        fun texts() = listOf("😀👩‍👩‍👧", "a\u0000b", "שלום \u202eabc", "ﷺ".repeat(300), "\"\\/\n\u2028")

        private fun json(text: String) = text.map { "\\u%04x".format(it.code) }.joinToString("", "\"", "\"")

        private fun unescaped(text: String) = Regex("""\\(u[0-9a-fA-F]{4}|.)""").replace(text) { found ->
            val escape = found.groupValues[1]
            if (escape.length == 5) "${escape.drop(1).toInt(16).toChar()}" else "\"\\/\b\u000c\n\r\t"["\"\\/bfnrt".indexOf(escape)].toString()
        }
    }
}
