//! Mail: where it goes out from this desk. The password lies in the keychain and nowhere else.

use identity::{Kept, Secret};
use notifications::{Channel as _, Mail, MailSettings, Message, Password, Security, Urgency};

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

pub(super) fn change(app: &App, mail: &MailDesk) -> Result<(), Failure> {
    if !["here", "everybody"].contains(&mail.whom.as_str()) {
        return Err(Failure::new(
            Code::Usage,
            format!("`{}` says not whom this desk mails", mail.whom),
            "Use `here` for members whose key lies on this desk, or `everybody` (at one desk only).",
        ));
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
        return Err(Failure::new(
            Code::Usage,
            format!("the password is longer than {PASSWORD_BYTES_MAX} bytes"),
            "Give the password alone.",
        ));
    }
    if request.password.is_empty() {
        app.keys.forget_secret(PASSWORD).map_err(|error| from_identity(&error))?;
        return show(app, Nothing {}).await;
    }
    let no_keychain = || {
        Failure::new(
            Code::Missing,
            "there is no keychain at this desk, and the mail password is kept nowhere else",
            "Start a desktop session with a keychain, or use a mail relay on this machine that asks for none.",
        )
    };
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
        return Err(Failure::new(Code::Usage, "no mail server is set", "Set one in the settings first."));
    }
    let to = match request.to.filter(|to| !to.trim().is_empty()) {
        Some(to) => to,
        None => address_of_whoever_acts(app)?,
    };
    let message = Message {
        title: "Countersign can send mail from this desk".to_owned(),
        body: "This is the test message that was asked for in the settings.".to_owned(),
        link: None,
        urgency: Urgency::Low,
    };
    let channel = channel(&mail, &to, password(app)?.as_ref())?;
    let delivery = channel.deliver(&message).await.map_err(|error| {
        let code =
            if matches!(error, notifications::Error::Denied { .. }) { Code::Denied } else { Code::Failed };
        Failure::new(code, error.to_string(), "Correct the mail settings and send the test message again.")
            .because(&error)
    })?;
    Ok(TestMailSent { to, answer: delivery.reference })
}

fn address_of_whoever_acts(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let member: governance::people::Member = session.row("members", "member", me.as_str())?;
    member.email.ok_or_else(|| {
        Failure::new(
            Code::Usage,
            format!("`{me}` has no mail address"),
            "Name an address to send the test message to.",
        )
    })
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
            return Err(Failure::new(
                Code::Usage,
                format!("`{other}` is no way to secure a connection"),
                "Use `tls`, `starttls`, or `plain` (to this machine only).",
            ));
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
        Failure::new(Code::Usage, error.to_string(), "Correct the mail settings.").because(&error)
    })
}
