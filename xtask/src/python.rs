//! Python: the package built as a wheel, installed into an environment of its own, tested from there.
//!
//! Everything is below `target/python`: the wheel is built from a staged copy with the library inside, so the committed
//! folder stays clean, and the tests see what people install and not what lies around.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    bindings,
    c_examples::signed_in,
    demo_lang::REDIRECT_URI,
    dist, library,
    person::Person,
    prefix::copy,
    report,
    run::{Counts, output, program, root, run, target},
    screens::Screens,
    setup,
};

/// Generates and compares, builds the wheel, passes its tests.
pub fn all() -> Result<Counts> {
    report::head("Python: generated module, wheel");
    let python = package()?;
    report::head("Python: types");
    types(&python)?;
    report::head("Python: tests");
    let mut options = Options::default();
    options.world.limits.poll_interval_ms = 500;
    let sandbox = Sandbox::start(options)?;
    let mut counts = tests(&python, &sandbox)?;
    for client in ["app-email", "app-push"] {
        sandbox.reset();
        let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
        signed_in(&person.uses(example(&python, &sandbox, client))?)?;
        report::line(&format!("examples/sign_in.py signs in to {client}, after a mistyped password"));
        counts.passed += 1;
    }
    let mut renderer = Command::new(&python);
    renderer.arg(root().join("bindings/python/tests/draw_screens.py")).env("PYTHONDONTWRITEBYTECODE", "1");
    counts.add(Screens::new()?.compare("draw_screens.py", renderer)?);
    report::head("Python: a library without a transport of its own has the same surface");
    let phone = library::build("dev", dist::PHONE)?;
    bindings::symbols(&phone.shared)?;
    bindings::python(&phone.shared, &python)?;
    Ok(counts)
}

/// The example with its three arguments, under the Python that has the package.
pub fn example(python: &Path, sandbox: &Sandbox, client_id: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(root().join("bindings/python/examples/sign_in.py"));
    command.args([&sandbox.issuer(), client_id, REDIRECT_URI]);
    command
}

/// The Python of an environment in which the wheel of this source is installed.
pub fn package() -> Result<PathBuf> {
    let python = environment()?;
    let built = library::build("dev", "ureq,file-storage,uniffi")?;
    bindings::symbols(&built.shared)?;
    bindings::python(&built.shared, &python)?;
    let wheel = build_wheel(&python, &built.shared, "wheel")?;
    let mut install = pip(&python, &["install", "--no-deps", "--no-index", "--force-reinstall"]);
    install.arg(&wheel);
    run(install)?;
    Ok(python)
}

/// Builds the wheel that ships: small, stripped, nothing in it of this machine; and loads it once.
pub fn wheel(features: &str) -> Result<()> {
    report::head(&format!("the library for Python with {features}"));
    let python = environment()?;
    let features = format!("{features},uniffi");
    let built = library::build("dist", &features)?;
    dist::check_exports(&built, &features)?;
    let stripped = target().join("python/libinteraction_code.so");
    let mut strip = program("strip", ["--strip-unneeded", "-o"]);
    strip.args([&stripped, &built.shared]);
    run(strip)?;
    dist::check_contents(&stripped, "uniffi_interaction_code_fn")?;
    let wheel = build_wheel(&python, &stripped, "dist")?;
    let tried = target().join("python/tried");
    renew(&tried)?;
    let mut install = pip(&python, &["install", "--no-deps", "--no-index", "--target"]);
    install.arg(&tried).arg(&wheel);
    run(install)?;
    let mut import = Command::new(&python);
    import.args(["-c", "import interaction_code as ic; token = ic.CancelToken(); token.cancel(); print(ic.__file__)"]);
    import.env("PYTHONPATH", &tried).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(&tried);
    let imported = output(import)?;
    if !Path::new(imported.trim()).starts_with(&tried) {
        bail!("another package was loaded than the one that was built: {}", imported.trim());
    }
    let size = fs::metadata(&wheel)?.len() as f64 / 1e6;
    report::good(&format!("{}, {size:.2} MB", wheel.display()));
    Ok(())
}

