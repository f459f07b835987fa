//! Notices by mail: once each, to members who have an address, tried again within one budget, with what came of it kept.

use std::sync::{Arc, Mutex};

use app::Code;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{Desk, text};

/// A mail server on loopback that takes everything, but for the first recipients it is told to put off.
#[derive(Clone, Default)]
struct Sink {
    taken: Arc<Mutex<Vec<String>>>,
    put_off: Arc<Mutex<u32>>,
}

impl Sink {
    async fn start(put_off: u32) -> (Self, u16) {
        let sink = Self { put_off: Arc::new(Mutex::new(put_off)), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        (sink, port)
    }

    async fn serve(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut mail: Option<String> = None;
        if write.write_all(b"220 sink\r\n").await.is_err() {
            return;
        }
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(text) = &mut mail {
                if line == "." {
                    self.taken.lock().unwrap().push(std::mem::take(text));
                    mail = None;
                } else {
                    text.push_str(&line);
                    text.push('\n');
                    continue;
                }
            }
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "RCPT" if self.puts_off() => "451 later\r\n",
                "DATA" => {
                    mail = Some(String::new());
                    "354 go on\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ => "250 taken\r\n",
            };
            if write.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn puts_off(&self) -> bool {
        let mut left = self.put_off.lock().unwrap();
        let put_off = *left > 0;
        *left = left.saturating_sub(1);
        put_off
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

async fn set_mail(desk: &Desk, port: u16) -> Value {
    let mut settings = desk.ok("settings.show", json!({})).await;
    settings["mail"] = json!({
        "host": "127.0.0.1", "port": port, "security": "plain", "user": "", "whom": "here",
        "from": "Countersign <desk@example.com>",
    });
    desk.ok("settings.change", settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_out_by_mail_once_and_again_only_when_the_server_put_it_off() {
    let (desk, instance) = Desk::started().await;
    desk.act_as("ada").await;
    for (name, email) in [("mia", Some("mia@example.com")), ("max", None)] {
        let mut member = json!({"name": name, "roles": ["data-scientist"], "key_here": true});
        if let Some(email) = email {
            member["email"] = json!(email);
        }
        desk.ok("people.add_member", member).await;
    }
    let (sink, port) = Sink::start(1).await;
    set_mail(&desk, port).await;
    desk.decide(&instance, false).await;
    desk.settle().await;
    desk.settle().await;
    let taken = sink.taken();
    assert_eq!(taken.len(), 1, "put off once, then taken, and never again: {taken:?}");
    assert!(taken[0].contains("To: mia@example.com"), "{}", taken[0]);
    assert!(taken[0].contains("not approved"), "{}", taken[0]);

    desk.act_as("mia").await;
    let notices = desk.ok("notices.list", json!({})).await;
    let told =
        notices["rows"].as_array().unwrap().iter().find(|row| text(&row["title"]).contains("not approved"));
    assert_eq!(told.unwrap()["deliveries"][0]["channel"], "mail");
    assert_eq!(told.unwrap()["deliveries"][0]["result"], "delivered");
    desk.act_as("max").await;
    let notices = desk.ok("notices.list", json!({})).await;
    assert_eq!(notices["rows"][0]["deliveries"], json!([]), "nobody mails who has no address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_is_sent_now_and_says_what_the_server_said() {
    let desk = Desk::founded().await;
    let unset = desk.refused("settings.send_test_mail", json!({"to": "ada@example.com"})).await;
    assert_eq!(unset.code, Code::Usage, "{unset}");
    let (sink, port) = Sink::start(0).await;
    let settings = set_mail(&desk, port).await;
    assert_eq!(settings["mail"]["port"], port);
    assert_eq!(settings["mail"]["password_kept"], false);
    let nobody = desk.refused("settings.send_test_mail", json!({})).await;
    assert!(nobody.message.contains("`ada` has no mail address"), "{nobody}");
    let sent = desk.ok("settings.send_test_mail", json!({"to": "ada@example.com"})).await;
    assert!(text(&sent["answer"]).starts_with("250"), "{sent}");
    assert_eq!(sink.taken().len(), 1);
    // A server that is not there: its name and what to do, and nothing is kept of it.
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    set_mail(&desk, port).await;
    let gone = desk.refused("settings.send_test_mail", json!({"to": "ada@example.com"})).await;
    assert_eq!(gone.code, Code::Failed, "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_lies_in_a_keychain_or_nowhere_and_mail_settings_that_cannot_work_are_refused() {
    let desk = Desk::founded().await;
    // The keys of these stories lie in files: there is no keychain.
    let refused = desk.refused("settings.keep_mail_password", json!({"password": "hunter2"})).await;
    assert_eq!(refused.code, Code::Missing, "{refused}");
    let kept = crate::desk::contents(&desk.home());
    assert!(
        kept.values().all(|bytes| !bytes.windows(7).any(|window| window == b"hunter2")),
        "the password is in no file"
    );
    let before = desk.ok("settings.show", json!({})).await;
    for (field, value) in [
        ("security", json!("plain")),
        ("security", json!("none")),
        ("from", json!("nobody")),
        ("whom", json!("the world")),
    ] {
        let mut settings = before.clone();
        settings["mail"] = json!({
            "host": "smtp.example.com", "port": 465, "security": "tls", "user": "", "whom": "here", "from": "a@example.com",
        });
        settings["mail"][field] = value.clone();
        let failure = desk.refused("settings.change", settings).await;
        assert_eq!(failure.code, Code::Usage, "{field} {value}: {failure}");
        assert_eq!(desk.ok("settings.show", json!({})).await, before, "{field} {value}");
    }
}
