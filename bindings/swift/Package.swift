// swift-tools-version: 6.0
// Okta's Interaction Code sign-in, for Swift. On Apple platforms the library is in `InteractionCodeFFI.xcframework`, which
// `build-xcframework.sh` makes; elsewhere it is `libinteraction_code.so`, which the linker is told to find (`-Xlinker -L…`).

import Foundation
import PackageDescription

let framework = "InteractionCodeFFI.xcframework"
let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let isApple = FileManager.default.fileExists(atPath: folder.appendingPathComponent(framework).path)

let native: Target = isApple
    ? .binaryTarget(name: "InteractionCodeFFI", path: framework)
    : .systemLibrary(name: "InteractionCodeFFI", path: "Sources/InteractionCodeFFI")

let package = Package(
    name: "InteractionCode",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "InteractionCode", targets: ["InteractionCode"])],
    targets: [
        native,
        .target(
            name: "InteractionCode",
            dependencies: ["InteractionCodeFFI"],
            linkerSettings: isApple ? [] : [.linkedLibrary("interaction_code")]
        ),
        // What people read first: a sign-in in the terminal, and one behind a SwiftUI view.
        .executableTarget(name: "SignInExample", dependencies: ["InteractionCode"], path: "Examples/SignIn"),
        .target(name: "SignInModel", dependencies: ["InteractionCode"], path: "Examples/SignInModel"),
        // The other process of a test: it goes on with a sign-in that was saved.
        .executableTarget(name: "Resume", dependencies: ["InteractionCode"], path: "Tests/Resume"),
        .testTarget(name: "InteractionCodeTests", dependencies: ["InteractionCode", "SignInModel", "Resume"]),
    ],
    swiftLanguageModes: [.v6]
)
