//! What every channel does, whichever it is.

use std::time::{Duration, Instant};

use notifications::{Channel, Message, Urgency};

/// A message as it arrived at the other side.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) title: String,
    pub(crate) body: String,
}

pub(crate) fn message(title: &str, body: &str) -> Message {
    Message {
        title: title.to_owned(),
        body: body.to_owned(),
        link: Some("countersign://runs/01J".to_owned()),
        urgency: Urgency::Normal,
    }
}

/// Delivers one message after the other and holds what `arrived` returns (the newest message) against each.
pub(crate) async fn delivers(channel: &dyn Channel, mut arrived: impl FnMut() -> Arrived) {
    let rows = [
        ("Migration finished", "churn_gbt 1.0 is in churn-bucket."),
        ("A título com acentos — ção", "Linha um\nlinha dois: <b>not bold</b> & \"quoted\" 100%"),
        ("One line\nonly", "x"),
    ];
    for (title, body) in rows {
        let delivery = channel.deliver(&message(title, body)).await.unwrap();
        assert_eq!(delivery.channel, channel.name());
        assert!(!delivery.reference.is_empty());
        let got = arrived();
        assert_eq!(got.title, title.replace('\n', " "));
        assert!(got.body.starts_with(body), "{got:?}");
    }
    let long = channel.deliver(&message(&"t".repeat(500), &"b".repeat(50_000))).await;
    long.unwrap();
    let got = arrived();
    assert!(got.title.chars().count() <= 160 && got.body.chars().filter(|it| *it == 'b').count() < 2_000);
}

/// With nobody at the other side there is an error that says so, soon.
pub(crate) async fn tells_that_nobody_is_there(channel: &dyn Channel) {
    let started = Instant::now();
    let error = channel.deliver(&message("Nobody", "is there")).await.unwrap_err();
    assert!(error.is_worth_retrying(), "{error}");
    assert!(error.to_string().contains(channel.name()), "{error}");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}