/// Builds a wheel with this library inside, into a folder of `target/python`.
fn build_wheel(python: &Path, shared: &Path, folder: &str) -> Result<PathBuf> {
    let (source, wheels) = (target().join("python/source"), target().join("python").join(folder));
    stage(&source, shared)?;
    renew(&wheels)?;
    let mut pip = pip(python, &["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir"]);
    pip.arg(&wheels).arg(&source);
    run(pip)?;
    let wheel = fs::read_dir(&wheels)?.flatten().map(|entry| entry.path()).next().context("pip made no wheel")?;
    let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !name.contains("-py3-none-") || name.ends_with("-any.whl") {
        bail!("{name} is not a wheel for any Python 3 of one platform");
    }
    report::line(&format!("{name} is built"));
    Ok(wheel)
}

/// What a wheel is built from: the committed package, the library, the licences.
fn stage(source: &Path, shared: &Path) -> Result<()> {
    renew(source)?;
    let committed = root().join("bindings/python");
    for name in ["pyproject.toml", "hatch_build.py", "README.md"] {
        copy(&committed.join(name), &source.join(name))?;
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(licence), &source.join(licence))?;
    }
    for entry in fs::read_dir(committed.join("interaction_code"))?.flatten().filter(|entry| entry.path().is_file()) {
        copy(&entry.path(), &source.join("interaction_code").join(entry.file_name()))?;
    }
    copy(shared, &source.join("interaction_code/libinteraction_code.so"))
}

/// An environment with what builds and tests the package; made once, and again when the list of it changes.
pub fn environment() -> Result<PathBuf> {
    setup::python()?;
    let folder = target().join("python");
    let wanted = root().join("bindings/python/tests/requirements.txt");
    let (venv, installed) = (folder.join("venv"), folder.join("venv/requirements.txt"));
    let python = venv.join("bin/python");
    if fs::read(&installed).ok() != Some(fs::read(&wanted)?) {
        report::line(
            "python3 -m venv in target/python, and from PyPI what tests/requirements.txt pins (pytest, mypy, hatchling)",
        );
        let mut make = program("python3", ["-m", "venv", "--clear"]);
        make.arg(&venv);
        run(make)?;
        let mut install = pip(&python, &["install", "--requirement"]);
        install.arg(&wanted);
        run(install)?;
        copy(&wanted, &installed)?;
    }
    Ok(python)
}

fn pip(python: &Path, arguments: &[&str]) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "--disable-pip-version-check", "--quiet"]).args(arguments);
    pip
}

/// The hand-written half and the example are typed throughout.
fn types(python: &Path) -> Result<()> {
    let mut mypy = Command::new(python);
    mypy.args(["-m", "mypy", "--cache-dir"]).arg(target().join("python/mypy"));
    mypy.args(["interaction_code", "examples/sign_in.py", "tests/draw_screens.py", "hatch_build.py"])
        .current_dir(root().join("bindings/python"));
    report::line(output(mypy)?.trim());
    Ok(())
}

fn tests(python: &Path, sandbox: &Sandbox) -> Result<Counts> {
    let written = target().join("python/report.xml");
    let mut pytest = Command::new(python);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml"]).arg(&written);
    // Not the folder above, where a package without a library would be found first.
    pytest.current_dir(root().join("bindings/python/tests"));
    pytest.env("IC_SANDBOX", sandbox.issuer()).env("IC_SANDBOX_ORIGIN", sandbox.origin());
    pytest.env("PYTHONDONTWRITEBYTECODE", "1");
    let passed = pytest.status().context("pytest does not start")?.success();
    let counts = Counts::of_report(&fs::read_to_string(&written).context("the report of pytest")?)?;
    if !passed && counts.failed == 0 {
        bail!("pytest failed, and its report has no failed test");
    }
    Ok(counts)
}

fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
