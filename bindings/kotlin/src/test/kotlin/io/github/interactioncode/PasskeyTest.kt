package io.github.interactioncode

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Shows a form that wants a passkey as the first step, and keeps what is sent for it from the server. */
private class Passkeys(members: List<String>, data: String) : Transport {
    private val inner = JdkHttpTransport()
    private val href = Org.issuer.substringBefore("/oauth2") + "/idp/idx/passkey"
    private val fields = members.joinToString { """{"name": "$it", "required": true, "visible": false}""" }
    private val page = """{"version": "1.0.0", "stateHandle": "s", "remediation": {"type": "array", "value": [{"name": "any-name",
        "href": "$href", "relatesTo": ["$.currentAuthenticator"], "value": [{"name": "credentials", "type": "object",
        "required": true, "form": {"value": [$fields]}}]}]}, "currentAuthenticator": {"type": "object", "value": {
        "type": "security_key", "key": "webauthn", "id": "aut1", "contextualData": $data}}}"""
    val sent = mutableListOf<String>()

    override fun send(request: TransportRequest, cancel: CancelToken): TransportResponse {
        if (request.url == href) {
            sent += request.body.decodeToString()
            throw TransportException.Offline("enough", false)
        }
        val response = inner.send(request, cancel)
        if (!request.url.endsWith("/introspect")) return response
        return TransportResponse(response.status, response.headers, page.encodeToByteArray())
    }
}

/** Gives what Credential Manager would give, and remembers what it was asked. */
private class Manager(private val response: String) : SignInHandler() {
    val asked = mutableListOf<Pair<String, String>>()

    override fun createPasskey(request: String, screen: Screen) = response.also { asked += "create" to request }

    override fun getPasskey(request: String, screen: Screen) = response.also { asked += "get" to request }
}

private const val CREATED = """{"id": "AQ", "response": {"clientDataJSON": "Y2Q", "attestationObject": "_-8"}}"""
private const val SIGNED =
    """{"id": "AQ", "response": {"clientDataJSON": "Y2Q", "authenticatorData": "YWQ", "signature": "_-8"}}"""

/** Passkeys, which the sandbox does not have. */
class PasskeyTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @Test
    fun `a passkey is made from the platform's JSON`() {
        val transport = Passkeys(listOf("clientData", "attestation"), """{"activationData": {"challenge": "Z5y2"}}""")
        val manager = Manager(CREATED)
        assertThrows<SignInException.Unreachable> { Org.client(transport).start().use { it.run(manager) } }
        val (kind, request) = manager.asked.single()
        assertEquals("create", kind)
        assertTrue("\"challenge\":\"Z5y2\"" in request && "\"id\":\"127.0.0.1\"" in request)
        val sent = transport.sent.single()
        assertTrue("\"clientData\":\"Y2Q=\"" in sent && "\"attestation\":\"/+8=\"" in sent)
    }

    @Test
    fun `a passkey signs by the platform's JSON`() {
        val members = listOf("clientData", "authenticatorData", "signatureData")
        val transport = Passkeys(members, """{"challengeData": {"challenge": "Z5y2"}}""")
        val manager = Manager(SIGNED)
        assertThrows<SignInException.Unreachable> { Org.client(transport).start().use { it.run(manager) } }
        val (kind, request) = manager.asked.single()
        assertEquals("get", kind)
        assertTrue("\"challenge\":\"Z5y2\"" in request && "\"rpId\":\"127.0.0.1\"" in request)
        val sent = transport.sent.single()
        assertTrue("\"authenticatorData\":\"YWQ=\"" in sent && "\"signatureData\":\"/+8=\"" in sent)
    }

    @Test
    fun `what does not fit is not sent and not quoted`() {
        for (bad in listOf("hunter2", "{}", SIGNED)) {
            val transport = Passkeys(listOf("clientData", "attestation"), """{"activationData": {"challenge": "Z5y2"}}""")
            val failed = assertThrows<SignInException> { Org.client(transport).start().use { it.run(Manager(bad)) } }
            assertFalse("hunter2" in failed.toString() + failed.details)
            assertEquals(ErrorKind.INVALID_ANSWER, failed.details.kind)
            assertTrue(transport.sent.isEmpty())
        }
    }
}
