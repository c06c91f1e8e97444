// The AAR: `build-aar.sh` puts the library for each ABI into src/main/jniLibs of the build folder, and then calls Gradle here.

plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.2.20"
}

// Where build-aar.sh puts the libraries.
val libraries = providers.gradleProperty("ic.jniLibs").orElse("../../target/kotlin/jniLibs")

layout.buildDirectory = file("../../target/kotlin/gradle")

android {
    namespace = "io.github.interactioncode"
    compileSdk = 36
    defaultConfig {
        minSdk = 24
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    sourceSets["main"].apply {
        manifest.srcFile("src/main/AndroidManifest.xml")
        kotlin.setSrcDirs(listOf("src/main/generated", "src/main/kotlin", "src/main/transports"))
        jniLibs.setSrcDirs(listOf(libraries.get()))
    }
    publishing {
        singleVariant("release") { withSourcesJar() }
    }
}

kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
        allWarningsAsErrors = true
        freeCompilerArgs.add("-Xexplicit-api=warning")
    }
}

// Android has no java.net.http.
tasks.withType<org.jetbrains.kotlin.gradle.tasks.KotlinCompile>().configureEach {
    exclude("**/JdkHttpTransport.kt")
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    // The AAR of JNA has its native half, aligned for pages of 16 kB since 5.17.
    implementation("net.java.dev.jna:jna:5.17.0@aar")
    compileOnly("com.squareup.okhttp3:okhttp:5.1.0")
}
