//! Mail, by SMTP with TLS.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::message::{Channel, Delivering, Delivery, Message, Urgency};

const CHANNEL: &str = "mail";
/// How long the server may take for one command, and for the whole message.
const COMMAND_WITHIN: Duration = Duration::from_secs(20);
const DELIVER_WITHIN: Duration = Duration::from_secs(60);
/// Recipients of one message.
const RECIPIENTS_MAX: usize = 100;

/// Where mail goes out. The password is not among them: it comes from the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Name of the server.
    pub host: String,
    /// Port; 465 for TLS, 587 for STARTTLS.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// Account, if the server wants one.
    pub user: Option<String>,
    /// Sender, `Countersign <countersign@example.com>`.
    pub from: String,
    /// Recipients.
    pub to: Vec<String>,
}

/// How the connection to the mail server is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// TLS before anything is said; a server that does not offer it gets no message.
    StartTls,
    /// None. Only to this machine: a relay that runs here, or a test.
    Plain,
}

/// A password, shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Wraps a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Sends messages as mail.
#[derive(Debug)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Mail {
    /// Checks the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for an address that is none, no recipient, or plain text to another machine.
    pub fn new(settings: &MailSettings, password: Option<&Password>) -> Result<Self, Error> {
        let mailbox = |setting: &'static str, address: &str| {
            let parsed: Result<Mailbox, _> = address.parse();
            parsed.map_err(|error| Error::Unsupported {
                setting,
                why: format!("`{}` is no mail address ({error})", address.escape_debug()),
            })
        };
        let from = mailbox("from", &settings.from)?;
        let to = settings.to.iter().map(|it| mailbox("to", it)).collect::<Result<Vec<_>, _>>()?;
        if to.is_empty() || to.len() > RECIPIENTS_MAX {
            let why = format!("it needs between 1 and {RECIPIENTS_MAX} recipients, not {}", to.len());
            return Err(Error::Unsupported { setting: "to", why });
        }
        let tls = || {
            let parameters = TlsParameters::new(settings.host.clone());
            parameters.map_err(|error| Error::Unsupported { setting: "host", why: error.to_string() })
        };
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::Plain if is_this_machine(&settings.host) => Tls::None,
            Security::Plain => {
                let why = format!(
                    "`{}` is another machine, to which nothing is sent in plain text; use `tls` or `starttls`",
                    settings.host.escape_debug()
                );
                return Err(Error::Unsupported { setting: "security", why });
            }
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
            .port(settings.port)
            .tls(tls)
            .timeout(Some(COMMAND_WITHIN));
        if let (Some(user), Some(password)) = (&settings.user, password) {
            transport = transport.credentials(Credentials::new(user.clone(), password.0.clone()));
        }
        Ok(Self { transport: transport.build(), from, to })
    }

    async fn send(&self, message: &Message) -> Result<Delivery, Error> {
        let title = message.title_line();
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .subject(if message.urgency == Urgency::Critical { format!("[!] {title}") } else { title })
            .message_id(None)
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            mail = mail.to(to.clone());
        }
        let mut body = message.body_text();
        if let Some(link) = &message.link {
            body.push_str("\n\n");
            body.extend(link.chars().filter(|it| !it.is_control()));
        }
        let mail = mail.body(body).map_err(|error| Error::Rejected { why: error.to_string() })?;
        let answer = self.transport.send(mail).await.map_err(|error| told(&error))?;
        let said = answer.message().collect::<Vec<_>>().join(" ");
        Ok(Delivery { channel: CHANNEL.to_owned(), reference: format!("{} {said}", answer.code()) })
    }
}

impl Channel for Mail {
    fn name(&self) -> &'static str {
        CHANNEL
    }

    fn deliver<'a>(&'a self, message: &'a Message) -> Delivering<'a> {
        Box::pin(async move {
            match tokio::time::timeout(DELIVER_WITHIN, self.send(message)).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let why = format!("the mail server did not finish within {DELIVER_WITHIN:?}");
                    Err(Error::Offline { channel: CHANNEL, why })
                }
            }
        })
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// What the library's error means to the caller.
fn told(error: &lettre::transport::smtp::Error) -> Error {
    let mut why = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    let code = error.status().map(u16::from);
    match code {
        // 530 to 538: authentication wanted, failed or too weak (RFC 4954).
        Some(530..=538) => Error::Denied { channel: CHANNEL, why },
        Some(500..) => Error::Rejected { why },
        // A server that does not offer what the settings require will not tomorrow either.
        None if error.is_client() || error.is_tls() => Error::Denied { channel: CHANNEL, why },
        _ => Error::Offline { channel: CHANNEL, why },
    }
}
