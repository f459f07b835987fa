//! The door to another system: what it lets through, what it does not, and servers that mean no good.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use runs::Error;
use runs::calls::{Answer, Call, Credential, Door, Reach};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that gives each request the next of its answers, byte for byte, and keeps what it was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn with(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut held = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 64 << 10];
                let read = stream.read(&mut request).await.unwrap();
                heard.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).into_owned());
                // A server that hangs up early is one of the things that are tried.
                let _ =
                    stream.write_all(answer.replace("PORT", &address.port().to_string()).as_bytes()).await;
                if answer.is_empty() {
                    held.push(stream);
                }
            }
            // What was left unanswered stays unanswered, and is not hung up on.
            if !held.is_empty() {
                std::future::pending::<()>().await;
            }
        });
        Self { address, asked }
    }

    fn base(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn door(base: &str, reach: Reach) -> Result<Door, Error> {
    let methods: BTreeSet<String> = ["GET", "POST"].map(str::to_owned).into();
    Door::new(base, &methods, 1, 1000, reach)
}

fn get(url: &str) -> Call {
    Call { method: "GET".into(), url: url.into(), ..Call::default() }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn sent_on(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[test]
fn a_door_is_a_host_and_a_path_and_nothing_inside_unless_it_says_so() {
    for base in [
        "nonsense",
        "ftp://example.com/",
        "http://example.com/",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://example.com/?a=b",
        "https://example.com/#a",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/",
        "https://[fd12::1]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://255.255.255.255/",
        "https://224.0.0.1/",
    ] {
        assert!(matches!(door(base, Reach::Public), Err(Error::Invalid { .. })), "{base}");
    }
    // The machine's own credentials lie behind these: to say "private" is not enough.
    for base in
        ["http://169.254.169.254/", "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://100.100.100.200/"]
    {
        assert!(matches!(door(base, Reach::Private), Err(Error::Invalid { .. })), "{base}");
        assert!(door(base, Reach::Anywhere).is_ok(), "{base}");
    }
    for base in ["http://127.0.0.1:1/", "http://10.1.2.3/api", "http://[::1]:8080/"] {
        assert!(door(base, Reach::Private).is_ok(), "{base}");
    }
    assert!(door("https://93.184.216.34/", Reach::Public).is_ok());
    let methods: BTreeSet<String> = ["TRACE".to_owned()].into();
    assert!(Door::new("https://example.com/", &methods, 1, 1, Reach::Public).is_err());
    let methods: BTreeSet<String> = ["GET".to_owned()].into();
    for (timeout_s, bytes) in [(0, 1), (301, 1), (1, 0), (1, u32::MAX)] {
        assert!(Door::new("https://example.com/", &methods, timeout_s, bytes, Reach::Public).is_err());
    }
    assert!(Door::new("https://example.com/", &BTreeSet::new(), 1, 1, Reach::Public).is_err());
}

#[test]
fn an_address_stays_below_the_door() {
    let door = door("https://models.example.com/api", Reach::Public).unwrap();
    for (written, meant) in [
        ("/api", "/api"),
        ("/api/projects?name=a%2Fb", "/api/projects?name=a%2Fb"),
        ("/api/a%2Fb", "/api/a%2Fb"),
        ("https://models.example.com/api/x#y", "/api/x"),
        ("https://MODELS.example.com:443/api/x", "/api/x"),
    ] {
        assert_eq!(
            door.address(written).unwrap().as_str(),
            format!("https://models.example.com{meant}"),
            "{written}"
        );
    }
    for written in [
        "/apix",
        "/other",
        "/api/../other",
        "/api/%2e%2e/other",
        "/api/..%2fother",
        "/api/%252e%252e%252fother",
        "/api/..;/other",
        "//elsewhere.example.com/api",
        "https://elsewhere.example.com/api",
        "https://models.example.com.elsewhere.com/api",
        "https://models.example.com@elsewhere.com/api",
        "https://someone@models.example.com/api",
        "http://models.example.com/api",
        "https://models.example.com:8443/api",
        "file:///api",
    ] {
        assert!(matches!(door.address(written), Err(Error::Denied { .. })), "{written}");
    }
    for written in ["/api/\\elsewhere", "/api/a\r\nhost: x", " /api", "/api\t/x", "https://[/api"] {
        assert!(matches!(door.address(written), Err(Error::Invalid { .. })), "{written:?}");
    }
}

#[tokio::test]
async fn a_call_carries_its_key_and_its_credential_and_reads_the_answer() {
    let server = Server::with(vec![ok("{\"id\": 7}")]).await;
    let door = door(&server.base("/api"), Reach::Private).unwrap();
    let call = Call {
        method: "POST".into(),
        url: "/api/jobs".into(),
        headers: [("X-Kind".to_owned(), "a".to_owned())].into(),
        body: Some("{}".into()),
        idempotency_key: "i/größe/1".into(),
    };
    let credential = Credential { header: "Authorization".into(), value: b"Bearer hidden".to_vec() };
    assert!(!format!("{credential:?}").contains("hidden"));
    let answer = door.call(&call, Some(&credential)).await.unwrap();
    assert_eq!(answer, Answer { status: 200, body: "{\"id\": 7}".into() });
    let asked = server.asked.lock().unwrap()[0].to_lowercase();
    for line in [
        "post /api/jobs http/1.1",
        "authorization: bearer hidden",
        "x-kind: a",
        "idempotency-key: i/gr%c3%b6%c3%9fe/1",
    ] {
        assert!(asked.contains(line), "{line}: {asked}");
    }
}

#[tokio::test]
async fn what_the_door_does_not_allow_is_not_even_sent() {
    let server = Server::with(vec![ok("never")]).await;
    let open = door(&server.base("/api"), Reach::Private).unwrap();
    let with = |name: &str, value: &str| Call {
        headers: [(name.to_owned(), value.to_owned())].into(),
        ..get("/api")
    };
    let credential = Credential { header: "authorization".into(), value: b"x".to_vec() };
    for call in [
        Call { method: "DELETE".into(), ..get("/api") },
        Call { method: "get".into(), ..get("/api") },
        get("/elsewhere"),
        with("Host", "elsewhere"),
        with("Content-Length", "0"),
        with("Transfer-Encoding", "chunked"),
        with("Metadata-Flavor", "Google"),
        with("Authorization", "mine"),
    ] {
        let refused = open.call(&call, Some(&credential)).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{call:?}: {refused:?}");
    }
    for call in [
        with("X-A", "a\r\nX-B: b"),
        with("X A", "a"),
        Call { body: Some("x".repeat(9 << 20)), method: "POST".into(), ..get("/api") },
    ] {
        assert!(matches!(open.call(&call, None).await, Err(Error::Invalid { .. })), "{:?}", call.headers);
    }
    // A public door does not lead to this machine, whatever the name says.
    let methods: BTreeSet<String> = ["GET".to_owned()].into();
    let public = Door::new("https://localhost/api", &methods, 5, 1000, Reach::Public).unwrap();
    let refused = public.call(&get("/api"), None).await;
    assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
    assert!(server.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_the_call_goes_to_what_was_looked_at() {
    let server = Server::with(vec![ok("pinned")]).await;
    let port = server.address.port();
    let private = door(&format!("http://models.example:{port}/"), Reach::Private).unwrap();
    let looked = Mutex::new(0);
    let answer = private
        .call_by(&get("/x"), None, async |host: String, asked: u16| {
            *looked.lock().unwrap() += 1;
            assert_eq!((host.as_str(), asked), ("models.example", port));
            Ok(vec![server.address])
        })
        .await
        .unwrap();
    assert_eq!((answer.body.as_str(), *looked.lock().unwrap()), ("pinned", 1));
    assert!(server.asked.lock().unwrap()[0].to_lowercase().contains(&format!("host: models.example:{port}")));

    // One bad address among good ones is enough to refuse: the other end chooses the order.
    let methods: BTreeSet<String> = ["GET".to_owned()].into();
    let public = Door::new("https://models.example/", &methods, 5, 1000, Reach::Public).unwrap();
    for bad in ["127.0.0.1:443", "169.254.169.254:443", "[::1]:443", "10.0.0.9:443"] {
        let refused = public
            .call_by(&get("/x"), None, async |_, _| {
                Ok(vec!["93.184.216.34:443".parse().unwrap(), bad.parse().unwrap()])
            })
            .await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{bad}: {refused:?}");
    }
    let nowhere = public.call_by(&get("/x"), None, async |_, _| Ok(Vec::new())).await;
    assert!(matches!(nowhere, Err(Error::Offline { .. })), "{nowhere:?}");
}

#[tokio::test]
async fn servers_that_mean_no_good_get_nowhere() {
    let elsewhere = Server::with(vec![ok("stolen")]).await;
    let there = elsewhere.base("/api/x");
    let long =
        format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\nconnection: close\r\n\r\n{}", "x".repeat(5000));
    let chunks = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{}0\r\n\r\n",
        format!("1f4\r\n{}\r\n", "y".repeat(500)).repeat(5)
    );
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\nconnection: close\r\n\r\nhalf".to_owned();
    type Row<'a> = (Vec<String>, Result<(u16, &'a str), &'a str>);
    let rows: Vec<Row<'_>> = vec![
        (vec![sent_on("/api/y"), ok("inside")], Ok((200, "inside"))),
        (vec![sent_on("y"), ok("beside")], Ok((200, "beside"))),
        (vec![sent_on(&there)], Err("leads to")),
        (vec![sent_on("http://169.254.169.254/latest/meta-data/")], Err("leads to")),
        (vec![sent_on("/other")], Err("below")),
        (vec![sent_on("/api/%2e%2e/other")], Err("below")),
        (vec![sent_on("file:///etc/passwd")], Err("leads to")),
        (vec![sent_on("/api/x"); 7], Err("more than 5 times")),
        (vec![long], Err("larger than the 1000 bytes")),
        (vec![chunks], Err("larger than the 1000 bytes")),
        (vec![short], Err("calling")),
        (vec!["no HTTP at all\r\n\r\n".to_owned()], Err("calling")),
        (vec!["HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n".to_owned()], Err("calling")),
        (vec![String::new()], Err("within 1 seconds")),
        (
            vec!["HTTP/1.1 503 Later\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()],
            Ok((503, "")),
        ),
    ];
    for (answers, expected) in rows {
        let server = Server::with(answers.clone()).await;
        let door = door(&server.base("/api"), Reach::Private).unwrap();
        let credential = Credential { header: "authorization".into(), value: b"hidden".to_vec() };
        match (door.call(&get("/api/x"), Some(&credential)).await, expected) {
            (Ok(answer), Ok((status, body))) => {
                assert_eq!((answer.status, answer.body.as_str()), (status, body));
                assert_eq!(answer.asks_for_patience(), status == 503);
            }
            (Err(error), Err(why)) => {
                assert!(error.to_string().contains(why), "{error}");
                assert!(!error.to_string().contains("hidden"), "{error}");
            }
            (got, expected) => panic!("{got:?} instead of {expected:?} for {answers:?}"),
        }
    }
    assert!(elsewhere.asked.lock().unwrap().is_empty(), "nothing went elsewhere");
}

#[tokio::test]
async fn what_changes_something_is_not_asked_again_elsewhere() {
    let server = Server::with(vec![sent_on("/api/y"), ok("twice")]).await;
    let door = door(&server.base("/api"), Reach::Private).unwrap();
    let answer = door.call(&Call { method: "POST".into(), ..get("/api/x") }, None).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(server.asked.lock().unwrap().len(), 1);
}
