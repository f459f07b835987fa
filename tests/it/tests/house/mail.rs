//! Notices by mail: once each, to members who have an address, tried again within one budget, with what came of it kept.

use std::sync::{Arc, Mutex};

use app::Code;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{Desk, PROJECT, text};

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

/// A letter to an address of a member and one of nobody, and a notice that is to go by mail, too.
const TELLS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
    <process id="tells" name="Tells" isExecutable="true"><startEvent id="s"/>
    <serviceTask id="letter" name="Letter" flowable:delegateExpression="${mailTask}"><extensionElements>
    <flowable:field name="to" stringValue="Mia@example.com, somebody@elsewhere.example"/><flowable:field name="subject" stringValue="By letter"/>
    <flowable:field name="message" stringValue="Please look"/></extensionElements></serviceTask>
    <serviceTask id="notice" name="Notice" flowable:delegateExpression="${notificationTask}"><extensionElements>
    <flowable:field name="userIds" stringValue="ghost"/><flowable:field name="templateName" stringValue="By notice"/>
    <flowable:field name="mail" stringValue="true"/></extensionElements></serviceTask>
    <userTask id="t" name="Wait" flowable:candidateUsers="ivo"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="letter"/>
    <sequenceFlow id="f2" sourceRef="letter" targetRef="notice"/><sequenceFlow id="f3" sourceRef="notice" targetRef="t"/>
    <sequenceFlow id="f4" sourceRef="t" targetRef="e"/></process></definitions>"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_sends_reaches_members_by_name_or_address_and_by_mail_where_it_says_so() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    // Her own desk is elsewhere: this one sends her no mail by itself.
    desk.ok("people.add_member", json!({"name": "mia", "roles": ["manager"], "email": "mia@example.com"}))
        .await;
    let (sink, port) = Sink::start(0).await;
    set_mail(&desk, port).await;
    // What was posted before a desk looked for the first time is not delivered there.
    desk.settle().await;
    let page = desk.ok("workflow.import_definition", json!({"xml": TELLS})).await;
    let id = page["definition"]["id"].clone();
    assert_eq!(page["definition"]["startable"], true, "who is only told need mean nobody: {page:#}");
    let warned: Vec<(String, bool)> = page["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["code"] == "recipient-unknown")
        .map(|row| (text(&row["element"]), text(&row["message"]).contains("Mia@")))
        .collect();
    assert_eq!(warned, [("notice".to_owned(), false), ("letter".to_owned(), false)], "{page:#}");
    let told: Vec<(String, bool, Value)> = page["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["name"]), row["told"] == true, row["member"].clone()))
        .collect();
    let expected = [
        ("Mia@example.com", true, json!("mia")),
        ("ghost", true, Value::Null),
        ("ivo", false, json!("ivo")),
        ("somebody@elsewhere.example", true, Value::Null),
    ];
    assert_eq!(told, expected.map(|(name, told, member)| (name.to_owned(), told, member)));

    desk.act_as("ana").await;
    let start = json!({"definition": id, "project": PROJECT});
    desk.ok("workflow.start", start.clone()).await;
    desk.settle().await;
    let taken = sink.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert!(taken[0].contains("To: mia@example.com") && taken[0].contains("By letter"), "{}", taken[0]);
    let notices = desk.ok("notices.list", json!({})).await;
    let instead = notices["rows"].as_array().unwrap().iter().find(|row| row["title"] == "By notice").unwrap();
    assert!(
        text(&instead["body"]).contains("ghost"),
        "whoever started it hears whom it was for: {instead:#}"
    );

    desk.act_as("ada").await;
    let ghost = json!({"kind": "user", "name": "ghost", "member": "mia"});
    desk.ok("workflow.bind", json!({"definition": id, "parties": [ghost]})).await;
    desk.act_as("ana").await;
    desk.ok("workflow.start", start).await;
    desk.settle().await;
    let taken = sink.taken();
    assert_eq!(taken.len(), 3, "{taken:?}");
    assert!(taken.iter().any(|mail| mail.contains("By notice") && mail.contains("To: mia@example.com")));
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
