//! Mail: where it goes out from this desk. The password lies in the keychain and nowhere else.

use identity::{Kept, Secret};
use notifications::{Channel as _, Mail, MailSettings, Message, Password, Security, Urgency};
use words::said;

use super::{KeepMailPassword, MailDesk, SendTestMail, TestMailSent, show};
use crate::session::from_identity;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// The desk file's name for these settings, and the keychain's for the password.
const SETTING: &str = "mail";
const PASSWORD: &str = "mail-password";
/// A password has so many bytes at most.
const PASSWORD_BYTES_MAX: usize = 1024;

/// How mail goes out from this desk; without a host none does.
pub(super) fn read(app: &App) -> Result<MailDesk, Failure> {
    let kept = app.desk.setting(SETTING)?;
    // A desk file of a newer program may say it otherwise; then none goes out until it is set anew.
    let mut mail: MailDesk = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    mail.password_kept = !mail.host.is_empty() && password(app)?.is_some();
    Ok(mail)
}

/// Whether mail goes out from this desk.
pub(crate) fn is_set(desk: &cache::Desk) -> Result<bool, Failure> {
    let kept = desk.setting(SETTING)?.and_then(|text| serde_json::from_str::<MailDesk>(&text).ok());
    Ok(kept.is_some_and(|mail| !mail.host.is_empty()))
}

pub(super) fn change(app: &App, mail: &MailDesk) -> Result<(), Failure> {
    if !["here", "everybody"].contains(&mail.whom.as_str()) {
        return Err(Failure::said(Code::Usage, said!("mail-whom-unknown", whom = mail.whom.clone())));
    }
    if !mail.host.is_empty() {
        // Its own sender is a recipient that any valid setting has.
        channel(mail, &mail.from, None)?;
    }
    let kept = MailDesk { password_kept: false, ..mail.clone() };
    let text = serde_json::to_string(&kept)
        .map_err(|cause| Failure::internal("the mail settings have no JSON form", &cause))?;
    app.desk.set(SETTING, &text)?;
    Ok(())
}

/// Keeps the password of the mail account in the keychain; an empty one forgets it.
///
/// # Errors
/// [`Code::Missing`] where there is no keychain: it is kept in no file.
pub async fn keep_mail_password(app: &App, request: KeepMailPassword) -> Result<super::Settings, Failure> {
    if request.password.len() > PASSWORD_BYTES_MAX {
        return Err(Failure::said(
            Code::Usage,
            said!("mail-password-long", bytes = PASSWORD_BYTES_MAX.to_string()),
        ));
    }
    if request.password.is_empty() {
        app.keys.forget_secret(PASSWORD).map_err(|error| from_identity(&error))?;
        return show(app, Nothing {}).await;
    }
    let no_keychain = || Failure::said(Code::Missing, said!("mail-no-keychain"));
    if app.keys.kept() != Kept::Keychain {
        return Err(no_keychain());
    }
    let secret = Secret::new(request.password.into_bytes());
    if app.keys.put_secret(PASSWORD, &secret).map_err(|error| from_identity(&error))? != Kept::Keychain {
        app.keys.forget_secret(PASSWORD).map_err(|error| from_identity(&error))?;
        return Err(no_keychain());
    }
    show(app, Nothing {}).await
}

/// Sends a test message now, to the address given or to that of the member who acts.
///
/// # Errors
/// [`Code::Usage`] where nothing is set or nobody to send to is known; [`Code::Failed`] or [`Code::Denied`] with what the
/// server said.
pub async fn send_test_mail(app: &App, request: SendTestMail) -> Result<TestMailSent, Failure> {
    let mail = read(app)?;
    if mail.host.is_empty() {
        return Err(Failure::said(Code::Usage, said!("mail-no-server")));
    }
    let to = match request.to.filter(|to| !to.trim().is_empty()) {
        Some(to) => to,
        None => address_of_whoever_acts(app)?,
    };
    let words = app.words();
    let message = Message {
        title: words.say(&said!("mail-test-title")),
        body: words.say(&said!("mail-test-body")),
        link: None,
        urgency: Urgency::Low,
    };
    let channel = channel(&mail, &to, password(app)?.as_ref())?;
    let delivery = channel.deliver(&message).await.map_err(|error| {
        let code =
            if matches!(error, notifications::Error::Denied { .. }) { Code::Denied } else { Code::Failed };
        Failure::said(code, said!("mail-not-sent", why = error.to_string())).because(&error)
    })?;
    Ok(TestMailSent { to, answer: delivery.reference })
}

fn address_of_whoever_acts(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let member: governance::people::Member = session.row("members", "member", me.as_str())?;
    member.email.ok_or_else(|| Failure::said(Code::Usage, said!("mail-no-address", member = me.as_str())))
}

/// The channel to one address, with the password, if mail goes out from this desk.
pub(crate) fn to(app: &App, address: &str) -> Result<Result<Mail, Failure>, Failure> {
    let mail = read(app)?;
    let password = password(app)?;
    Ok(channel(&mail, address, password.as_ref()))
}

fn password(app: &App) -> Result<Option<Password>, Failure> {
    let secret = app.keys.secret(PASSWORD).map_err(|error| from_identity(&error))?;
    Ok(secret.and_then(|secret| std::str::from_utf8(secret.reveal()).ok().map(Password::new)))
}

fn channel(mail: &MailDesk, to: &str, password: Option<&Password>) -> Result<Mail, Failure> {
    let security = match mail.security.as_str() {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        "plain" => Security::Plain,
        other => {
            return Err(Failure::said(Code::Usage, said!("mail-security-unknown", security = other)));
        }
    };
    let settings = MailSettings {
        host: mail.host.clone(),
        port: mail.port,
        security,
        user: Some(mail.user.clone()).filter(|user| !user.is_empty()),
        from: mail.from.clone(),
        to: vec![to.to_owned()],
    };
    Mail::new(&settings, password).map_err(|error| {
        Failure::said(Code::Usage, said!("mail-unfit", why = error.to_string())).because(&error)
    })
}
