//! Settings of this desk in a terminal.

use std::io::Read as _;

use app::{Code, Failure};
use clap::Subcommand;
use serde_json::{Value, json};
use words::said;

use crate::desk::Desk;
use crate::output::{Answer, Reader};

/// A password has so many bytes at most; what is piped in beyond that is no password.
const PASSWORD_BYTES_MAX: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The settings of this desk
    Show,
    /// Where mail goes out from this desk: only what is named changes
    Mail {
        /// Name of the mail server; `--off` sends no mail any more
        #[arg(long)]
        host: Option<String>,
        /// 465 for TLS, 587 for STARTTLS
        #[arg(long)]
        port: Option<u16>,
        /// `tls`, `starttls`, or `plain` (to this machine only)
        #[arg(long)]
        security: Option<String>,
        /// Account, if the server wants one
        #[arg(long)]
        user: Option<String>,
        /// Sender, for example `Countersign <countersign@example.com>`
        #[arg(long)]
        from: Option<String>,
        /// Whom this desk mails: `here`, members whose key lies on it, or `everybody` (at one desk only)
        #[arg(long)]
        whom: Option<String>,
        /// Send no mail from this desk
        #[arg(long, conflicts_with = "host")]
        off: bool,
    },
    /// Keep the password of the mail account, read from standard input, in the keychain; an empty one forgets it
    MailPassword,
    /// Send a test message now
    TestMail {
        /// To whom; to the member who acts if absent
        #[arg(long)]
        to: Option<String>,
    },
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Show => {
                let settings = desk.call("settings.show", json!({}))?;
                let text = described(desk.reader(), &settings);
                Ok(Answer::new(settings, text))
            }
            Self::Mail { host, port, security, user, from, whom, off } => {
                let mut settings = desk.call("settings.show", json!({}))?;
                let mail = &mut settings["mail"];
                for (name, value) in [
                    ("host", host.map(Value::from)),
                    ("port", port.map(Value::from)),
                    ("security", security.map(Value::from)),
                    ("user", user.map(Value::from)),
                    ("from", from.map(Value::from)),
                    ("whom", whom.map(Value::from)),
                    ("host", off.then(|| Value::from(""))),
                ] {
                    if let Some(value) = value {
                        mail[name] = value;
                    }
                }
                let settings = desk.call("settings.change", settings)?;
                let text = described(desk.reader(), &settings);
                Ok(Answer::new(settings, text))
            }
            Self::MailPassword => {
                let mut password = String::new();
                std::io::stdin().take(PASSWORD_BYTES_MAX).read_to_string(&mut password).map_err(|error| {
                    Failure::said(Code::Usage, said!("password-unreadable")).because(&error)
                })?;
                let password = password.trim_end_matches(['\r', '\n']);
                let settings = desk.call("settings.keep_mail_password", json!({ "password": password }))?;
                let kept = settings["mail"]["password_kept"] == true;
                Ok(Answer::new(
                    settings,
                    desk.reader().word(if kept { "said-password-kept" } else { "said-password-forgotten" }),
                ))
            }
            Self::TestMail { to } => {
                let mut request = json!({});
                if let Some(to) = to {
                    request["to"] = to.into();
                }
                let sent = desk.call("settings.send_test_mail", request)?;
                let text = desk
                    .reader()
                    .facts(&sent, &[("label-sent-to", "to"), ("label-the-server-said", "answer")]);
                Ok(Answer::new(sent, text))
            }
        }
    }
}

fn described(reader: Reader, settings: &Value) -> String {
    reader.facts(
        settings,
        &[
            ("label-theme", "theme"),
            ("label-language", "language"),
            ("label-desktop-notices", "desktop_notices"),
            ("label-folder-buckets", "buckets"),
            ("label-mail-server", "mail/host"),
            ("label-port", "mail/port"),
            ("label-security", "mail/security"),
            ("label-account", "mail/user"),
            ("label-sender", "mail/from"),
            ("label-mails", "mail/whom"),
            ("label-password-kept", "mail/password_kept"),
        ],
    )
}
