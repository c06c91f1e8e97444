//! What people get of the Kotlin package: the jar that ships, and an app that a shrinker went over.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    c_examples::signed_in,
    dist,
    kotlin::{self, Example, Package, maven},
    library,
    person::Person,
    prefix::copy,
    report,
    run::{Counts, output, program, root, run},
    setup,
};

/// Builds the jar that people add, with the small, stripped library inside; signs in with it.
pub fn jar(features: &str) -> Result<()> {
    setup::java()?;
    report::head(&format!("the library for the JVM with {features}"));
    let features = format!("{features},uniffi");
    let built = library::build("dist", &features)?;
    dist::check_exports(&built, &features)?;
    let folder = kotlin::folder();
    let native = folder.join("dist-native").join(kotlin::jna_folder()?).join("libinteraction_code.so");
    copy(&built.shared, &native)?;
    std::fs::write(&native, dist::stripped(&built.shared)?)?;
    dist::check_contents(&native, "uniffi_interaction_code_fn")?;
    report::head("the jar");
    kotlin::docs()?;
    let mut package = maven("dist", "dist-native");
    package.args(["package", "-DskipTests"]);
    run(package)?;
    let jar = made(&folder.join("dist"))?;
    let mut package = Package::of(&folder.join("dist"))?;
    // The jar in place of the classes that it was made of.
    package.class_path[0] = jar.clone();
    let sandbox = Sandbox::start(Options::default())?;
    signs_in(&package, Example::Java, &sandbox)?;
    let size = std::fs::metadata(&jar)?.len() as f64 / 1e6;
    report::good(&format!("{}, {size:.2} MB; its Java example signs in", jar.display()));
    Ok(())
}

/// The examples with all that they need in one jar, which ProGuard shrank, optimized and renamed by consumer-rules.pro.
pub fn shrunk(folder: &Path, sandbox: &Sandbox) -> Result<Counts> {
    let build = folder.join("build");
    let listed = folder.join("shrink-classpath");
    let mut fetch = maven("build", "native");
    fetch.args(["-Pshrink", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"]);
    fetch.arg(format!("-Dmdep.outputFile={}", listed.display()));
    run(fetch)?;
    let tool = std::fs::read_to_string(&listed).context("what ProGuard needs")?;
    let package = Package::of(&build)?;
    // Not what only tests need.
    let of_app = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ["kotlin-stdlib", "kotlinx-", "jna", "okhttp", "okio"].iter().any(|start| name.starts_with(start))
    };
    let app = folder.join("shrunk.jar");
    let mut shrink = program("java", ["-cp", tool.trim(), "proguard.ProGuard", "-injars"]);
    let classes = [build.join("classes"), build.join("test-classes")].map(|path| text(&path));
    // Of the tests' folder only the examples, which lie at its top.
    shrink.arg(format!("{}(!META-INF/**)", classes[0])).args(["-injars", &format!("{}(SignIn*.class)", classes[1])]);
    for library in package.class_path.iter().skip(2).filter(of_app) {
        shrink.arg("-injars").arg(format!("{}(!META-INF/**)", library.display()));
    }
    shrink.arg("-outjars").arg(&app);
    for module in ["java.base", "java.logging", "java.net.http"] {
        shrink.arg("-libraryjars").arg(format!("<java.home>/jmods/{module}.jmod(!**.jar;!module-info.class)"));
    }
    shrink.arg("-include").arg(root().join("bindings/kotlin/consumer-rules.pro"));
    for example in [Example::Kotlin, Example::Java] {
        shrink.arg(format!("-keep class {} {{ public static void main(java.lang.String[]); }}", example.class()));
    }
    // What the rules have to excuse is the package's own; these are Kotlin's.
    shrink.args([
        "-forceprocessing",
        "-dontnote",
        "-dontwarn org.jetbrains.annotations.**,kotlinx.coroutines.debug.**,org.codehaus.mojo.**",
    ]);
    output(shrink)?;
    // It did something, and not too much.
    let entries = output(program("jar", ["--list", "--file"].map(str::to_owned).into_iter().chain([text(&app)])))?;
    let has = |class: &str| entries.lines().any(|entry| entry == format!("io/github/interactioncode/{class}.class"));
    if has("JdkHttpTransport") || !has("UniffiLib") {
        bail!("ProGuard did not take out what the examples do not use, or took out what they do");
    }
    let package = Package { class_path: vec![app] };
    let mut counts = Counts::default();
    for example in [Example::Kotlin, Example::Java] {
        signs_in(&package, example, sandbox)?;
        report::line(&format!("{} signs in from the shrunk jar", example.source()));
        counts.passed += 1;
    }
    Ok(counts)
}

fn signs_in(package: &Package, example: Example, sandbox: &Sandbox) -> Result<()> {
    sandbox.reset();
    let person = Person { sandbox, mistypes: true, aloud: false };
    signed_in(&person.uses(package.example(example, sandbox, "app-email"))?)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// The jar in a build folder.
fn made(build: &Path) -> Result<PathBuf> {
    let jars = std::fs::read_dir(build)?.flatten().map(|entry| entry.path());
    let mut jars: Vec<_> = jars.filter(|path| path.extension().is_some_and(|extension| extension == "jar")).collect();
    match (jars.pop(), jars.pop()) {
        (Some(jar), None) => Ok(jar),
        _ => bail!("Maven did not make one jar"),
    }
}
