//! What is drawn runs as it is drawn: a process from nothing with each new thing in it, read without errors, and
//! rehearsed.

use super::*;
use crate::simulate::{Script, simulate};
use serde_json::{Value as Json, json};

fn place(id: &str, kind: Kind, into: &str, host: Option<&str>) -> Change {
    Change::Add {
        id: id.into(),
        kind,
        into: into.into(),
        host: host.map(str::to_owned),
        name: id.into(),
        bounds: small(100.0, 100.0),
    }
}

/// Elements in a row, connected: `start>a>b`.
fn row(ids: &str) -> Vec<Change> {
    let ids: Vec<&str> = ids.split('>').collect();
    ids.windows(2).map(|pair| connect(&format!("{}_{}", pair[0], pair[1]), pair[0], pair[1])).collect()
}

fn drawn(changes: Vec<Vec<Change>>) -> Document {
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    apply(&blank("p", "Ours").unwrap(), &changes).unwrap()
}

/// Plays steps and compares what stands after each: tasks, what is waited for, effects, incidents, the end.
fn check(story: &str, document: &Document, rows: &[(Json, &str)]) {
    check_with(story, document, &[], rows);
}

fn check_with(story: &str, document: &Document, more: &[(String, Vec<u8>)], rows: &[(Json, &str)]) {
    let steps: Vec<&Json> = rows.iter().map(|(step, _)| step).collect();
    let script = json!({"steps": steps, "http": [{"body": {"id": 7}}]});
    let script: Script = serde_json::from_value(script).unwrap();
    let answer = simulate(document.bytes(), &script, more);
    let errors: Vec<_> =
        answer.diagnostics.iter().filter(|one| one.severity == crate::Severity::Error).collect();
    assert!(errors.is_empty(), "{story}: {errors:#?}\n{}", document.text());
    for (at, (step, wanted)) in rows.iter().enumerate() {
        let seen = answer.states.get(at).map(|state| seen(&serde_json::to_value(state).unwrap()));
        assert_eq!(
            seen.as_deref(),
            Some(*wanted),
            "{story}, after {step}: {:?}\n{}",
            answer.failure,
            document.text()
        );
    }
    assert_eq!(answer.failure, None, "{story}");
}

fn seen(state: &Json) -> String {
    let all = |key: &str| state[key].as_array().cloned().unwrap_or_default();
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut parts = Vec::new();
    for one in all("effects") {
        parts.push(match one["kind"].as_str().unwrap() {
            "set" => format!("set {}={}", text(&one["variable"]), text(&one["value"])),
            "job" => format!("job {} {}", text(&one["job"]), one["arguments"]),
            "assign" => format!("offer {} to {}", text(&one["name"]), text(&one["participants"])),
            "notify" => format!("notify {}/{}", text(&one["users"]), text(&one["groups"])),
            kind => kind.to_owned(),
        });
    }
    parts.extend(all("tasks").iter().map(|one| format!("task {}", text(&one["name"]))));
    parts.extend(
        all("waiting").iter().map(|one| format!("wait {} {}", text(&one["kind"]), text(&one["name"]))),
    );
    parts.extend(all("incidents").iter().map(|one| format!("incident {}", text(&one["id"]))));
    if state["ended"] == json!(true) {
        parts.push(text(&state["outcome"]));
    }
    parts.join("; ")
}

fn start() -> Json {
    json!({"start": {}})
}

fn done(task: &str) -> Json {
    json!({"complete": task})
}

