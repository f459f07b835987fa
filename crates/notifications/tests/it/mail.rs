//! The mail channel against a mail server of the test's own, on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use notifications::{Channel, Error, Mail, MailSettings, Password, Security};

use crate::conformance::{self, Arrived, message};

/// A mail server that keeps what it gets (RFC 5321, as much as a sender uses).
struct Server {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

/// What the server answers to a command instead of accepting it.
type Answer = fn(&str) -> Option<&'static str>;

impl Server {
    fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&mails);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || converse(connection.unwrap(), answer, &kept));
            }
        });
        Self { port, mails }
    }

    fn count(&self) -> usize {
        self.mails.lock().unwrap().len()
    }
}

/// One conversation, until either side leaves.
fn converse(mut stream: TcpStream, answer: Answer, mails: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut say = move |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 test")?;
    loop {
        let command = lines.next()?.ok()?;
        if let Some(refusal) = answer(&command) {
            say(refusal)?;
            continue;
        }
        match command.split([' ', ':']).next()?.to_ascii_uppercase().as_str() {
            "EHLO" => say("250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN")?,
            "DATA" => {
                say("354 go on")?;
                let mut mail = String::new();
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    mail.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.push('\n');
                }
                mails.lock().unwrap().push(mail);
                say("250 2.0.0 kept as 1")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return None;
            }
            "AUTH" => say("235 welcome")?,
            _ => say("250 ok")?,
        };
    }
}

fn accepts_all(_: &str) -> Option<&'static str> {
    None
}

fn settings(port: u16) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        user: None,
        from: "Countersign <countersign@example.com>".to_owned(),
        to: vec!["Ana Souza <ana@example.com>".to_owned(), "rui@example.com".to_owned()],
    }
}

/// Title and body of a mail, read by Python's own parser.
fn parsed(mail: &str) -> Arrived {
    use std::process::{Command, Stdio};
    let script = "import sys, email, email.policy, json\n\
                  m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
                  assert m['Message-ID'] and m['Date'] and len(m['To'].addresses) == 2, m\n\
                  print(json.dumps([m['Subject'], m.get_content()]))";
    let mut python = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`python3` is needed for this test; install it with `sudo apt install python3`");
    python.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let [title, body]: [String; 2] = serde_json::from_slice(&output.stdout).unwrap();
    Arrived { title, body }
}

#[tokio::test]
async fn what_is_delivered_arrives_and_can_be_read() {
    let server = Server::start(accepts_all);
    let mail = Mail::new(&settings(server.port), None).unwrap();
    conformance::delivers(&mail, || parsed(server.mails.lock().unwrap().last().unwrap())).await;
    assert_eq!(server.count(), 4);
    let read = parsed(&server.mails.lock().unwrap()[0]);
    assert!(read.body.ends_with("\n\ncountersign://runs/01J\n"), "{read:?}");
}

#[tokio::test]
async fn without_a_server_it_is_offline() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    conformance::tells_that_nobody_is_there(&Mail::new(&settings(port), None).unwrap()).await;
}

#[tokio::test]
async fn what_the_server_says_tells_what_to_do() {
    type Row = (Answer, bool, fn(&Error) -> bool);
    let rows: [Row; 4] = [
        (
            |it| it.starts_with("AUTH").then_some("535 5.7.8 bad credentials"),
            true,
            |it| matches!(it, Error::Denied { .. }),
        ),
        (
            |it| it.starts_with("RCPT").then_some("550 5.1.1 no such person"),
            false,
            |it| matches!(it, Error::Rejected { .. }),
        ),
        (|it| it.starts_with("MAIL").then_some("451 4.3.0 later"), false, Error::is_worth_retrying),
        (|it| it.starts_with("MAIL").then_some("421 4.3.2 closing"), false, Error::is_worth_retrying),
    ];
    for (answer, with_account, is) in rows {
        let server = Server::start(answer);
        let mut settings = settings(server.port);
        settings.user = with_account.then(|| "ana".to_owned());
        let mail = Mail::new(&settings, Some(&Password::new("wrong"))).unwrap();
        let error = mail.deliver(&message("a", "b")).await.unwrap_err();
        assert!(is(&error), "{error:?}");
        assert_eq!(server.count(), 0);
    }
}

#[tokio::test]
async fn a_server_without_tls_gets_no_message_where_tls_is_wanted() {
    for security in [Security::StartTls, Security::Tls] {
        let server = Server::start(accepts_all);
        let settings = MailSettings { security, user: Some("ana".to_owned()), ..settings(server.port) };
        let mail = Mail::new(&settings, Some(&Password::new("Orion"))).unwrap();
        let error = mail.deliver(&message("a", "b")).await.unwrap_err();
        assert!(!matches!(error, Error::Rejected { .. }), "{error:?}");
        assert_eq!(server.count(), 0);
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let sound = settings(25);
    let rows: [(MailSettings, &str); 5] = [
        (MailSettings { host: "mail.example.com".to_owned(), ..sound.clone() }, "security"),
        (MailSettings { host: "10.0.0.8".to_owned(), ..sound.clone() }, "security"),
        (MailSettings { from: "nobody".to_owned(), ..sound.clone() }, "from"),
        (
            MailSettings { to: vec!["a@example.com\r\nBcc: all@example.com".to_owned()], ..sound.clone() },
            "to",
        ),
        (MailSettings { to: Vec::new(), ..sound.clone() }, "to"),
    ];
    for (settings, name) in rows {
        match Mail::new(&settings, None) {
            Err(Error::Unsupported { setting, .. }) => assert_eq!(setting, name),
            other => panic!("{settings:?}: {other:?}"),
        }
    }
    for host in ["localhost", "127.0.0.1", "::1"] {
        Mail::new(&MailSettings { host: host.to_owned(), ..sound.clone() }, None).unwrap();
    }
    assert_eq!(format!("{:?}", Password::new("Orion")), "Password(…)");
}
