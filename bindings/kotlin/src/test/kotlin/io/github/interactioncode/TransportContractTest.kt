package io.github.interactioncode

import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import okhttp3.OkHttpClient
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class OkHttpTransportTest : TransportContract() {
    override fun transport() = OkHttpTransport()

    override fun trusting() =
        OkHttpTransport(OkHttpClient.Builder().sslSocketFactory(Org.tls.socketFactory, Org.trust).build())

    @Test
    fun `an answer of gzip is decoded, and its limit counts what comes out`() {
        val bytes = java.io.ByteArrayOutputStream()
        java.util.zip.GZIPOutputStream(bytes).use { it.write(ByteArray(10_000)) }
        val head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.size()}\r\n\r\n"
        answer = { socket -> socket.getOutputStream().write(head.toByteArray() + bytes.toByteArray()) }
        assertEquals(10_000, send(request()).body.size)
        assertThrows<TransportException.TooLarge> { send(request().copy(maxBody = 9_999)) }
    }
}

class JdkHttpTransportTest : TransportContract() {
    override fun transport() = JdkHttpTransport()

    override fun trusting() = JdkHttpTransport(Org.tls)
}

/** What every transport must do, a test for each point, against a server that does as it is told. */
abstract class TransportContract {
    abstract fun transport(): Transport

    abstract fun trusting(): Transport