#[test]
fn a_job_is_asked_for_with_its_arguments_and_its_state_is_kept() {
    let listeners = vec![
        Listener::JobArgument { event: Moment::Start, name: "who".into(), value: "${Who}".into() },
        Listener::JobArgument { event: Moment::Start, name: "mode".into(), value: "fast".into() },
        Listener::JobState { event: Moment::End, variable: "State".into() },
    ];
    let draw = |waits: bool| {
        drawn(vec![
            vec![
                place("job", Kind::Job, "p", None),
                place("after", Kind::Task, "p", None),
                place("end", Kind::End, "p", None),
            ],
            row("start>job>after>end"),
            vec![
                set("job", Property::Job { by: JobField::JobDefinitionId, text: "deploy".into() }),
                set("job", Property::Triggerable { is: waits }),
                set("job", Property::Listeners { listeners: listeners.clone() }),
                set("after", Property::Name { text: "After ${State}".into() }),
            ],
        ])
    };
    let waits = draw(true);
    assert!(waits.text().contains("flowable:triggerable=\"true\""), "{}", waits.text());
    let shown = of(&waits, "job");
    assert_eq!(shown.listeners, listeners);
    assert_eq!(
        shown.job,
        Some(JobOf { by: JobField::JobDefinitionId, text: "deploy".into(), triggerable: true })
    );
    assert!(!waits.text().contains("jobName"), "one field takes the place of another: {}", waits.text());
    let asked = r#"job deploy {"mode":"fast","who":"ana"}"#;
    check(
        "a job that waits",
        &waits,
        &[
            (json!({"start": {"Who": "ana"}}), &format!("{asked}; wait job job")),
            (
                json!({"trigger": "job", "variables": {"state": "failed"}}),
                "set State=failed; task After failed",
            ),
            (done("After failed"), "completed"),
        ],
    );
    check(
        "a job that does not",
        &draw(false),
        &[(json!({"start": {"Who": "ana"}}), &format!("{asked}; set State=completed; task After completed"))],
    );
}

#[test]
fn listeners_do_what_they_say() {
    let document = drawn(vec![
        vec![
            place("task", Kind::Task, "p", None),
            place("late", Kind::TimerBoundary, "p", Some("task")),
            place("tell", Kind::Notify, "p", None),
            place("told", Kind::End, "p", None),
            place("end", Kind::End, "p", None),
        ],
        row("start>task>end"),
        row("late>tell>told"),
        vec![
            set("task", Property::Candidates { groups: vec!["it".into()], users: vec![] }),
            set(
                "task",
                Property::Listeners {
                    listeners: vec![Listener::Participants {
                        event: Moment::Create,
                        participants: "${Helpers}".into(),
                    }],
                },
            ),
            set(
                "task",
                Property::Captures {
                    captures: vec![Captured {
                        event: Moment::Complete,
                        json: "${Reply}".into(),
                        ..reply("$.a", "A")
                    }],
                },
            ),
            heard("late", Listener::Notification { event: Moment::End }),
            set(
                "tell",
                Property::Field { name: "groupIds".into(), text: "${_SAS_NotificationGroupIds}".into() },
            ),
            set(
                "tell",
                Property::Field { name: "userIds".into(), text: "${_SAS_NotificationUserIds}".into() },
            ),
        ],
    ]);
    check(
        "listeners",
        &document,
        &[
            (json!({"start": {"Helpers": "ivo", "Reply": "{\"a\": 5}"}}), "offer task to ivo; task task"),
            (json!({"advance": "P1D"}), "notify ivo/it; task task"),
            (done("task"), "set A=5; completed"),
        ],
    );
}

