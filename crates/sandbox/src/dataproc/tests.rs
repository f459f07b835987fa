//! The life of clusters, and filters.

use super::*;

fn cluster(fate: Fate) -> Cluster {
    Cluster {
        uuid: "u".into(),
        project: "p".into(),
        name: "c".into(),
        config: json!({ "lifecycleConfig": { "idleDeleteTtl": "600s", "autoDeleteTtl": "3600s" } }),
        labels: json!({}),
        made_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
        busy_until: None,
        fate,
        looks: 0,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[test]
fn a_clusters_life_follows_the_clock() {
    let state = |cluster: &Cluster, seconds, speed| {
        cluster.state(at(seconds), Pace::faster(speed)).map(|(word, _)| word)
    };
    let good = cluster(Fate::Good);
    assert_eq!(state(&good, 89, 1.0), Some("CREATING"));
    assert_eq!(state(&good, 9, 10.0), Some("RUNNING"));
    assert_eq!(state(&good, 90 + 599, 1.0), Some("RUNNING"));
    assert_eq!(state(&good, 90 + 600, 1.0), Some("DELETING"), "idle");
    assert_eq!(state(&good, 90 + 600 + 45, 1.0), None);
    let busy = Cluster { busy_until: Some(at(3300)), ..good.clone() };
    assert_eq!(state(&busy, 3599, 1.0), Some("RUNNING"));
    assert_eq!(state(&busy, 3600, 1.0), Some("DELETING"), "age");
    assert_eq!(state(&cluster(Fate::Stuck), 100_000, 1.0), Some("CREATING"));
    assert_eq!(state(&cluster(Fate::Error), 91, 1.0), Some("ERROR"));
    let deleted = Cluster { deleted_at: Some(at(100)), ..cluster(Fate::Survives) };
    assert_eq!(state(&deleted, 100_000, 1.0), Some("DELETING"));
    let deleted = Cluster { deleted_at: Some(at(100)), ..good };
    assert_eq!((state(&deleted, 144, 1.0), state(&deleted, 145, 1.0)), (Some("DELETING"), None));
}

#[test]
fn a_clusters_life_follows_the_looks_where_those_count() {
    let pace = Pace { looks: Some(2), ..Pace::faster(1.0) };
    let state = |cluster: &Cluster| cluster.state(at(1), pace).map(|(word, _)| word);
    let looked_at = |looks, fate, deleted_at| Cluster { looks, deleted_at, ..cluster(fate) };
    assert_eq!(state(&looked_at(1, Fate::Good, None)), Some("CREATING"));
    assert_eq!(state(&looked_at(2, Fate::Good, None)), Some("RUNNING"));
    assert_eq!(state(&looked_at(9, Fate::Stuck, None)), Some("CREATING"));
    assert_eq!(state(&looked_at(1, Fate::Good, Some(at(0)))), Some("DELETING"));
    assert_eq!(state(&looked_at(2, Fate::Good, Some(at(0)))), None);
    assert_eq!(state(&looked_at(9, Fate::Survives, Some(at(0)))), Some("DELETING"));
}

#[test]
fn label_filters_are_read_as_their_lists_document_them() {
    let read = |filter: &str, grammar| label_filter(filter, grammar).ok();
    let labels = |wanted: &[(&str, &str)]| {
        Some(
            wanted
                .iter()
                .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()))
                .collect::<Vec<_>>(),
        )
    };
    let both = labels(&[("a", "*"), ("b", "c")]);
    for (filter, fields, aip160) in [
        ("labels.a = * AND labels.b = c", both.clone(), None),
        ("labels.a:* AND labels.b = c", None, both.clone()),
        ("labels.a:* AND labels.b=\"c\"", None, both),
        ("labels.b=c", labels(&[("b", "c")]), labels(&[("b", "c")])),
        ("labels.b:c", None, labels(&[("b", "c")])),
        ("", labels(&[]), labels(&[])),
        ("status.state = ACTIVE", None, None),
        ("labels.b", None, None),
        ("labels.b =", None, None),
        ("labels.b = c OR labels.d = e", None, None),
        ("labels.b = c labels.d = e", None, None),
    ] {
        assert_eq!(read(filter, Grammar::Fields), fields, "{filter}");
        assert_eq!(read(filter, Grammar::Aip160), aip160, "{filter}");
    }
}
