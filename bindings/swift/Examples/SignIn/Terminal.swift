// What a terminal does: it prints, and reads a line.

import Foundation

/// One of some things, by its number; the first one, when there is no other or nothing is typed.
func choose<Thing>(_ what: String, _ things: [Thing], _ label: (Thing) -> String) -> Thing {
    guard let first = things.first else { fail("there is nothing to choose: \(what)") }
    guard things.count > 1 else { return first }
    for (number, thing) in things.enumerated() { show("  \(number + 1)) \(label(thing))\n") }
    let typed = Int(ask("\(what) (1 to \(things.count))")) ?? 1
    return things.indices.contains(typed - 1) ? things[typed - 1] : first
}

/// A line that is typed, out of sight where that can be.
func ask(_ what: String, hidden: Bool = false) -> String {
    if hidden, isatty(STDIN_FILENO) == 1, let typed = getpass("  \(what): ") { return String(cString: typed) }
    show("  \(what): ")
    guard let line = readLine() else { fail("the input is at its end") }
    return line
}

/// Prints at once, also where the output is a pipe.
func show(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

func fail(_ why: String) -> Never {
    FileHandle.standardError.write(Data("\(why)\n".utf8))
    exit(1)
}
