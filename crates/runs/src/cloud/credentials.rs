//! Who asks. Never a key file of ours: Application Default Credentials, a command that prints a token, or a service
//! account impersonated through one of them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use crate::Error;

/// What our calls may do is decided by roles; this scope is the one the services ask for.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// A token is fetched anew this long before it ends.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// How long a token that does not say when it ends is used.
const UNSAID_LIFE: Duration = Duration::from_secs(45 * 60);

/// The longest a command may take to print a token.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// An access token. Its text shows only where it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token from its text.
    pub fn new(text: impl Into<String>) -> Token {
        Token(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where tokens come from; they are kept until shortly before they end.
#[derive(Clone, Debug)]
pub struct Credentials {
    source: Source,
    kept: Arc<Mutex<Option<Kept>>>,
}

#[derive(Clone, Debug)]
enum Source {
    Anonymous,
    Application,
    Command(Vec<String>),
    Impersonated { through: Box<Credentials>, service_account: String },
}

#[derive(Debug)]
struct Kept {
    token: Token,
    until: Instant,
}

impl Credentials {
    fn of(source: Source) -> Credentials {
        Credentials { source, kept: Arc::default() }
    }

    /// No token: the sandbox, and public buckets.
    pub fn anonymous() -> Credentials {
        Credentials::of(Source::Anonymous)
    }

    /// Application Default Credentials: a service account named by `GOOGLE_APPLICATION_CREDENTIALS`, the user's
    /// own from `gcloud auth application-default login`, the machine's metadata server, or `gcloud` itself.
    pub fn application_default() -> Credentials {
        Credentials::of(Source::Application)
    }

    /// Whatever a command prints, say `gcloud auth print-access-token`: for sign-ins that need a tool of their own.
    pub fn from_command(command: Vec<String>) -> Result<Credentials, Error> {
        if command.first().is_none_or(String::is_empty) {
            return Err(Error::invalid(
                "the sign-in command",
                "it is empty; name a program that prints a token",
            ));
        }
        Ok(Credentials::of(Source::Command(command)))
    }

    /// Acts as a service account, for which these credentials need the role
    /// `roles/iam.serviceAccountTokenCreator`.
    #[must_use]
    pub fn impersonating(self, service_account: impl Into<String>) -> Credentials {
        let service_account = service_account.into();
        Credentials::of(Source::Impersonated { through: Box::new(self), service_account })
    }

    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self.source, Source::Anonymous)
    }

    /// The token to send, if any; `renew` fetches a new one whatever is kept.
    pub(crate) async fn token(
        &self,
        http: &reqwest::Client,
        iam_credentials: &str,
        renew: bool,
    ) -> Result<Option<Token>, Error> {
        if matches!(self.source, Source::Anonymous) {
            return Ok(None);
        }
        // Held while fetching: many calls at once need one token, not many.
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref()
            && !renew
            && kept.until > Instant::now()
        {
            return Ok(Some(kept.token.clone()));
        }
        let (token, life) = match &self.source {
            Source::Anonymous => return Ok(None),
            Source::Application => application_token().await?,
            Source::Command(command) => (command_token(command).await?, UNSAID_LIFE),
            Source::Impersonated { through, service_account } => {
                let own = Box::pin(through.token(http, iam_credentials, renew)).await?;
                impersonated_token(http, iam_credentials, own, service_account).await?
            }
        };
        let until = Instant::now() + life.saturating_sub(RENEW_BEFORE);
        *kept = Some(Kept { token: token.clone(), until });
        Ok(Some(token))
    }
}

fn denied(why: String) -> Error {
    Error::Denied { what: "signing in to Google Cloud".to_owned(), why }
}

/// A sign-in that could not be asked for: nobody refused anything, and it is tried again.
fn unreachable(why: String) -> Error {
    Error::Offline { what: "signing in to Google Cloud".to_owned(), why }
}

async fn application_token() -> Result<(Token, Duration), Error> {
    let provider = gcp_auth::provider().await.map_err(|e| not_signed_in(&e))?;
    let token = provider.token(&[SCOPE]).await.map_err(|e| not_signed_in(&e))?;
    let left = token.expires_at().timestamp() - jiff::Timestamp::now().as_second();
    Ok((Token::new(token.as_str()), Duration::from_secs(u64::try_from(left).unwrap_or(0))))
}

/// What it means that there is no token: an outage passes by itself, everything else somebody has to change.
fn not_signed_in(error: &gcp_auth::Error) -> Error {
    let why = super::chain(error);
    if is_outage(error) {
        return unreachable(why);
    }
    denied(format!("{why}; sign in with `gcloud auth application-default login`"))
}

/// Whether the other side was not reached.
fn is_outage(error: &gcp_auth::Error) -> bool {
    match error {
        gcp_auth::Error::Http(..) => true,
        // Requests that could not be sent; and keys that cannot be read, which somebody has to mend.
        gcp_auth::Error::Other(_, source) => {
            !source.is::<rustls::pki_types::pem::Error>() && !source.is::<rustls::Error>()
        }
        // Asked in this order: the user's own sign-in, the metadata server, `gcloud`. That the metadata server is not
        // reached means nothing: outside of Google's machines there is none.
        gcp_auth::Error::NoAuthMethod(_gcloud, _metadata, user) => is_outage(user),
        // Among these is every answer that is not 200: the status is not told.
        gcp_auth::Error::Io(..) | gcp_auth::Error::Json(..) | gcp_auth::Error::Str(..) => false,
    }
}

