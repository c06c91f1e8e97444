"""What a look at a step costs, in microseconds: looks.py ISSUER CLIENT_ID REDIRECT_URI"""

import sys
import timeit

from interaction_code import Client, ClientConfig

issuer, client_id, redirect_uri = sys.argv[1:]
sign_in = Client(ClientConfig(issuer=issuer, client_id=client_id, redirect_uri=redirect_uri)).start()
sign_in.proceed(sign_in.step().answer_named("identify").setting("identifier", "ada@example.com"))
step = sign_in.proceed(sign_in.step().answer_named("challenge-authenticator").setting("credentials.passcode", "wrong"))
form = step.remediations()[0].id
looks = {
    "has_message": lambda: step.has_message("incorrectPassword"),
    "offers": lambda: step.offers("challenge-authenticator"),
    "status": step.status,
    "field": lambda: step.field(form, "credentials.passcode"),
    "user": step.user,
    "answer": lambda: step.answer(form),
    "step": sign_in.step,
    "is_complete": sign_in.is_complete,
    "screen": sign_in.screen,
}
for name, look in looks.items():
    assert look() is not None
    print(name, min(timeit.repeat(look, number=1000, repeat=7)) * 1000)
