package io.github.interactioncode

import java.io.IOException
import java.io.InterruptedIOException
import java.net.ConnectException
import java.net.InetSocketAddress
import java.net.NoRouteToHostException
import java.net.Proxy
import java.net.UnknownHostException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import javax.net.ssl.SSLException
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.Callback
import okhttp3.CookieJar
import okhttp3.Dispatcher
import okhttp3.EventListener
import okhttp3.Headers
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response

/**
 * Sends over OkHttp: for Android, where it honours the system's proxies, VPN and trusted certificates.
 *
 * `client` brings its pool of connections, proxy, DNS, TLS and certificate pins. What it has of redirects, retries, cookies, cache,
 * authenticators and time limits is not used, nor its dispatcher and its event listener: a request of a sign-in goes out once,
 * as it is, and its answer comes back as it is. Interceptors of the app's own are kept, and must keep to that as well.
 */
public class OkHttpTransport @JvmOverloads constructor(client: OkHttpClient = OkHttpClient()) : Transport {
    private val client = client.newBuilder()
        .followRedirects(false).followSslRedirects(false).retryOnConnectionFailure(false)
        .cookieJar(CookieJar.NO_COOKIES).cache(null)
        .authenticator(Authenticator.NONE).proxyAuthenticator(Authenticator.NONE)
        // The call has one limit for all of it.
        .connectTimeout(0, TimeUnit.MILLISECONDS).readTimeout(0, TimeUnit.MILLISECONDS).writeTimeout(0, TimeUnit.MILLISECONDS)
        .addNetworkInterceptor(AsItCame)
        .eventListenerFactory { call -> call.request().tag(Progress::class.java) ?: EventListener.NONE }
        .dispatcher(unlimited())
        .build()

    override fun send(request: TransportRequest, cancel: CancelToken): TransportResponse {
        val progress = Progress()
        val call = client.newCall(wire(request, progress))
        val answered = CompletableFuture<TransportResponse>()
        // On a thread of OkHttp's: a lookup of a name cannot be cancelled, so it is left behind.
        call.enqueue(Answered(request.maxBody, progress, answered))
        val listener = OnCancel { answered.completeExceptionally(TransportException.Cancelled(progress.sent)) }
        try {
            return cancel.onCancel(listener).use { answered.get(request.timeoutMs, TimeUnit.MILLISECONDS) }
        } catch (failed: ExecutionException) {
            throw failed.cause ?: failed
        } catch (_: TimeoutException) {
            throw TransportException.TimedOut(progress.sent)
        } finally {
            call.cancel()
        }
    }

    private fun wire(request: TransportRequest, progress: Progress): Request = try {
        val body = if (request.method == "GET") null else request.body.toRequestBody(null)
        val wire = Request.Builder().url(request.url).method(request.method, body).tag(Progress::class.java, progress)
        request.headers.forEach { wire.addHeader(it.name, it.value) }
        wire.build()
    } catch (_: IllegalArgumentException) {
        // Its text has the value.
        throw TransportException.Failed("OkHttp does not take the URL or a header of the request", false)
    }
}

/** How far a request has come. */
private class Progress : EventListener() {
    @Volatile var sent = false
    @Volatile var proxied = false

    override fun connectStart(call: Call, inetSocketAddress: InetSocketAddress, proxy: Proxy) {
        proxied = proxy.type() != Proxy.Type.DIRECT
    }

    override fun requestHeadersStart(call: Call) {
        sent = true
    }
}

/** Reads the answer, no more of it than is accepted. */
private class Answered(
    private val maxBody: Long,
    private val progress: Progress,
    private val answered: CompletableFuture<TransportResponse>,
) : Callback {
    override fun onResponse(call: Call, response: Response) {
        try {
            val body = response.use {
                val source = it.body.source()
                if (source.request(maxBody + 1)) throw TransportException.TooLarge()
                source.readByteArray()
            }
            val status = response.header(STATUS)?.toInt() ?: response.code
            val headers = response.headers.filter { (name) -> name != STATUS }
                .map { (name, value) -> HttpHeader(if (name == HIDDEN) RETRY_AFTER else name, value) }
            answered.complete(TransportResponse(status, headers, body))
        } catch (failed: IOException) {
            onFailure(call, failed)
        } catch (failed: Throwable) {
            answered.completeExceptionally(failed)
        }
    }

    override fun onFailure(call: Call, e: IOException) {
        answered.completeExceptionally(typed(e).apply { initCause(e) })
    }

    private fun typed(e: IOException): TransportException {
        val sent = progress.sent
        // Texts of exceptions may have addresses; the exception itself is the cause.
        val what = e.javaClass.simpleName
        return when {
            e is InterruptedIOException -> TransportException.TimedOut(sent)
            sent -> TransportException.Network("the connection broke ($what)", true)
            e is SSLException -> TransportException.Tls("TLS failed, or the certificate is not trusted ($what)", false)
            progress.proxied -> TransportException.Proxy("the proxy refused, or cannot be reached ($what)", false)
            e is UnknownHostException || e is ConnectException || e is NoRouteToHostException ->
                TransportException.Offline("the server cannot be reached ($what)", false)
            else -> TransportException.Network("the connection failed ($what)", false)
        }
    }
}

private const val RETRY_AFTER = "Retry-After"
private const val HIDDEN = "X-Interaction-Code-Retry-After"
private const val STATUS = "X-Interaction-Code-Status"
private const val PROXY_AUTHENTICATION = 407

/**
 * What OkHttp does of itself whatever it was told: it repeats a request that is answered by 503 with `Retry-After: 0`, and throws
 * for a 407 that is not a proxy's. Neither comes to where it does that.
 */
private object AsItCame : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val response = chain.proceed(chain.request())
        val headers = Headers.Builder()
        response.headers.forEach { (name, value) ->
            headers.addUnsafeNonAscii(if (name.equals(RETRY_AFTER, ignoreCase = true)) HIDDEN else name, value)
        }
        val hidden = response.newBuilder()
        if (response.code == PROXY_AUTHENTICATION) {
            hidden.code(400)
            headers.add(STATUS, "$PROXY_AUTHENTICATION")
        }
        return hidden.headers(headers.build()).build()
    }
}

/** Many people may wait at once; and the process may end while one does. */
private fun unlimited(): Dispatcher {
    val threads = ThreadPoolExecutor(0, Int.MAX_VALUE, 10, TimeUnit.SECONDS, SynchronousQueue()) {
        Thread(it, "interaction-code-okhttp").apply { isDaemon = true }
    }
    return Dispatcher(threads).apply {
        maxRequests = Int.MAX_VALUE
        maxRequestsPerHost = Int.MAX_VALUE
    }
}