#[test]
fn activities_are_repeated() {
    let draw = |repeat: Repeated| {
        drawn(vec![
            vec![place("task", Kind::Task, "p", None), place("end", Kind::End, "p", None)],
            row("start>task>end"),
            vec![
                set("task", Property::Name { text: "Do ${loopCounter}".into() }),
                set("task", Property::Repeat { repeat: Some(repeat) }),
            ],
        ])
    };
    check(
        "one after another",
        &draw(rounds("2")),
        &[(start(), "task Do 0"), (done("Do 0"), "task Do 1"), (done("Do 1"), "completed")],
    );
    let Repeated::Multi { sequential, times, item, index, .. } = each("", "Who") else { panic!() };
    let first = Repeated::Multi {
        sequential,
        times,
        collection: "${People}".into(),
        item,
        index,
        until: "${nrOfCompletedInstances == 1}".into(),
    };
    check(
        "side by side, until one has done it",
        &draw(first),
        &[
            (json!({"start": {"People": ["ana", "ivo"]}}), "task Do 0; task Do 1"),
            (done("Do 1"), "completed"),
        ],
    );
    let again = Repeated::While { before: false, condition: "${loopCounter < 1}".into(), most: "5".into() };
    check(
        "while something holds",
        &draw(again),
        &[(start(), "task Do 0"), (done("Do 0"), "task Do 1"), (done("Do 1"), "completed")],
    );
    let sub = drawn(vec![
        vec![
            place("sub", Kind::SubProcess, "p", None),
            place("in", Kind::Task, "sub", None),
            place("end", Kind::End, "p", None),
        ],
        row("start>sub>end"),
        vec![
            set("in", Property::Name { text: "For ${Who}".into() }),
            set("sub", Property::Repeat { repeat: Some(each("People", "Who")) }),
        ],
    ]);
    check(
        "a sub-process for each",
        &sub,
        &[
            (json!({"start": {"People": ["ana", "ivo"]}}), "task For ana; task For ivo"),
            (done("For ivo"), "task For ana"),
            (done("For ana"), "completed"),
        ],
    );
}

#[test]
fn another_process_is_called_with_what_it_is_handed() {
    let document = drawn(vec![
        vec![
            place("call", Kind::CallProcess, "p", None),
            place("after", Kind::Task, "p", None),
            place("end", Kind::End, "p", None),
        ],
        row("start>call>after>end"),
        vec![
            set("call", Property::Called { text: "${Which}".into() }),
            set(
                "call",
                Property::Inputs {
                    passed: vec![Passed { all: false, source: "${Who}".into(), target: "Name".into() }],
                },
            ),
            set(
                "call",
                Property::Outputs {
                    passed: vec![Passed { all: false, source: "Answer".into(), target: "Said".into() }],
                },
            ),
            set("after", Property::Name { text: "Read ${Said}".into() }),
        ],
    ]);
    let inner = apply(
        &blank("inner", "Inner").unwrap(),
        &[
            vec![place("ask", Kind::Task, "inner", None), place("end", Kind::End, "inner", None)],
            row("start>ask>end"),
            vec![
                set("ask", Property::Name { text: "Ask ${Name}".into() }),
                set(
                    "ask",
                    Property::Prompts {
                        prompts: vec![Question {
                            variable: "Answer".into(),
                            question: "What?".into(),
                            kind: DataType::String,
                            required: true,
                            choices: vec![],
                        }],
                    },
                ),
            ],
        ]
        .concat(),
    )
    .unwrap();
    let more = [("inner".to_owned(), inner.bytes().to_vec())];
    check_with(
        "a call",
        &document,
        &more,
        &[
            (json!({"start": {"Which": "inner", "Who": "ana"}}), "task Ask ana"),
            (json!({"complete": "Ask ana", "answers": {"Answer": "yes"}}), "task Read yes"),
        ],
    );
}

