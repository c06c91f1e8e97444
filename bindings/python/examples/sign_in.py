"""A sign-in in the terminal, in the pull style: the program looks at each step and answers it.

    cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
    python3 sign_in.py http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback

It asks for whatever the server asks, by wire names, so it also answers steps that nobody thought of. A program for
people hides what is typed (`getpass`) where `field.is_secret`.
"""

import sys

from interaction_code import Answer, Client, ClientConfig, Field, JsonValue, Remediation, SignInError


def main() -> None:
    if len(sys.argv) != 4:
        sys.exit("usage: sign_in.py ISSUER CLIENT_ID REDIRECT_URI")
    issuer, client_id, redirect_uri = sys.argv[1:]
    client = Client(ClientConfig(issuer=issuer, client_id=client_id, redirect_uri=redirect_uri))
    sign_in = client.start()
    while not sign_in.is_complete():
        step = sign_in.step()
        for message in step.messages:
            print(f"! {message.text}")
        form = next((each for each in step.remediations if each.is_form), None)
        if form is None:
            sys.exit("the sign-in ended without tokens")
        if form.is_pollable:
            number = step.number_challenge
            print(f"waiting … {f'choose {number} in your app' if number else ''}", flush=True)
            sign_in.poll()
        else:
            sign_in.proceed(fill(form))
    print(f"signed in: {sign_in.finish().subject}")


def fill(form: Remediation) -> Answer:
    """Asks for every field of a form."""
    print(f"— {form.name}")
    answer = form.answer()
    for field in form.fields:
        answer = fill_field(answer, field)
    return answer


def fill_field(answer: Answer, field: Field) -> Answer:
    if not field.is_visible or (not field.is_mutable and field.value is not None):
        return answer
    nested = field.fields
    if field.options:
        for number, option in enumerate(field.options, start=1):
            print(f"  {number}) {option.label or ''}")
        option = field.options[int(ask(field.path)) - 1]
        answer, nested = answer.choosing(option.id), option.fields
    elif not nested:
        text = ask(field.label or field.path)
        if not text:
            return answer
        if field.field_type.is_boolean():
            return answer.setting_field(field.id, JsonValue.BOOLEAN(text == "yes"))
        return answer.setting_field(field.id, JsonValue.TEXT(text))
    for each in nested:
        answer = fill_field(answer, each)
    return answer


def ask(what: str) -> str:
    print(f"  {what}: ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit("the input is at its end")
    return line.rstrip("\r\n")


if __name__ == "__main__":
    try:
        main()
    except SignInError as error:
        sys.exit(f"{type(error).__name__}: {error}")
