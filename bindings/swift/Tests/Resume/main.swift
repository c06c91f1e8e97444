// The other process of a test: reads a saved sign-in, goes on with it, says who signed in.

import Foundation
import InteractionCode

let (issuer, clientId, redirectUri) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
let password = CommandLine.arguments[4]
let saved = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
let config = ClientConfig(issuer: issuer, clientId: clientId, redirectUri: redirectUri)
let signIn = try Client(config: config).restore(saved: saved)
let passcode = try signIn.refresh().answerNamed(name: "challenge-authenticator")
_ = try signIn.proceed(answer: passcode.setting(path: "credentials.passcode", text: password))
print(try signIn.finish().preferredUsername ?? "")
