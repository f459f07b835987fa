//! What the rules refuse at a desk they refuse everywhere: an entry written around the program is void at replay.

use app::Code;
use governance::fact::{ApprovalSigned, InstanceMoved, Seen, Verdict};
use governance::{Fact, RULES_VERSION};
use ledger::{Author, Head, Ledger, Location, Offered, Payload, RawFact, Ulid};
use serde_json::json;

use crate::desk::{self, CHAMPION, Desk, text};

/// Signs facts as `person` with the key of `member` and puts them into the next slot, asking no rule.
pub(crate) async fn write_by_hand(desk: &Desk, member: &str, person: &str, facts: &[Fact]) -> u64 {
    let location: Location = desk.workspace().display().to_string().parse().unwrap();
    let ledger = Ledger::open(location.open().unwrap(), None).await.unwrap();
    let head = head_of(&ledger).await;
    let keys = identity::KeyHolder::open_in_files(&desk.home()).unwrap();
    let name = format!("{}.{member}", ledger.genesis().nonce.to_lowercase());
    let key = keys.public_key(&name).unwrap().unwrap();
    let author = Author {
        key: format!("ed25519:{}", key.hex()).parse().unwrap(),
        person: person.to_owned(),
        claimed_at: "2026-01-02T03:04:05Z".to_owned(),
        rules_version: RULES_VERSION,
    };
    let facts = facts
        .iter()
        .map(|fact| RawFact {
            id: Ulid::generate(),
            kind: fact.kind().to_owned(),
            v: 1,
            subject: fact.subject(),
            body: fact.body(),
        })
        .collect();
    let payload = Payload::after(&head, ledger.workspace(), author, facts);
    let sealed = ledger::seal(&payload, |bytes| keys.sign(&name, bytes)).unwrap();
    match ledger.offer(&sealed).await {
        Offered::Recorded { slot } => slot.position,
        other => panic!("{other:?}"),
    }
}

async fn head_of(ledger: &Ledger) -> Head {
    let mut head = ledger.origin();
    while let Some(slot) = ledger.next(&head).await.unwrap() {
        head = slot.head();
    }
    head
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_the_modeler_wrote_around_the_program_is_void_on_every_desk() {
    let (desk, instance) = Desk::started().await;
    // She validates other people's models, so it is not her role that is missing.
    desk.act_as("ada").await;
    desk.ok("people.grant", json!({"name": "ana", "roles": ["validator"]})).await;
    let task = desk.task(&instance).await;
    let number: u64 = task.rsplit('/').next().unwrap().parse().unwrap();
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    let element = page["task"]["element"].clone();
    let before = desk.instance(&instance).await;
    let verified = desk.ok("workspace.verify", json!({})).await;

    let approval = Fact::ApprovalSigned(ApprovalSigned {
        gate: text(&element),
        task: number.to_string(),
        instance: instance.parse().unwrap(),
        model: text(&version["model"]["id"]).parse().unwrap(),
        version: text(&version["version"]).parse().unwrap(),
        package_root: text(&version["digest"]).parse().unwrap(),
        evidence: vec![text(&page["evidence_digests"][0]).parse().unwrap()],
        definition: Some(text(&page["definition"]).parse().unwrap()),
        decision: Verdict::Approved,
        policy_version: 1,
        note: "trust me".to_owned(),
        seen: Seen { position: verified["head"].as_u64().unwrap(), chain: text(&verified["chain"]) },
    });
    let completed = Fact::InstanceMoved(InstanceMoved {
        instance: instance.parse().unwrap(),
        act: bpmn::Act::Complete {
            task: number,
            answers: [("ModelIsApproved".to_owned(), bpmn::Value::from(true))].into(),
        },
        note: String::new(),
    });
    let claimed = Fact::InstanceMoved(InstanceMoved {
        instance: instance.parse().unwrap(),
        act: bpmn::Act::Claim { task: number },
        note: String::new(),
    });
    let own = "`ana` registered this version; a second person must approve";
    let written = [
        (write_by_hand(&desk, "ana", "ana", &[claimed]).await, own),
        (write_by_hand(&desk, "ana", "ana", &[approval.clone(), completed.clone()]).await, own),
        (write_by_hand(&desk, "ana", "ana", &[completed.clone(), approval.clone()]).await, own),
        (write_by_hand(&desk, "ana", "ana", std::slice::from_ref(&completed)).await, own),
        // In the validator's name with the modeler's key it is no better.
        (write_by_hand(&desk, "ana", "vera", &[approval, completed]).await, "vera"),
    ];

    let elsewhere = tempfile::tempdir().unwrap();
    let other = desk::open(elsewhere.path(), Some(&desk.workspace()), None).await;
    for app in [&desk.app, &other] {
        for (position, rule) in written {
            let entry = desk::ok(app, "ledger.show", json!({"position": position})).await;
            assert!(text(&entry["void"]).contains(rule), "{entry:#}");
        }
        let version = desk::ok(app, "registry.show_version", json!({"version": CHAMPION})).await;
        assert!(version["approvals"].as_array().unwrap().is_empty());
        let after = desk::ok(app, "workflow.show_instance", json!({"instance": instance})).await;
        for field in ["id", "element", "assignee", "created_at"] {
            assert_eq!(after["tasks"][0][field], before["tasks"][0][field], "the task waits as before");
        }
        assert_eq!(after["variables"], before["variables"]);
        let report = desk::ok(app, "workspace.verify", json!({})).await;
        assert!(report["problems"].as_array().unwrap().is_empty(), "{report:#}");
        let void: Vec<u64> =
            report["void"].as_array().unwrap().iter().map(|row| row["position"].as_u64().unwrap()).collect();
        assert_eq!(void, written.map(|(position, _)| position));
    }
    // The process goes on as if nothing had been written.
    desk.decide(&instance, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_anybodys_key_reads_everything_and_writes_nothing() {
    let desk = Desk::stocked().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let other = desk::open(elsewhere.path(), Some(&desk.workspace()), None).await;
    let version = desk::ok(&other, "registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["role"], "champion");
    let failure = desk::call(&other, "registry.create_project", json!({"name": "Mine"})).await.unwrap_err();
    assert_eq!(failure.code, Code::NoWorkspace, "{failure}");
    let failure = desk::call(&other, "workspace.act_as", json!({"member": "ada"})).await.unwrap_err();
    assert_eq!(failure.code, Code::Denied, "{failure}");
}