async fn command_token(command: &[String]) -> Result<Token, Error> {
    let shown = command.first().map_or("", String::as_str);
    let running = tokio::process::Command::new(shown)
        .args(&command[1..])
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let answer = match tokio::time::timeout(COMMAND_TIMEOUT, running).await {
        Err(_) => {
            let why = format!("`{shown}` printed no token within {} s", COMMAND_TIMEOUT.as_secs());
            return Err(unreachable(why));
        }
        Ok(answer) => answer.map_err(|e| denied(format!("`{shown}` could not be started: {e}")))?,
    };
    let printed = String::from_utf8_lossy(&answer.stdout);
    match printed.trim() {
        token if answer.status.success() && !token.is_empty() && !token.contains(char::is_whitespace) => {
            Ok(Token::new(token))
        }
        // What it printed may be a secret; what it complained about is not.
        _ => Err(denied(format!(
            "`{shown}` printed no token: {}",
            String::from_utf8_lossy(&answer.stderr).lines().next_back().unwrap_or("it said nothing")
        ))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Generated {
    access_token: String,
    expire_time: jiff::Timestamp,
}

/// `projects.serviceAccounts.generateAccessToken` of the IAM Credentials API, v1.
async fn impersonated_token(
    http: &reqwest::Client,
    iam_credentials: &str,
    own: Option<Token>,
    service_account: &str,
) -> Result<(Token, Duration), Error> {
    let account = super::encoded(service_account);
    let url = format!("{iam_credentials}/v1/projects/-/serviceAccounts/{account}:generateAccessToken");
    let body = json!({ "scope": [SCOPE], "lifetime": "3600s" }).to_string();
    let mut request = http.post(url).header("content-type", "application/json").body(body);
    if let Some(own) = &own {
        request = request.bearer_auth(own.reveal());
    }
    let offline = |e: reqwest::Error| Error::Offline {
        what: format!("impersonating `{service_account}`"),
        why: super::chain(&e),
    };
    let response = request.send().await.map_err(offline)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(offline)?;
    if super::is_later(status) {
        return Err(Error::Offline {
            what: format!("impersonating `{service_account}`"),
            why: format!("status {status}"),
        });
    }
    if status != 200 {
        return Err(denied(format!(
            "`{service_account}` may not be impersonated (status {status}); grant it with `gcloud iam service-accounts \
             add-iam-policy-binding {service_account} --member=user:YOU --role=roles/iam.serviceAccountTokenCreator`"
        )));
    }
    let generated: Generated = serde_json::from_slice(&body)
        .map_err(|e| Error::Corrupt { what: "the answer with the token".to_owned(), why: e.to_string() })?;
    let left = generated.expire_time.as_second() - jiff::Timestamp::now().as_second();
    Ok((Token::new(generated.access_token), Duration::from_secs(u64::try_from(left).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_shows() {
        assert_eq!(format!("{:?}", Token::new("ya29.secret")), "Token(…)");
    }

    /// An outage of the sign-in failed runs that had hours behind them.
    #[test]
    fn an_outage_is_no_refusal() {
        use gcp_auth::Error as Auth;
        let broken = || std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let request = || Auth::Other("HTTP request failed", Box::new(broken()));
        let no_file = || Auth::Io("failed to open application credentials file", broken());
        let refused = || Auth::Str("token request failed");
        let no_key = || {
            let source = rustls::pki_types::pem::Error::NoItemsFound;
            Auth::Other("failed to parse PKCS#8 RSA key pair", source.into())
        };
        let none = |user: Auth| {
            let gcloud = Auth::Io("failed to run `gcloud`", broken());
            Auth::NoAuthMethod(Box::new(gcloud), Box::new(request()), Box::new(user))
        };
        for (error, passes) in [
            (request(), true),
            (refused(), false),
            (no_file(), false),
            (no_key(), false),
            (none(request()), true),
            (none(refused()), false),
            (none(no_file()), false),
        ] {
            let said = not_signed_in(&error);
            assert_eq!(said.is_transient(), passes, "{said}");
            assert!(passes || matches!(&said, Error::Denied { why, .. } if why.contains("login")), "{said}");
        }
    }

    #[tokio::test]
    async fn a_command_is_asked_once_until_the_token_is_rejected() {
        let dir = tempfile::tempdir().unwrap();
        let count = dir.path().join("count");
        let script = format!("echo x >> '{0}'; wc -l < '{0}' | tr -d ' '", count.display());
        let credentials = Credentials::from_command(vec!["sh".into(), "-c".into(), script]).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let mut seen = Vec::new();
        for renew in [false, false, true, false] {
            seen.push(credentials.token(&http, "", renew).await.unwrap().unwrap().reveal().to_owned());
        }
        assert_eq!(seen, ["1", "1", "2", "2"]);
        let silent =
            Credentials::from_command(vec!["sh".into(), "-c".into(), "echo no >&2; exit 1".into()]).unwrap();
        let error = silent.token(&http, "", false).await.unwrap_err();
        assert!(matches!(&error, Error::Denied { why, .. } if why.contains("no")), "{error}");
        assert!(Credentials::from_command(Vec::new()).is_err());
    }
}
