//! A sign-in in the terminal, in the pull style: the app looks at each step and answers it.
//!
//! ```text
//! cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
//! cargo run --example sign_in -- http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
//! ```
//!
//! It asks for whatever the server asks, by wire names, so it also answers steps that nobody thought of. The program
//! `interaction-code` does the same with hidden input, QR codes and colours.

use std::io::{BufRead, Write};

use interaction_code::{
    Call, Client, StartOptions,
    idx::{Answer, Field, Remediation},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [issuer, client_id, redirect_uri] = arguments.as_slice() else {
        return Err("usage: sign_in ISSUER CLIENT_ID REDIRECT_URI".into());
    };
    let call = Call::new();
    let client = Client::builder(issuer, client_id, redirect_uri).build()?;
    let mut flow = client.start(StartOptions::default(), &call)?;
    while !flow.is_complete() {
        let step = flow.step()?.clone();
        for message in step.distinct_messages() {
            println!("! {}", message.text());
        }
        let Some(form) = step.remediations().find(|remediation| remediation.is_form()) else {
            return Err("the sign-in ended without tokens".into());
        };
        if form.is_pollable() {
            println!(
                "waiting … {}",
                step.number_challenge().map(|n| format!("choose {n} in your app")).unwrap_or_default()
            );
            flow.poll(&call)?;
        } else {
            flow.proceed(fill(form)?, &call)?;
        }
    }
    let tokens = flow.finish(&call)?;
    println!("signed in: {}", tokens.claims.map(|claims| claims.subject().to_owned()).unwrap_or_default());
    Ok(())
}

/// Asks for every field of a form.
fn fill(form: Remediation<'_>) -> Result<Answer, Box<dyn std::error::Error>> {
    println!("— {}", form.name());
    let mut answer = form.answer()?;
    for field in form.fields() {
        answer = fill_field(answer, &field)?;
    }
    Ok(answer)
}

fn fill_field(mut answer: Answer, field: &Field<'_>) -> Result<Answer, Box<dyn std::error::Error>> {
    if !field.is_visible() || !field.is_mutable() && field.value().is_some() {
        return Ok(answer);
    }
    let options: Vec<_> = field.options().collect();
    let mut nested: Vec<_> = field.fields().collect();
    if !options.is_empty() {
        for (number, option) in options.iter().enumerate() {
            println!("  {}) {}", number + 1, option.label().unwrap_or_default());
        }
        let number: usize = ask(&field.dotted_path())?.parse()?;
        let option = options.get(number.wrapping_sub(1)).ok_or("no such option")?;
        answer = answer.select(option)?;
        nested = option.fields().collect();
    } else if nested.is_empty() {
        let text = ask(&field.label().unwrap_or(field.dotted_path().into()))?;
        return Ok(match (text.as_str(), field.field_type().as_str()) {
            ("", _) => answer,
            (text, "boolean") => answer.set(field, text == "yes")?,
            (text, _) => answer.set(field, text)?,
        });
    }
    for field in nested {
        answer = fill_field(answer, &field)?;
    }
    Ok(answer)
}

fn ask(what: &str) -> Result<String, std::io::Error> {
    print!("  {what}: ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
