package io.github.interactioncode

import io.github.interactioncode.docs.docs
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** What docs/kotlin.md shows: `cargo xtask` makes one function of its pieces. */
class DocsTest {
    @BeforeEach
    fun reset() {
        Org.reset()
    }

    @Test
    fun `every piece runs`(): Unit = runBlocking { docs(Org.issuer) }
}
