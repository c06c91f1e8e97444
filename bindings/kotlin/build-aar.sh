#!/bin/sh
# Builds the AAR for Android: the library for each ABI by cargo-ndk, then the package by Gradle.
#
# It needs: the Rust targets below (rustup target add), cargo-ndk (cargo install cargo-ndk), the NDK (ANDROID_NDK_HOME), the SDK
# (ANDROID_HOME), Gradle 8.13 or newer, and readelf. The AAR is then below target/kotlin/gradle/outputs/aar.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries="$root/target/kotlin/jniLibs"

missing() {
    printf 'build-aar.sh: %s\n' "$1" >&2
    exit 1
}

command -v cargo-ndk >/dev/null || missing 'cargo-ndk is missing: cargo install cargo-ndk'
command -v gradle >/dev/null || missing 'gradle is missing'
command -v readelf >/dev/null || missing 'readelf is missing: it is in binutils'
[ -n "${ANDROID_NDK_HOME:-}" ] || missing 'ANDROID_NDK_HOME does not say where the NDK is'
[ -n "${ANDROID_HOME:-}" ] || missing 'ANDROID_HOME does not say where the SDK is'

# The phone build: no transport of its own. Pages of 16 kB are what newer phones have; packed relocations are read since Android
# 6; what UniFFI describes for its generator stays out, and what is the same twice is there once.
cd "$root"
cargo ndk --target arm64-v8a --target armeabi-v7a --target x86_64 --platform 24 --output-dir "$libraries" \
    rustc --package interaction-code --lib --profile dist --crate-type cdylib \
    --no-default-features --features uniffi -- -Clink-arg=-Wl,-z,max-page-size=16384 \
    -Clink-arg=-Wl,--pack-dyn-relocs=android -Clink-arg=-Wl,--icf=all -Clink-arg=-Wl,--version-script="$root/packaging/uniffi_metadata.map"

# Each part that is loaded begins at a multiple of 16 kB.
for library in "$libraries"/*/libinteraction_code.so; do
    readelf --program-headers --wide "$library" | awk -v library="$library" '
        $1 == "LOAD" { seen = 1; if (hex($NF) < 16384) bad = 1 }
        function hex(text,   digits, number, i) {
            number = 0
            digits = "0123456789abcdef"
            for (i = 3; i <= length(text); i++) number = number * 16 + index(digits, substr(tolower(text), i, 1)) - 1
            return number
        }
        END { if (!seen || bad) { print library " is not aligned for pages of 16 kB"; exit 1 } }'
done

cd "$here"
gradle --no-daemon -Pic.jniLibs="$libraries" assembleRelease
