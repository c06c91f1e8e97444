package io.github.interactioncode

import java.io.IOException
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.URI
import java.net.UnknownHostException
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.net.http.HttpTimeoutException
import java.net.http.HttpRequest.BodyPublisher
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandler
import java.net.http.HttpResponse.BodySubscriber
import java.nio.ByteBuffer
import java.nio.channels.UnresolvedAddressException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException

/**
 * Sends over `java.net.http`, without a dependency: for a plain JVM. Android has no `java.net.http`; use [OkHttpTransport] there.
 *
 * HTTP/1.1, no redirect, cookie, cache or authenticator. One thing `java.net.http` cannot be told: a GET whose connection is closed
 * before a byte of its answer is sent once more. A sign-in GETs only what it may read twice: metadata and keys.
 *
 * @param tls what is trusted; without it, what the JVM trusts
 */
public class JdkHttpTransport @JvmOverloads constructor(tls: SSLContext? = null) : Transport {
    private val client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newCachedThreadPool { Thread(it, "interaction-code-http").apply { isDaemon = true } })
        .apply { if (tls != null) sslContext(tls) }
        .build()

    override fun send(request: TransportRequest, cancel: CancelToken): TransportResponse {
        val body = Body(BodyPublishers.ofByteArray(request.body))
        val wire = try {
            java.net.http.HttpRequest.newBuilder(URI(request.url)).apply {
                method(request.method, if (request.body.isEmpty()) BodyPublishers.noBody() else body)
                request.headers.filterNot { it.name.lowercase() in OWN }.forEach { header(it.name, it.value) }
            }.build()
        } catch (_: Exception) {
            // Its text has the value.
            throw TransportException.Failed("java.net.http does not take the URL or a header of the request", false)
        }
        val maybeSent = { request.body.isEmpty() || body.begun }
        val sending = client.sendAsync(wire, BodyHandler { Limited(request.maxBody) })
        val answered = CompletableFuture<java.net.http.HttpResponse<ByteArray>>()
        sending.whenComplete { response, failed ->
            if (failed == null) answered.complete(response) else answered.completeExceptionally(failed)
        }
        val listener = OnCancel { answered.completeExceptionally(TransportException.Cancelled(maybeSent())) }
        try {
            val response = cancel.onCancel(listener).use { answered.get(request.timeoutMs, TimeUnit.MILLISECONDS) }
            val headers = response.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
            return TransportResponse(response.statusCode(), headers, response.body())
        } catch (failed: ExecutionException) {
            throw typed(failed.cause ?: failed, maybeSent())
        } catch (_: TimeoutException) {
            throw TransportException.TimedOut(maybeSent())
        } finally {
            sending.cancel(true)
        }
    }

    private fun typed(e: Throwable, maybeSent: Boolean): Throwable {
        val causes = generateSequence(e) { it.cause }.take(8).toList()
        causes.filterIsInstance<TransportException>().firstOrNull()?.let { return it }
        // Texts of exceptions may have addresses; the exception itself is the cause.
        val what = causes.last().javaClass.simpleName
        val typed = when {
            e is HttpConnectTimeoutException -> TransportException.TimedOut(false)
            e is HttpTimeoutException -> TransportException.TimedOut(maybeSent)
            causes.any { it is SSLException } && !(maybeSent && e.message == null) ->
                TransportException.Tls("TLS failed, or the certificate is not trusted ($what)", maybeSent)
            causes.any { it is ConnectException || it is UnknownHostException || it is UnresolvedAddressException } ||
                e is NoRouteToHostException -> TransportException.Offline("the server cannot be reached ($what)", false)
            e is IOException -> TransportException.Network("the connection broke ($what)", maybeSent)
            else -> return e
        }
        return typed.apply { initCause(e) }
    }

    private companion object {
        /** What HTTP itself needs, and `java.net.http` adds. */
        val OWN = setOf("host", "content-length", "connection", "expect", "upgrade")
    }
}

/** The body of a request. It is asked for when there is a connection. */
private class Body(private val bytes: BodyPublisher) : BodyPublisher by bytes {
    @Volatile var begun = false

    override fun subscribe(subscriber: Subscriber<in ByteBuffer>) {
        begun = true
        bytes.subscribe(subscriber)
    }
}

/** The body of an answer, no more of it than is accepted. */
private class Limited(private val most: Long) : BodySubscriber<ByteArray> {
    private val body = CompletableFuture<ByteArray>()
    private val bytes = java.io.ByteArrayOutputStream()
    private lateinit var subscription: Subscription

    override fun getBody(): CompletionStage<ByteArray> = body

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
        subscription.request(1)
    }

    override fun onNext(item: List<ByteBuffer>) {
        if (bytes.size() + item.sumOf { it.remaining().toLong() } > most) {
            subscription.cancel()
            body.completeExceptionally(TransportException.TooLarge())
            return
        }
        item.forEach { piece -> ByteArray(piece.remaining()).also(piece::get).let { bytes.write(it, 0, it.size) } }
        subscription.request(1)
    }

    override fun onError(throwable: Throwable) {
        body.completeExceptionally(throwable)
    }

    override fun onComplete() {
        body.complete(bytes.toByteArray())
    }
}
