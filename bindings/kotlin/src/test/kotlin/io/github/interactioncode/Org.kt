package io.github.interactioncode

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.CertificateFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

const val USER = "ada@example.com"
const val PASSWORD = "Correct-Horse-9"

/** A sandbox from the outside, and clients of it. The environment says where it is. */
object Org {
    val issuer: String = System.getenv("IC_SANDBOX") ?: error("IC_SANDBOX: run `cargo xtask test --only kotlin`")
    val tlsIssuer: String = System.getenv("IC_SANDBOX_TLS") ?: error("IC_SANDBOX_TLS")
    private val control = System.getenv("IC_SANDBOX_ORIGIN") + "/sandbox/"
    private val http = HttpClient.newHttpClient()

    fun control(path: String, body: String? = null): String {
        val request = java.net.http.HttpRequest.newBuilder(URI(control + path))
        if (body != null) request.POST(BodyPublishers.ofString(body))
        val reply = http.send(request.build(), BodyHandlers.ofString())
        check(reply.statusCode() < 300) { "the sandbox says ${reply.statusCode()} to $path" }
        return reply.body()
    }

    fun reset() = control("reset", "{}")

    fun fault(fault: String) = control("faults", "[$fault]")

    fun code() = last("code", control("outbox?to=$USER&kind=email"))

    fun requests() = Regex("\"path\"").findAll(control("requests")).count()

    /** The last push that waits is approved by its number. */
    fun approve(number: String) = control("push/${last("id", control("push"))}/approve", """{"answer": "$number"}""")

    fun config(clientId: String) =
        ClientConfig(issuer, clientId, "com.example.app:/callback", listOf("openid", "profile", "email", "offline_access"))

    fun client(clientId: String = "app-password", hosts: Hosts? = null) = Client(config(clientId), hosts)

    fun client(transport: Transport, clientId: String = "app-password") = client(clientId, Hosts(transport))

    /** The code of the last text message. */
    fun text() = last("code", control("outbox?kind=sms"))

    /** What trusts the authority of the sandbox with TLS. */
    val trust: X509TrustManager by lazy {
        val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null) }
        Files.newInputStream(Path.of(System.getenv("IC_SANDBOX_CA"))).use {
            store.setCertificateEntry("sandbox", CertificateFactory.getInstance("X.509").generateCertificate(it))
        }
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(store) }
        factory.trustManagers.filterIsInstance<X509TrustManager>().single()
    }

    val tls: SSLContext by lazy { SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), null) } }

    private fun last(name: String, json: String) =
        Regex("\"$name\"\\s*:\\s*\"([^\"]*)\"").findAll(json).last().groupValues[1]
}

/** Fills in one text of a remediation and sends it. */
fun SignIn.give(remediation: String, path: String, text: String): Step =
    proceed(step().answerNamed(remediation).setting(path, text))

fun SignIn.identify() = give("identify", "identifier", USER)

fun SignIn.enter(text: String = PASSWORD) = give("challenge-authenticator", "credentials.passcode", text)

fun SignIn.choose(key: String) =
    proceed(step().answerNamed("select-authenticator-authenticate").choosingAuthenticator("authenticator", key))

fun Client.signsIn(): Tokens = start().use {
    it.identify()
    it.enter()
    it.finish()
}

/** A sign-in that waits for a push. */
fun waitingForPush(client: Client = Org.client("app-push")): SignIn = client.start().apply {
    identify()
    enter()
    choose("okta_verify")
}

/** Ada at the keyboard: mistypes her password at first, reads her mail, approves pushes by their number. */
open class Ada(private var mistypes: Boolean = true) : SignInHandler() {
    val seen = mutableListOf<String?>()
    val numbers = mutableListOf<String>()

    override fun messages(notices: List<Notice>, screen: Screen) {
        seen += notices.map { it.key }
    }

    override fun username(input: Input, screen: Screen) = USER

    override fun password(input: Input, screen: Screen) = (if (mistypes) "wrong" else PASSWORD).also { mistypes = false }

    override fun code(input: Input, screen: Screen) = Org.code()

    override fun choose(choice: ChoiceElement, screen: Screen) = choice.options.first()

    override fun showNumber(number: String, waiting: Waiting) {
        if (numbers.isEmpty()) Org.approve(number)
        numbers += number
    }
}