/// An event sub-process beside a task, set off by each kind of event.
#[test]
fn an_event_sub_process_is_set_off() {
    let draw = |by: Occasion, interrupting: bool, more: Vec<Change>| {
        drawn(vec![
            vec![
                place("task", Kind::Task, "p", None),
                place("end", Kind::End, "p", None),
                place("aside", Kind::EventSubProcess, "p", None),
                place("begin", Kind::ErrorStart, "aside", None),
                place("help", Kind::Task, "aside", None),
                place("helped", Kind::End, "aside", None),
            ],
            row("start>task>end"),
            row("begin>help>helped"),
            vec![
                set("begin", Property::SetOff { by }),
                set("begin", Property::Interrupting { is: interrupting }),
            ],
            more,
        ])
    };
    let beside = "task help; task task";
    let rows: Vec<(&str, Document, Json, &str)> = vec![
        ("a timer", draw(Occasion::Timer, true, vec![]), json!({"advance": "P1D"}), "task help"),
        ("a timer beside", draw(Occasion::Timer, false, vec![]), json!({"advance": "P1D"}), beside),
        ("a message", draw(Occasion::Message, true, vec![]), json!({"message": "Message"}), "task help"),
        ("a signal beside", draw(Occasion::Signal, false, vec![]), json!({"signal": "Signal"}), beside),
    ];
    for (story, document, step, wanted) in rows {
        let (alone, both) = (done("help"), done("task"));
        let rows: Vec<(Json, &str)> = if wanted == beside {
            vec![(start(), "task task"), (step, wanted), (alone, "task task"), (both, "completed")]
        } else {
            vec![(start(), "task task"), (step, wanted), (alone, "completed")]
        };
        let rows: Vec<(Json, String)> =
            rows.into_iter().map(|(step, text)| (step, text.to_owned())).collect();
        check_tasks(story, &document, &rows);
    }
    let thrown = |kind: Kind, by: Occasion, interrupting: bool| {
        let more = vec![
            place("bad", kind, "p", None),
            Change::Reconnect { id: "task_end".into(), source: "task".into(), target: "bad".into() },
            Change::Remove { ids: vec!["end".into()] },
        ];
        draw(by, interrupting, more)
    };
    let rows = [
        ("an error", thrown(Kind::ErrorEnd, Occasion::Error, true)),
        ("an escalation", thrown(Kind::EscalationEnd, Occasion::Escalation, false)),
    ];
    for (story, document) in rows {
        let rows = [
            (start(), "task task".to_owned()),
            (done("task"), "task help".to_owned()),
            (done("help"), "completed".to_owned()),
        ];
        check_tasks(story, &document, &rows);
    }
    let back = draw(Occasion::Signal, false, vec![set("begin", Property::SetOff { by: Occasion::Error })]);
    assert!(
        !back.text().contains("<signal "),
        "a signal that nothing speaks of any more is gone: {}",
        back.text()
    );
    assert!(!back.text().contains("isInterrupting"), "{}", back.text());
}

/// The same as [`check`], without what is waited for.
fn check_tasks(story: &str, document: &Document, rows: &[(Json, String)]) {
    let script: Vec<&Json> = rows.iter().map(|(step, _)| step).collect();
    let script: Script = serde_json::from_value(json!({ "steps": script })).unwrap();
    let answer = simulate(document.bytes(), &script, &[]);
    let errors: Vec<_> =
        answer.diagnostics.iter().filter(|one| one.severity == crate::Severity::Error).collect();
    assert!(errors.is_empty(), "{story}: {errors:#?}\n{}", document.text());
    for (at, (step, wanted)) in rows.iter().enumerate() {
        let state = answer.states.get(at).map(|state| seen(&serde_json::to_value(state).unwrap()));
        let mut tasks: Vec<String> = state
            .unwrap_or_default()
            .split("; ")
            .filter(|part| !part.starts_with("wait "))
            .map(str::to_owned)
            .collect();
        tasks.sort();
        assert_eq!(
            tasks.join("; "),
            *wanted,
            "{story}, after {step}: {:?}\n{}",
            answer.failure,
            document.text()
        );
    }
}

/// What it is about, what is drawn, and what is done and seen then.
type Row = (&'static str, Document, Vec<(Json, &'static str)>);

