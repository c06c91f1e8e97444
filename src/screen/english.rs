//! Every text of ours that a person reads, in English, by its key.
//!
//! A key is `area.thing.role`, and role is one of `title hint label button link note text detail`. It never gets another
//! meaning: a changed meaning is a new key, while the English under it may be polished. `{name}` is an argument: a value (a
//! name, an address, a number, a date), never a word with grammar, so that any language can put it where it wants. A text is
//! a whole sentence or a whole label; it is never joined to another, cut or nested.

/// A line for each, in the order of the keys: the key, a space and the text. One text and not a table, whose addresses would
/// weigh as much as what they lead to.
pub(super) const ENGLISH: &str = "\
activation.expired.button Send a fresh email
activation.expired.hint Ask for a fresh activation email.
activation.expired.title This link no longer works
card.tap.button Sign in with your badge
channel.email.label Link by email
channel.known.label With a device you already use
channel.qrcode.label Scan a picture
channel.same.label On this device
channel.sms.label Link by text message
check.choice.text Choose one.
check.differs.text The two entries differ.
check.email.text This does not look like an email address.
check.number.text This is not a number.
check.phone.text Start with + and the country code.
check.required.text Fill this in, please.
check.too_long.text Too long: {limit} at most.
check.too_short.text Too short: {limit} or more.
consent.admin.hint It could manage your organization:
consent.allow.button Allow
consent.app.hint It could then:
consent.app.title {app} asks for access
consent.deny.button Do not allow
consent.fixed.note Always included
consent.mail.hint Say yes only if it was you.
consent.mail.title Is this sign-in yours?
consent.mail_no.button No, stop it
consent.mail_yes.button Yes, it was me
consent.note.hint You allow this for {app} only.
consent.note_unnamed.hint You allow this for this app only.
consent.pick.hint Choose what {app} may see.
consent.pick_unnamed.hint Choose what this app may see.
consent.unnamed.title An app asks for access
device.code.hint Type the code that your device shows.
device.code.title Connect a device
device.get.link Get Okta Verify
device.grace.button Continue for now
device.grace.hint Put this right by {date} to keep your access.
device.grace.title Your device needs attention
device.launch.button Start Okta Verify
device.launch.hint Open Okta Verify and approve there.
device.probe.hint Looking for Okta Verify on this device.
ended.again.button Sign in again
ended.code_elsewhere.note Was it not you? Then close this page and tell nobody the code.
ended.code_elsewhere.title Type this code where you started
ended.declined.title You said no
ended.denied.title You do not have access
ended.device_activated.title Your device is connected
ended.device_refused.title This device is not accepted yet
ended.enroll_device.title This device must be set up first
ended.expired.title That took too long
ended.failed.title Something went wrong
ended.limited.title Too many tries
ended.link_expired.title This link or code no longer works
ended.locked.title Your account is locked
ended.mail_sent.title Look in your inbox
ended.manage_device.hint Open this address to enrol with {vendor}, then sign in again.
ended.moved.title Carry on in the other window
ended.not_allowed.title This cannot be done here
ended.nothing.title There is nothing more to do here
ended.other.title Done
ended.push_rejected.title The request was declined
ended.recovered.title Your password is changed
ended.redirect.title Continue in your browser
ended.signed_in.title You are signed in
ended.timed_out.title Nobody answered in time
ended.unavailable.title Not possible right now
ended.unlocked.title Your account is unlocked
enroll.app_add.hint In the app, add an account of your organization.
enroll.app_address.hint Sign in to this address in the app:
enroll.app_come_back.hint This screen goes on by itself.
enroll.app_get.hint Install {authenticator} on your phone.
enroll.app_get.link Get {authenticator}
enroll.app_here.title Set up {authenticator} on this device
enroll.app_known.hint Open {authenticator} on {device}, choose your account and add this device.
enroll.app_mail.hint Open the link we sent to {email} on your phone.
enroll.app_open.button Open {authenticator}
enroll.app_scan.hint Scan this picture with the app.
enroll.app_sms.hint Open the link we texted to {phone}.
enroll.badge.title Set up your badge
enroll.card.title Register your smart card
enroll.channel.title How do you want to set it up?
enroll.custom_app.hint Go on in {authenticator}.
enroll.email.title Set up your email
enroll.idp.title Connect {authenticator}
enroll.link_to.button Send the link
enroll.link_to.title Where should the setup link go?
enroll.named.title Set up {authenticator}
enroll.otp_key.hint Or type this key into the app:
enroll.passkey.button Create it now
enroll.passkey.title Create a passkey or add a security key
enroll.password.title Choose a password
enroll.phone.hint A code goes to this number. Your carrier may charge for it.
enroll.phone.title Set up your phone
enroll.pin.title Choose a PIN for your badge
enroll.promotion.hint Use your face, your fingerprint or your screen lock. Nothing to remember.
enroll.promotion.title Sign in faster next time
enroll.question.title Set up a security question
enroll.unnamed.title Set up a security method now
enroll.vip.hint Type the ID of the credential and two codes, one after the other.
enroll.yubikey.title Set up your YubiKey
error.app_setup.title Change a setting in {authenticator}
error.code.text This code is not right. Wait for the next one and type it.
error.code_used.text This code was used before. Wait for the next one.
error.expired.text Your sign-in ran out. Start again.
error.limit.text Too many tries. Wait a minute.
error.passkey.text The passkey was not accepted. Try again or use another method.
error.push.text The notification was declined or ran out.
error.server.text The service has a problem. Try again later.
error.sign_in.text That did not work. Check what you entered and try again.
error.unusable.title Not usable here
expiring.password.hint Days left: {days}
expiring.password.title Your password expires soon
expiring.today.hint It expires today.
fact.app.label App
fact.browser.label Browser
fact.place.label Place
failed.app.text This app cannot sign you in right now. Tell those who made it.
failed.busy.text One moment, please.
failed.cancelled.text Stopped.
failed.entry.text Look at what you entered.
failed.limited.text Too many tries. Wait a while, then try again.
failed.offline.text There is no connection. Look at your network, then try again.
failed.other.text Something went wrong. Try again.
failed.outage.text The service does not answer right now. Try again in a while.
failed.over.text This sign-in is over. Start again.
failed.secure.text The connection is not secure. Try another network.
failed.slow.text That took too long. Try again.
failed.untrusted.text The answer could not be trusted, so signing in was stopped. Try another network.
fastpass.form.button Use Okta Verify on this device
fastpass.form.title Sign in with Okta Verify
field.answer.label Answer
field.auto_push.label Send it without asking next time
field.captcha.label Confirm that you are a person
field.channel.label How to set it up
field.code.label Code
field.confirm.label New password, once more
field.confirm_pin.label PIN, once more
field.country.label Country
field.device_code.label Code on the device
field.email.label Email address
field.method.label How to send it
field.new_password.label New password
field.next_code.label Next code
field.other.label {path}
field.own_question.label Your own question
field.password.label Password
field.phone.label Phone number, with country code
field.pin.label PIN
field.question.label Question
field.remember.label Keep me signed in on this device
field.revoke.label Sign me out everywhere else
field.token_user.label Username of the token
field.username.label Username
field.vip_id.label Credential ID
grace.date.note Due by {date}
grace.skips.note Times you can still skip: {count}
group.now.label Needed now
group.optional.label If you like
group.soon.label Needed soon
identify.form.button Sign in
identify.form.title Sign in
legal.privacy.link Privacy notice
legal.terms.link Terms of service
notice.other.text {text}
option.address.detail {address}
option.another.note Add one more
option.email.label Email
option.fastpass.label {authenticator} on this device
option.named.detail {name}, {address}
option.nth.detail Number {n}
option.other.label {authenticator}
option.passkey.label Passkey or security key
option.phone.label Phone
option.push.label Approve in {authenticator}
option.sms.label Text message
option.totp.label Code from {authenticator}
option.voice.label Phone call
other.form.title One more step
passkey.key.button Sign in with a security key or passkey
passkey.make.link Create a passkey on this device
passkey.none.text This device cannot use passkeys here.
passkey.use.button Sign in with a passkey
picture.qr.label Square picture to scan with {authenticator}
profile.form.hint A few details are missing.
profile.form.title Complete your profile
question.listed.label Choose a question
question.own.label Write your own
recover.form.hint Tell us who you are. You then prove it in another way.
recover.form.title Reset your password
redirect.card.hint Insert the card. Your browser asks for its certificate.
redirect.card.title Sign in with your smart card
redirect.idp.hint You sign in with {provider} and then come back here.
redirect.idp.title Continue elsewhere
redirect.proof.button Go to {provider}
redirect.proof.hint {provider} checks a document or your face, then you come back here.
redirect.proof.note The terms and the privacy notice of {provider} apply.
redirect.proof.title Confirm your identity
renew.elsewhere.button Go to {site}
renew.elsewhere.hint Your password is kept by {site}. Change it there.
renew.password.hint Choose a new one to go on.
renew.password.title Your password has expired
resend.email.link Send the email again
resend.link.link Send the link again
resend.push.button Send it again
resend.push.link Send the notification again
resend.sms.link Send another text
resend.voice.link Call me again
reset.other.title Set up {authenticator} again
reset.password.title Choose a new password
rule.age.label Minutes between two changes: {limit}
rule.attribute.label Leaves out: {attribute}
rule.confirm.label Both entries are the same
rule.digit.label Digits: at least {limit}
rule.directory.label Mixes at least three of: lower case, upper case, digits, symbols
rule.exact_length.label Length: exactly {limit}
rule.first_name.label Leaves out your first name
rule.history.label Not one of your last passwords (remembered: {limit})
rule.last_name.label Leaves out your last name
rule.lower_case.label Lower-case letters: at least {limit}
rule.max_length.label Length: {limit} at most
rule.min_length.label Length: {limit} or more
rule.pin_digits.label Digits only
rule.repeat.label Same character in a row: {limit} at most
rule.symbol.label Symbols such as ! or #: at least {limit}
rule.upper_case.label Upper-case letters: at least {limit}
rule.username.label Leaves out your username
select.enroll.hint A second proof keeps other people out of your account.
select.enroll.title Set up a security method
select.recover.title How do you want to reset it?
select.verify.title How do you want to verify?
signup.form.button Create account
signup.form.title Create your account
stay.form.hint On a device of your own this saves you signing in so often.
stay.form.title Keep you signed in here?
stay.no.button No, ask each time
stay.yes.button Yes, keep me
unlock.form.hint Choose how to prove who you are.
unlock.form.title Unlock your account
usage.both.note For signing in and recovery
usage.recovery.note For recovering your account
usage.sign_in.note For signing in
verify.badge.hint Hold it against the reader.
verify.badge.title Tap your badge
verify.code.button Verify
verify.email.hint Type the code we sent to {email}.
verify.email.title Verify by email
verify.email_link.hint Or open the link in that message.
verify.email_plain.hint Type the code we sent you.
verify.email_send.button Email me a code
verify.email_send.hint We send a code to {email}.
verify.email_send_plain.hint We send a code to your email address.
verify.email_two.hint Type the code we sent to {email} and {second}.
verify.frame.hint Approve in the window of {authenticator}.
verify.frame_none.hint This device cannot show it. Use another method.
verify.idp.button Go to {authenticator}
verify.named.title Verify with {authenticator}
verify.number.hint Open the notification and choose the number shown here.
verify.number.title Pick this number on your phone
verify.passkey.button Continue with the passkey
verify.passkey.hint Your device asks for your face, fingerprint, PIN or key.
verify.passkey.title Use your passkey or security key
verify.password.title Enter your password
verify.phone.title Verify by phone
verify.phone_send.hint The number is {phone}. Your carrier may charge for it.
verify.phone_send_plain.hint We use the number of your account. Your carrier may charge for it.
verify.pin.title Enter the PIN of your badge
verify.push.button Send a notification
verify.push.hint Open the notification on your phone and approve it.
verify.push_again.hint Send a new notification when you are ready.
verify.push_again.title Nothing was approved
verify.question.title Answer your security question
verify.sms.button Text me a code
verify.sms.hint Type the code we texted to {phone}.
verify.sms_plain.hint Type the code we texted you.
verify.tac.hint Your administrator or help desk gave it to you.
verify.tac.title Enter your temporary code
verify.token.hint Type the passcode of your token.
verify.totp.hint Open the app and type the code it shows.
verify.unnamed.title Prove that it is you
verify.voice.button Call me with a code
verify.voice.hint We are calling {phone}. Type the code you hear.
verify.voice_plain.hint We are calling you. Type the code you hear.
verify.yubikey.hint Insert the key and touch it.
verify.yubikey.title Verify with your YubiKey
wait.device.title Checking this device
wait.server.hint The service is being looked after. We keep trying.
wait.server.title Just a moment
way.back.link Go back to sign-in
way.cancel.link Start over
way.card.button Use a smart card
way.channel.link Set it up in a different way
way.continue.button Continue
way.forgot_password.link Forgot your password?
way.forgot_pin.link Forgot your PIN?
way.idp.button Continue with {provider}
way.idp_unnamed.button Continue with your company account
way.later.button Ask me later
way.list.link Set up something else
way.next.button Next
way.other.link Use another method
way.poll.link Check again
way.recover.link I cannot use this
way.save.button Save
way.send.link Send a link to my device
way.signup.link Create an account
way.skip.button Not now
way.stop.link Stop waiting
way.unlock.link Unlock your account
";
