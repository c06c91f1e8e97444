//! The C and C++ examples, used as people use them: by somebody at the keyboard, by a job, from an installed package.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::{
    c::watchful,
    demo_lang::{REDIRECT_URI, compile, sign_in},
    person::{PASSWORD, Person, USER},
    report,
    run::{Counts, program, run, target},
};

/// Every interactive example, each with the policies that it is made for.
const INTERACTIVE: &[(&str, &[&str])] = &[
    ("quick_start", &["app-email"]),
    ("sign_in", &["app-email", "app-push"]),
    ("sign_in_callbacks", &["app-email", "app-push"]),
    ("sign_in_cpp", &["app-email", "app-push"]),
];

/// All examples of one build; `with` is the program that runs them.
pub fn all(folder: &Path, with: &[String], sandbox: &Sandbox) -> Counts {
    let mut counts = Counts::default();
    for (name, clients) in INTERACTIVE {
        for client in *clients {
            sandbox.reset();
            let what = format!("{name:<18} signs in to {client}, after a mistyped password");
            counts.tell(&what, interactive(folder, with, sandbox, name, client));
        }
    }
    sandbox.reset();
    let what = "device_login       wrong password; a code in a second run, from saved state; success";
    counts.tell(what, device_login(folder, with, sandbox));
    counts
}

fn interactive(folder: &Path, with: &[String], sandbox: &Sandbox, name: &str, client: &str) -> Result<()> {
    let mut command = run_with(with, &folder.join(name));
    command.args([&sandbox.issuer(), client, REDIRECT_URI]);
    watchful(&mut command, sandbox);
    let person = Person { sandbox, mistypes: true, aloud: false };
    signed_in(&person.uses(command)?)
}

fn run_with(with: &[String], built: &Path) -> Command {
    let mut words = with.iter().map(Path::new).chain([built]);
    let mut command = Command::new(words.next().unwrap_or(built));
    command.args(words);
    command
}

/// The last line says who signed in, and the mistyped password was a message on the way.
pub fn signed_in(printed: &str) -> Result<()> {
    let subject = printed.lines().rev().find_map(|line| line.split_once("signed in: ")).map(|(_, subject)| subject);
    if !subject.is_some_and(|subject| subject.starts_with("00u")) {
        bail!("it does not say who signed in:\n{printed}");
    }
    if !printed.lines().any(|line| line.trim_start().starts_with("! ")) {
        bail!("it does not show the message of the mistyped password:\n{printed}");
    }
    Ok(())
}

/// The unattended example: what it is told on its standard input, its exit code, and its line of JSON.
fn device_login(folder: &Path, with: &[String], sandbox: &Sandbox) -> Result<()> {
    let state = target().join("c/device");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    fs::create_dir_all(&state)?;
    let config = state.join("config.json");
    let settings = |client: &str| {
        json!({"issuer": sandbox.issuer(), "client_id": client, "redirect_uri": REDIRECT_URI,
            "scopes": "openid profile offline_access"})
    };
    let job = |client: &str, credentials: &str, code: i32| -> Result<Value> {
        fs::write(&config, settings(client).to_string())?;
        let mut command = run_with(with, &folder.join("device_login"));
        command.arg("--config").arg(&config).arg("--state").arg(state.join("state"));
        command.args(["--factor", "okta_email"]);
        watchful(&mut command, sandbox);
        outcome(command, credentials, code).with_context(|| format!("device_login at {client}"))
    };
    let wrong = job("app-password", &format!("username={USER}\npassword=correct-horse-9\n"), 10)?;
    let good = job("app-password", &format!("username={USER}\npassword={PASSWORD}\n"), 0)?;
    job("app-email", &format!("username={USER}\npassword={PASSWORD}\n"), 20)?;
    let code = sandbox.last_code(USER).context("a code was mailed")?;
    job("app-email", &format!("username={USER}\ncode={code}\n"), 0)?;
    for (line, wanted) in [(&wrong, "password_wrong"), (&good, "success")] {
        if !line.to_string().contains(wanted) {
            bail!("device_login does not say {wanted}: {line}");
        }
    }
    Ok(())
}

fn outcome(mut command: Command, credentials: &str, code: i32) -> Result<Value> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Its end of the pipe is closed with this, so the program sees the end of its input.
    child.stdin.take().context("its input is a pipe")?.write_all(credentials.as_bytes())?;
    let output = child.wait_with_output()?;
    let (printed, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() != Some(code) {
        bail!("it ended with {} instead of {code}\n{printed}{complaints}", output.status);
    }
    if printed.contains(PASSWORD) || complaints.contains(PASSWORD) {
        bail!("it prints the password");
    }
    serde_json::from_str(printed.trim()).with_context(|| format!("not one line of JSON: {printed}"))
}

/// A package that is unpacked elsewhere works there: `pkg-config` with the shared and with the static library.
pub fn moved(installed: &Path) -> Result<Counts> {
    let folder = target().join("c/moved");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(copy(installed, &folder.join("prefix")))?;
    let shared = compile(&folder, "cc", &["-std=c11"], "examples/c/quick_start.c", "shared")?;
    // Without the shared library beside it, the linker takes the archive; what that needs is in Libs.private.
    let only_archive = folder.join("archive");
    fs::create_dir_all(&only_archive)?;
    run(copy(installed, &only_archive.join("prefix")))?;
    for entry in fs::read_dir(only_archive.join("prefix/lib"))? {
        let path: PathBuf = entry?.path();
        if path.to_string_lossy().contains(".so") {
            fs::remove_file(path)?;
        }
    }
    let archive = compile(&only_archive, "cc", &["-std=c11"], "examples/c/quick_start.c", "static")?;
    let mut counts = Counts::default();
    for (folder, built) in [(&folder, &shared), (&only_archive, &archive)] {
        let sandbox = Sandbox::start(interaction_code_sandbox::Options::default())?;
        let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
        signed_in(&person.uses(sign_in(folder, built, &sandbox, "app-email"))?)?;
        counts.passed += 1;
    }
    report::line("quick_start, by pkg-config, with the shared and with the static library");
    Ok(counts)
}

fn copy(from: &Path, to: &Path) -> Command {
    let mut cp = program("cp", ["-a"]);
    cp.args([from, to]);
    cp
}
