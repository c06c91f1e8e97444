package io.github.interactioncode

import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.Structure

/** What `malloc` says of itself. */
interface Libc : Library {
    fun mallinfo2(): Mallinfo

    @Structure.FieldOrder(
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )
    class Mallinfo : Structure(), Structure.ByValue {
        @JvmField var arena = 0L
        @JvmField var ordblks = 0L
        @JvmField var smblks = 0L
        @JvmField var hblks = 0L
        @JvmField var hblkhd = 0L
        @JvmField var usmblks = 0L
        @JvmField var fsmblks = 0L
        @JvmField var uordblks = 0L
        @JvmField var fordblks = 0L
        @JvmField var keepcost = 0L
    }

    companion object {
        val INSTANCE: Libc = Native.load("c", Libc::class.java)
    }
}
