//! A sign-in in the terminal, for any policy: it draws each screen, asks for what is in it, and takes the way that is chosen.
//!
//! ```text
//! cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
//! cargo run --example sign_in -- http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
//! ```
//!
//! It holds no rule of the protocol: what is asked, what the default is and how it ended comes with the screen. The program
//! `interaction-code` does the same with hidden input, square codes and colours.

use interaction_code::{
    Call, Callback, Client, ErrorKind, Next, StartOptions,
    screen::{Ask, ChoiceElement, ChoiceOption, Does, Draft, ElementKind, Input, Part, Screen},
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [issuer, client_id, redirect_uri] = arguments.as_slice() else {
        return Err("usage: sign_in ISSUER CLIENT_ID REDIRECT_URI".into());
    };
    let call = Call::new(); // a cancel token and a deadline
    let mut flow = Client::builder(issuer, client_id, redirect_uri).build()?.start(StartOptions::default(), &call)?;
    loop {
        match flow.next(&call)? {
            Next::Step(_) => {}
            Next::Complete => break,
            Next::Ended(ending) => return Err(ending.text.text.into()),
        }
        let screen = flow.screen()?;
        let way = draw(&screen)?;
        let address = screen.ways[way].url.as_deref().unwrap_or_default();
        match screen.ways[way].does {
            Does::Wait => {} // left as it is, it is polled
            Does::Launch => println!("Open {address} on the device that has the app"),
            Does::Open => {
                println!("Open {address}");
                if let Callback::ShowCode(code) = flow.handle_callback(&ask("It ends at")?, &call)? {
                    println!("Type this code where you began: {}", code.expose());
                }
            }
            _ => {
                let mut draft = screen.draft();
                fill(&mut draft, way)?;
                match flow.take(&draft, way, &call) {
                    // Nothing was sent: the same screen comes again.
                    Err(error) if error.kind() == ErrorKind::InvalidAnswer => println!("! {error}"),
                    taken => drop(taken?),
                }
            }
        }
    }
    println!("signed in: {}", flow.finish(&call)?.claims.map(|claims| claims.subject().to_owned()).unwrap_or_default());
    Ok(())
}

/// Shows a screen, and says which way to take: by default, or as the person chooses.
fn draw(screen: &Screen) -> Result<usize> {
    println!("\n{}", screen.title.text);
    screen.notices.iter().for_each(|notice| println!("! {}", notice.text.text));
    // What belongs to another way is for when that one is taken.
    for element in screen.front().into_iter().map(|index| &screen.elements[index]) {
        match &element.kind {
            ElementKind::Input(_) | ElementKind::Choice(_) => {} // asked by `fill`
            ElementKind::Number { value } | ElementKind::Secret { grouped: value, .. } => println!("    {value}"),
            ElementKind::Waiting(waiting) if waiting.quiet => {}
            ElementKind::Requirements(all) => all.rules.iter().for_each(|rule| println!("- {}", rule.text.text)),
            _ => println!("{}", element.text.text),
        }
    }
    if let Some(way) = screen.suggested.unasked() {
        return Ok(way);
    }
    let mut ways: Vec<usize> = (0..screen.ways.len()).filter(|way| !screen.ways[*way].quiet).collect();
    ways.sort_by_key(|way| Some(*way) != screen.suggested.way);
    let labels: Vec<String> = ways.iter().map(|way| screen.ways[*way].label.text.clone()).collect();
    Ok(ways[choose("How to go on", &labels)?])
}

/// Asks for everything that a way sends.
fn fill(draft: &mut Draft<'_>, way: usize) -> Result<()> {
    let mut asked = 0;
    while let Some(part) = draft.parts(way).get(asked) {
        asked += 1;
        match part {
            Part::Choice(choice) => draft.choose(&choice.options[choose(&choice.label.text, &labels(choice))?])?,
            Part::Input(input) => give(draft, input)?,
            _ => {}
        }
    }
    Ok(())
}

fn labels(choice: &ChoiceElement) -> Vec<String> {
    let more =
        |option: &ChoiceOption| option.detail.as_ref().map(|detail| format!(", {}", detail.text)).unwrap_or_default();
    choice.options.iter().map(|option| format!("{}{}", option.label.text, more(option))).collect()
}

fn give(draft: &mut Draft<'_>, input: &Input) -> Result<()> {
    let label = &input.label.text;
    if !input.options.is_empty() {
        let labels: Vec<String> = input.options.iter().map(|option| option.label.text.clone()).collect();
        return Ok(draft.set(input, input.options[choose(label, &labels)?].value.clone())?);
    }
    let text = ask(label)?; // hide it where `input.secret`; "true" and "false" for a toggle
    if !text.is_empty() {
        draft.set(input, text)?;
    }
    if let Ask::NewPassword { confirm: Some(caption), .. } = &input.ask {
        draft.confirm(input, ask(&caption.text)?)?;
    }
    Ok(())
}

/// Which of these; the first where nothing else is typed.
fn choose(what: &str, labels: &[String]) -> Result<usize> {
    labels.iter().enumerate().for_each(|(at, label)| println!("  {}) {label}", at + 1));
    let typed = if labels.len() > 1 { ask(what)? } else { String::new() };
    Ok(typed
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1))
        .filter(|at| *at < labels.len())
        .unwrap_or(0))
}

fn ask(what: &str) -> Result<String> {
    println!("  {what}:");
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err("the input ended".into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
