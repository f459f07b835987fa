//! What people read comes in the language of their desk; what programs read stays.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{Desk, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_portuguese_desk_reads_refusals_failures_history_and_evidence_in_portuguese() {
    let (desk, instance) = Desk::started().await;
    let mut settings = desk.ok("settings.show", json!({})).await;
    settings["language"] = "pt-BR".into();
    desk.ok("settings.change", settings.clone()).await;

    desk.act_as("ana").await;
    let own = desk.refused("workflow.claim", json!({"task": desk.task(&instance).await})).await;
    assert_eq!(own.code, Code::Refused);
    assert!(own.message.contains("uma segunda pessoa precisa aprovar"), "{own}");
    assert!(own.hint.contains("Peça a um validador"), "{own}");
    let missing = desk.refused("registry.show_version", json!({"version": "nada"})).await;
    assert_eq!(missing.message, "Não há versão `nada` aqui.");
    let told: Vec<String> = desk.ok("ledger.list", json!({})).await["rows"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["facts"].as_array().unwrap().iter().map(|fact| text(&fact["text"])))
        .collect();
    assert!(told.iter().any(|line| line == "nomeou o campeão"), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("registrou a versão 1.0")), "{told:#?}");

    desk.act_as("vera").await;
    let page = desk.ok("workflow.show_task", json!({"task": desk.task(&instance).await})).await;
    let evidence: Vec<String> =
        page["evidence"].as_array().unwrap().iter().map(|row| text(&row["detail"])).collect();
    assert!(evidence.iter().any(|line| line.contains("registrada por ana")), "{evidence:#?}");

    // What the engine refuses is said by its rule, and times by their calendar.
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    let engine = desk.refused("workflow.give_back", json!({"task": task})).await;
    assert!(engine.message.contains("não foi delegada"), "{engine}");
    let cycle = |text: &str| json!({"timer": {"kind": "cycle", "text": text}});
    assert_eq!(desk.ok("workflow.explain", cycle("R/P1D")).await["words"], "a cada P1D");
    assert_eq!(
        desk.ok("workflow.explain", cycle("0 2 * * 1/4")).await["words"],
        "às 02:00, às segundas-feiras e às sextas-feiras"
    );
    let templates = desk.ok("workflow.templates", json!({})).await;
    assert!(text(&templates[0]["description"]).starts_with("Um validador aprova"), "{templates}");
    let shown = desk.instance(&instance).await;
    assert!(text(&shown["instance"]["definition"]).ends_with("(versão 1)"), "{}", shown["instance"]);

    // The same history in English: nothing of the language is in the ledger.
    settings["language"] = "en".into();
    desk.ok("settings.change", settings).await;
    let list = desk.ok("ledger.list", json!({})).await;
    assert!(list.to_string().contains("named the champion"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_put_off_leaves_the_inbox_of_this_desk_until_it_comes_back() {
    let (desk, instance) = Desk::started().await;
    desk.act_as("vera").await;
    let inbox =
        async |view: &str| desk.ok("workflow.list_tasks", json!({"view": view})).await["total"].clone();
    let head = desk.ok("workspace.status", json!({})).await["workspace"]["head"].clone();
    assert_eq!((inbox("inbox").await, inbox("snoozed").await), (json!(1), json!(0)));
    let task = json!({"task": desk.task(&instance).await, "until": "2999-01-01T09:00:00Z"});
    desk.ok("workflow.snooze", task).await;
    assert_eq!((inbox("inbox").await, inbox("snoozed").await), (json!(0), json!(1)));
    let row = desk.ok("workflow.list_tasks", json!({"view": "snoozed"})).await["rows"][0].clone();
    assert_eq!(row["snoozed_until"], "2999-01-01T09:00:00Z");
    desk.ok("workflow.snooze", json!({"task": desk.task(&instance).await, "until": "2001-01-01T09:00:00Z"}))
        .await;
    assert_eq!(inbox("inbox").await, json!(1), "a moment that has passed puts nothing off");
    let wrong =
        desk.refused("workflow.snooze", json!({"task": desk.task(&instance).await, "until": "soon"})).await;
    assert_eq!(wrong.code, Code::Usage);
    assert_eq!(
        desk.ok("workspace.status", json!({})).await["workspace"]["head"],
        head,
        "nothing was recorded"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_whatever_has_a_name_and_says_where_it_opens() {
    let (desk, instance) = Desk::started().await;
    let find = async |words: &str| -> Vec<(String, String, String)> {
        let found = desk.ok("search.find", json!({"text": words})).await;
        let hits: &Vec<Value> = found["hits"].as_array().unwrap();
        hits.iter().map(|hit| (text(&hit["kind"]), text(&hit["title"]), text(&hit["link"]))).collect()
    };
    let versions = desk.ok("registry.list_models", json!({})).await;
    let gbt = text(&versions["rows"][0]["latest"]["version"]);
    let rows = [
        ("customer ch", "project", "Customer churn"),
        ("churn gbt", "model", "churn_gbt 1.0"),
        ("Churn_G", "model", "churn_gbt 1.0"),
        ("tenure", "variable", "tenure_months"),
        ("score.py", "file", "score.py"),
        ("approve", "task", ""),
        ("migr", "instance", ""),
        ("vera", "member", ""),
    ];
    for (words, kind, title) in rows {
        let hits = find(words).await;
        let hit = hits.iter().find(|(of, name, _)| of == kind && (title.is_empty() || name == title));
        assert!(hit.is_some(), "`{words}` finds {hits:#?}");
    }
    let file = find("score.py").await;
    assert!(
        file.iter().any(|(_, _, link)| *link == format!("/versions/{gbt}?tab=files&file=score.py")),
        "{file:#?}"
    );
    assert!(find("approve").await.iter().any(|(_, _, link)| link.starts_with(&format!("/tasks/{instance}"))));
    assert_eq!(find("#3").await[0].2, "/ledger/3");
    for nothing in ["", "  ", "\"*", "zzzz", "AND OR NOT ("] {
        assert_eq!(find(nothing).await, [], "`{nothing}`");
    }
    // What is over is found no more.
    desk.act_as("ada").await;
    desk.ok("workflow.cancel", json!({"instance": instance, "reason": "not now"})).await;
    assert!(find("approve").await.iter().all(|(kind, ..)| kind != "task"));
}