/// What waits for a condition: on the way, at a boundary, at the start, and beside everything.
fn conditions() -> Vec<Row> {
    let holds = |id: &str, text: &str| set(id, Property::Condition { text: text.into() });
    let now = |value: bool| json!({"set": {"Ready": value}});
    let waits = drawn(vec![
        vec![place("wait", Kind::Condition, "p", None), place("after", Kind::Task, "p", None)],
        row("start>wait>after"),
    ]);
    let boundary = drawn(vec![
        vec![
            place("task", Kind::Task, "p", None),
            place("caught", Kind::ConditionBoundary, "p", Some("task")),
            place("repair", Kind::Task, "p", None),
        ],
        row("start>task"),
        row("caught>repair"),
        vec![holds("caught", "${Amount > 5}")],
    ]);
    let begins = drawn(vec![
        vec![
            Change::Remove { ids: vec!["start".into()] },
            place("begin", Kind::ConditionStart, "p", None),
            place("task", Kind::Task, "p", None),
        ],
        row("begin>task"),
    ]);
    let aside = drawn(vec![
        vec![
            place("task", Kind::Task, "p", None),
            place("aside", Kind::EventSubProcess, "p", None),
            place("set_off", Kind::ErrorStart, "aside", None),
            place("help", Kind::Task, "aside", None),
        ],
        row("start>task"),
        row("set_off>help"),
        vec![
            set("set_off", Property::SetOff { by: Occasion::Condition }),
            set("set_off", Property::Interrupting { is: false }),
        ],
    ]);
    assert_eq!(of(&aside, "set_off").kind, Some(Kind::ConditionStart));
    let begun = json!({"start": {"Ready": false, "Amount": 1}});
    vec![
        ("waits for a condition", waits, vec![(begun.clone(), ""), (now(true), "task after")]),
        (
            "a condition that ends a task",
            boundary,
            vec![(begun.clone(), "task task"), (json!({"set": {"Amount": 9}}), "task repair")],
        ),
        ("a start by condition", begins, vec![(begun.clone(), ""), (now(true), "task task")]),
        ("a condition beside", aside, vec![(begun, "task task"), (now(true), "task help; task task")]),
    ]
}

/// A call that fails is tried again as the panel says, and a listener hears of every moment of a task.
#[test]
fn tries_and_every_moment_mean_what_they_say() {
    let document = drawn(vec![
        vec![place("call", Kind::Call, "p", None), place("task", Kind::Task, "p", None)],
        row("start>call>task"),
        vec![
            set("call", Property::Tries { text: "PT1M,PT10M".into() }),
            set(
                "task",
                Property::Captures {
                    captures: vec![Captured {
                        event: Moment::All,
                        json: "${Reply}".into(),
                        ..reply("$.a", "A")
                    }],
                },
            ),
        ],
    ]);
    let definition = Definition::read(document.clone());
    let process = &definition.processes[0];
    assert_eq!(process.node(process.find("call").unwrap()).tries, ["PT1M", "PT10M"]);
    check(
        "every moment of a task",
        &document,
        &[
            (json!({"start": {"Reply": "{\"a\": 5}"}}), "http; set A=5; task task"),
            (json!({"complete": "task", "as": "ana"}), "set A=5; completed"),
        ],
    );
    let bad = apply(&document, &[set("task", Property::Tries { text: "R3/PT10M".into() })]).unwrap_err();
    assert!(bad.to_string().contains("`task` calls nothing"), "{bad}");
}