    private val server = ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())
    private val origin = "http://127.0.0.1:${server.localPort}"
    private val transport by lazy { transport() }
    private val sockets = java.util.Collections.synchronizedList(mutableListOf<Socket>())

    /** The heads and bodies of the requests that came. */
    private val came = java.util.Collections.synchronizedList(mutableListOf<String>())

    /** What the server does with a request. */
    protected var answer: (Socket) -> Unit = { say(it, "200 OK", "", "hello") }

    /** A request has arrived at the server. */
    private val arrived = java.util.concurrent.Semaphore(0)

    init {
        background {
            while (true) {
                val socket = server.accept().also(sockets::add)
                background { serve(socket) }
            }
        }
    }

    @AfterEach
    fun stop() {
        server.close()
        sockets.toList().forEach { it.close() }
    }

    private fun background(work: () -> Unit) {
        Thread { runCatching(work) }.apply { isDaemon = true }.start()
    }

    private fun serve(socket: Socket) {
        val input = socket.getInputStream()
        while (true) {
            val head = StringBuilder()
            while (!head.endsWith("\r\n\r\n")) head.append(input.read().also { if (it < 0) return }.toChar())
            val length = Regex("(?i)content-length: (\\d+)").find(head)?.groupValues?.get(1)?.toInt() ?: 0
            came += head.toString() + String(input.readNBytes(length))
            arrived.release()
            answer(socket)
        }
    }

    private fun say(socket: Socket, status: String, headers: String, body: String) =
        socket.getOutputStream().write("HTTP/1.1 $status\r\n${headers}Content-Length: ${body.length}\r\n\r\n$body".toByteArray())

    protected fun request(method: String = "POST", url: String = "$origin/x", body: String = if (method == "GET") "" else "{}") =
        TransportRequest(
            method, url, listOf(HttpHeader("Accept", "application/json; okta-version=1.0.0"), HttpHeader("X-Two", "a")),
            body.toByteArray(), 1_000_000, 10_000,
        )

    protected fun send(request: TransportRequest, cancel: CancelToken = CancelToken()) = transport.send(request, cancel)

    private fun header(response: TransportResponse, name: String) =
        response.headers.filter { it.name.equals(name, ignoreCase = true) }.map { it.value }

    @Test
    fun `a request arrives as it is, its body too`() {
        assertEquals("hello", send(request(body = "{\"a\": \"ü\"}")).body.decodeToString())
        val request = came.single()
        assertTrue(request.startsWith("POST /x HTTP/1.1\r\n"))
        assertTrue("Accept: application/json; okta-version=1.0.0\r\n" in request && "X-Two: a\r\n" in request)
        assertFalse("Upgrade" in request || "HTTP2-Settings" in request || "Cookie" in request)
        send(request("GET"))
        assertTrue(came.last().startsWith("GET /x HTTP/1.1\r\n"))
        assertFalse("Content-Type" in came.last())
    }

    @Test
    fun `every status is an answer, and each is asked for once`() {
        for (status in listOf(200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 407, 408, 421, 429, 500, 502, 503, 599)) {
            for (method in listOf("GET", "POST")) {
                came.clear()
                val headers = "Location: $origin/other\r\nRetry-After: 0\r\nWWW-Authenticate: Basic realm=x\r\nProxy-Authenticate: Basic realm=x\r\n"
                answer = { if (status == 204) it.getOutputStream().write("HTTP/1.1 204 No\r\n$headers\r\n".toByteArray()) else say(it, "$status Told", headers, "b") }
                val response = send(request(method))
                assertEquals(status, response.status)
                assertEquals(listOf("0"), header(response, "Retry-After"))
                assertEquals(1, came.size, "$method answered by $status was sent again")
            }
        }
    }

    @Test
    fun `no cookie is kept, and each Set-Cookie stays apart`() {
        answer = { say(it, "200 OK", "Set-Cookie: a=1, x; Path=/\r\nSet-Cookie: b=2\r\n", "") }
        assertEquals(listOf("a=1, x; Path=/", "b=2"), header(send(request()), "Set-Cookie"))
        send(request())
        assertFalse("Cookie:" in came.last())
    }

    @Test
    fun `nothing is answered from a cache`() {
        answer = { say(it, "200 OK", "Cache-Control: max-age=3600\r\nETag: \"x\"\r\n", "c") }
        repeat(2) { send(request("GET")) }
        assertEquals(2, came.size)
        assertFalse("If-None-Match" in came.last())
    }

    @Test
    fun `a body up to the limit is taken, and a larger one refused while it comes`() {
        assertArrayEquals("hello".toByteArray(), send(request().copy(maxBody = 5)).body)
        assertThrows<TransportException.TooLarge> { send(request().copy(maxBody = 4)) }
        answer = { socket ->
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".toByteArray())
            while (true) socket.getOutputStream().write("400\r\n${"x".repeat(1024)}\r\n".toByteArray())
        }
        assertThrows<TransportException.TooLarge> { send(request()) }
    }

    /** In seconds: what has not come by then never comes. */
    private val HANG = 300L

    private val silence: (Socket) -> Unit = {}
    private val drip: (Socket) -> Unit = { socket ->
        socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".toByteArray())
        while (true) {
            socket.getOutputStream().write('x'.code)
            Thread.sleep(20)
        }
    }

    @Test
    fun `the deadline ends a request that is not answered, and a body that drips`() {
        for (doing in listOf(silence, drip)) {
            answer = doing
            // On a busy machine the limit may be over before anything was sent; then with more.
            val sent = listOf(300L, 3_000L, 30_000L).any { limit ->
                val begun = System.nanoTime()
                val late = assertThrows<TransportException.TimedOut> { send(request().copy(timeoutMs = limit)) }
                assertTrue((System.nanoTime() - begun) / 1_000_000 >= limit - 50, "not before its time")
                late.maybeSent
            }
            assertTrue(sent)
        }
    }

    @Test
    fun `the cancel ends a request that is not answered, and a body that drips`() {
        for (doing in listOf(silence, drip)) {
            answer = doing
            val token = CancelToken()
            arrived.drainPermits()
            val sending = CompletableFuture.supplyAsync { runCatching { send(request().copy(timeoutMs = 2 * HANG * 1000), token) }.exceptionOrNull() }
            assertTrue(arrived.tryAcquire(HANG, TimeUnit.SECONDS))
            token.cancel()
            assertTrue(assertInstanceOf(TransportException.Cancelled::class.java, sending.get(HANG, TimeUnit.SECONDS)).maybeSent)
        }
        answer = { say(it, "200 OK", "", "again") }
        assertEquals("again", send(request()).body.decodeToString())
    }

    @Test
    fun `a token that is cancelled already ends a request at once`() {
        answer = silence
        assertThrows<TransportException.Cancelled> { send(request(), CancelToken().apply { cancel() }) }
    }

    @Test
    fun `a connection that is not accepted ends by deadline and by cancel, and nothing was sent`() {
        // The system completes as many connections as the backlog has; those after it hang.
        ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress()).use { full ->
            val filling = (1..8).map {
                Socket().also { socket -> runCatching { socket.connect(full.localSocketAddress, 100) } }
            }
            val request = request(url = "http://127.0.0.1:${full.localPort}/")
            assertFalse(assertThrows<TransportException.TimedOut> { send(request.copy(timeoutMs = 300)) }.maybeSent)
            val token = CancelToken()
            val sending = CompletableFuture.supplyAsync { runCatching { send(request.copy(timeoutMs = 2 * HANG * 1000), token) }.exceptionOrNull() }
            token.cancel()
            assertFalse(assertInstanceOf(TransportException.Cancelled::class.java, sending.get(HANG, TimeUnit.SECONDS)).maybeSent)
            filling.forEach { it.close() }
        }
    }

    @Test
    fun `who cannot be reached is offline, and nothing was sent`() {
        val port = ServerSocket(0).use { it.localPort }
        val failed = assertThrows<TransportException.Offline> { send(request(url = "http://127.0.0.1:$port/?q=hunter2")) }
        assertFalse(failed.maybeSent || "hunter2" in failed.message)
        assertFalse(assertThrows<TransportException.Offline> { send(request(url = "http://no-such-host.invalid/")) }.maybeSent)
    }

    @Test
    fun `a connection that breaks is told, was perhaps sent, and a POST is not repeated`() {
        for (doing in listOf<(Socket) -> Unit>(
            { it.close() },
            { it.setSoLinger(true, 0); it.close() },
            { it.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".toByteArray()); it.close() },
        )) {
            came.clear()
            answer = doing
            assertTrue(assertThrows<TransportException.Network> { send(request()) }.maybeSent)
            assertEquals(1, came.size)
        }
    }

    @Test
    fun `what is no HTTP is told`() {
        answer = {
            it.getOutputStream().write("garbage\r\n\r\n".toByteArray())
            it.close()
        }
        assertTrue(assertThrows<TransportException.Network> { send(request()) }.maybeSent)
    }

    @Test
    fun `a header that cannot be sent is refused without showing it`() {
        val bad = request().copy(headers = listOf(HttpHeader("X-Secret", "hunter2\r\nX: y")))
        val failed = assertThrows<TransportException.Failed> { send(bad) }
        assertFalse(failed.maybeSent || "hunter2" in failed.stackTraceToString())
        assertTrue(came.isEmpty())
    }

    @Test
    fun `TLS is checked, and is an error of its own`() {
        val request = request("GET", Org.tlsIssuer + "/.well-known/openid-configuration")
        assertFalse(assertThrows<TransportException.Tls> { send(request.copy(method = "POST", body = byteArrayOf(1))) }.maybeSent)
        assertThrows<TransportException.Tls> { send(request) }
        assertTrue(trusting().send(request, CancelToken()).status < 500)
    }

    @Test
    fun `several threads at once`() {
        val all = (1..20).map { CompletableFuture.supplyAsync { send(request(url = "$origin/$it")).status } }
        assertTrue(all.all { it.get(HANG, TimeUnit.SECONDS) == 200 })
        assertEquals(20, came.size)
    }

    @Test
    fun `a whole sign-in`() {
        Org.reset()
        assertEquals(USER, Org.client(transport, "app-email").start().use { it.run(Ada()) }.email)
    }
}
