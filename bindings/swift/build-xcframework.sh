#!/bin/sh
# Builds InteractionCodeFFI.xcframework beside this script: iOS devices, the iOS simulator on both kinds of Mac, macOS on both.
# The library in it is static, made for phones: without an HTTP stack of its own (`URLSessionTransport` is one), small.
#
#   rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
#   ./build-xcframework.sh
#
# Needs a Mac with Xcode and Rust. In the app switch "Dead Code Stripping" on (-dead_strip, the default of release builds): a
# static library brings all of itself otherwise. Debug symbols go into the app's own dSYM when the app is linked, and out of
# the app with "Strip Linked Product"; only what no debugger reads is stripped here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ "$(uname -s)" != Darwin ] || ! command -v xcodebuild >/dev/null; then
    echo "!! this needs a Mac with Xcode: xcodebuild, lipo and Apple's SDKs are nowhere else" >&2
    exit 1
fi

out=$root/target/xcframework
made=$here/InteractionCodeFFI.xcframework
rm -rf "$out" "$made"
mkdir -p "$out/headers/InteractionCodeFFI"
# A folder of its own for the module map: two frameworks with one at the top would overwrite each other in Xcode.
cp "$here/Sources/InteractionCodeFFI/InteractionCodeFFI.h" "$here/Sources/InteractionCodeFFI/module.modulemap" \
    "$out/headers/InteractionCodeFFI/"

# The oldest systems that the package supports.
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0

build() { # TARGET
    (cd "$root" && CARGO_TARGET_DIR="$root/target" cargo rustc --locked --package interaction-code --lib --profile dist \
        --target "$1" --crate-type staticlib --no-default-features --features uniffi)
    mkdir -p "$out/$1"
    cp "$root/target/$1/dist/libinteraction_code.a" "$out/$1/"
    # Local symbols only: what the Swift sources call stays.
    strip -x "$out/$1/libinteraction_code.a"
}

fat() { # NAME TARGET TARGET
    build "$2"
    build "$3"
    mkdir -p "$out/$1"
    lipo -create "$out/$2/libinteraction_code.a" "$out/$3/libinteraction_code.a" -output "$out/$1/libinteraction_code.a"
}

build aarch64-apple-ios
fat simulator aarch64-apple-ios-sim x86_64-apple-ios
fat macos aarch64-apple-darwin x86_64-apple-darwin

xcodebuild -create-xcframework \
    -library "$out/aarch64-apple-ios/libinteraction_code.a" -headers "$out/headers" \
    -library "$out/simulator/libinteraction_code.a" -headers "$out/headers" \
    -library "$out/macos/libinteraction_code.a" -headers "$out/headers" \
    -output "$made"

# What a package that downloads the framework needs: .binaryTarget(name:url:checksum:).
zip=$out/InteractionCodeFFI.xcframework.zip
(cd "$here" && ditto -c -k --sequesterRsrc --keepParent InteractionCodeFFI.xcframework "$zip")
echo "$made"
echo "$zip"
echo "checksum: $(swift package --package-path "$here" compute-checksum "$zip")"