#[test]
fn events_are_thrown_and_caught() {
    // Something thrown after a task, in a sub-process, and what becomes of it at the boundary.
    let at_boundary = |thrown: Kind, boundary: Kind, more: Vec<Change>| {
        drawn(vec![
            vec![
                place("sub", Kind::SubProcess, "p", None),
                place("task", Kind::Task, "sub", None),
                place("throw", thrown, "sub", None),
                place("rest", Kind::Task, "p", None),
                place("caught", boundary, "p", Some("sub")),
                place("repair", Kind::Task, "p", None),
            ],
            row("start>sub>rest"),
            row("task>throw"),
            row("caught>repair"),
            more,
        ])
    };
    let rows: Vec<Row> = vec![
        (
            "any error",
            at_boundary(Kind::ErrorEnd, Kind::ErrorBoundary, vec![]),
            vec![(start(), "task task"), (done("task"), "task repair"), (done("repair"), "completed")],
        ),
        (
            "an error of its code, in a variable",
            at_boundary(
                Kind::ErrorEnd,
                Kind::ErrorBoundary,
                vec![
                    set("throw", Property::Error { text: "E1".into() }),
                    set("caught", Property::Error { text: "E1".into() }),
                    set("caught", Property::ErrorVariable { text: "Code".into() }),
                    set("repair", Property::Name { text: "Repair ${Code}".into() }),
                ],
            ),
            vec![(start(), "task task"), (done("task"), "task Repair E1")],
        ),
        (
            "an escalation beside",
            at_boundary(Kind::EscalationEnd, Kind::EscalationBoundary, vec![]),
            vec![(start(), "task task"), (done("task"), "task repair; task rest")],
        ),
        (
            "an escalation that is thrown on the way, of its code",
            at_boundary(
                Kind::EscalationThrow,
                Kind::EscalationBoundary,
                vec![
                    place("more", Kind::Task, "sub", None),
                    connect("throw_more", "throw", "more"),
                    set("throw", Property::Escalation { text: "late".into() }),
                    set("caught", Property::Escalation { text: "late".into() }),
                ],
            ),
            vec![(start(), "task task"), (done("task"), "task more; task repair")],
        ),
        (
            "a signal that ends the task",
            drawn(vec![
                vec![
                    place("task", Kind::Task, "p", None),
                    place("caught", Kind::SignalBoundary, "p", Some("task")),
                    place("repair", Kind::Task, "p", None),
                ],
                row("start>task"),
                row("caught>repair"),
                vec![set("caught", Property::Signal { text: "stop".into() })],
            ]),
            vec![(start(), "task task"), (json!({"signal": "stop"}), "task repair")],
        ),
        (
            "a message that is received",
            drawn(vec![
                vec![place("receive", Kind::Receive, "p", None), place("after", Kind::Task, "p", None)],
                row("start>receive>after"),
                vec![set("receive", Property::Message { text: "paid".into() })],
            ]),
            vec![(start(), ""), (json!({"message": "paid"}), "task after")],
        ),
        (
            "a link",
            drawn(vec![
                vec![
                    place("out", Kind::LinkThrow, "p", None),
                    place("in", Kind::LinkCatch, "p", None),
                    place("after", Kind::Task, "p", None),
                ],
                row("start>out"),
                row("in>after"),
                vec![
                    set("out", Property::Link { text: "L".into() }),
                    set("in", Property::Link { text: "L".into() }),
                ],
            ]),
            vec![(start(), "task after"), (done("after"), "completed")],
        ),
    ];
    for (story, document, rows) in rows.into_iter().chain(conditions()) {
        let rows: Vec<(Json, String)> =
            rows.into_iter().map(|(step, text)| (step, text.to_owned())).collect();
        check_tasks(story, &document, &rows);
    }
    for (kind, wanted) in [
        (Kind::SignalThrow, "signal; completed"),
        (Kind::SignalEnd, "signal; completed"),
        (Kind::MessageThrow, "message; completed"),
        (Kind::MessageEnd, "message; completed"),
        (Kind::Send, "message; completed"),
    ] {
        let mut changes = vec![vec![place("throw", kind, "p", None)], row("start>throw")];
        if matches!(kind, Kind::SignalThrow | Kind::MessageThrow | Kind::Send) {
            changes.push(vec![place("end", Kind::End, "p", None)]);
            changes.push(row("throw>end"));
        }
        check(&format!("{kind:?}"), &drawn(changes), &[(start(), wanted)]);
    }
    let by_signal = drawn(vec![
        vec![
            Change::Remove { ids: vec!["start".into()] },
            place("begin", Kind::SignalStart, "p", None),
            place("task", Kind::Task, "p", None),
        ],
        row("begin>task"),
        vec![set("begin", Property::Signal { text: "go".into() })],
    ]);
    check("a start by signal", &by_signal, &[(json!({"signal": "go"}), "task task")]);
}
