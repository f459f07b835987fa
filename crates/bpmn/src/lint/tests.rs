#![allow(clippy::disallowed_methods, reason = "tests read the cases and watch the clock")]

use std::path::{Path, PathBuf};

use super::*;
use crate::diagnostic::Severity;

fn now() -> Timestamp {
    "2026-01-01T09:00:00Z".parse().unwrap()
}

fn read(process: &str) -> Definition {
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
            xmlns:sasbpmn="http://www.sas.com/xml/schema/bpmn" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
            targetNamespace="test"><process id="p">{process}</process></definitions>"#
    );
    Definition::parse(text).unwrap()
}

/// What lint says of a process: `code at element`, sorted.
fn said(process: &str) -> Vec<String> {
    said_of(&lint(&read(process), now()))
}

fn said_of(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut said: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| format!("{} at {}", diagnostic.code, diagnostic.element.as_deref().unwrap_or("-")))
        .collect();
    said.sort();
    said
}

fn check(rows: &[(&str, String, &[&str])]) {
    for (story, process, wanted) in rows {
        assert_eq!(said(process), *wanted, "{story}: {:#?}", lint(&read(process), now()));
    }
}

fn message(process: &str, code: &str) -> String {
    let diagnostics = lint(&read(process), now());
    diagnostics.into_iter().find(|diagnostic| diagnostic.code == code).unwrap().message
}

/// Flows written as `a>b`, or `a>b if condition`.
fn flows(lines: &[&str]) -> String {
    let flow = |(at, line): (usize, &&str)| {
        let (ends, condition) = line.split_once(" if ").unwrap_or((line, ""));
        let (from, to) = ends.split_once('>').unwrap();
        let condition = match condition {
            "" => String::new(),
            text => format!("<conditionExpression><![CDATA[{text}]]></conditionExpression>"),
        };
        format!(r#"<sequenceFlow id="f{at}" sourceRef="{from}" targetRef="{to}">{condition}</sequenceFlow>"#)
    };
    lines.iter().enumerate().map(flow).collect()
}

const START: &str = r#"<startEvent id="start"/>"#;
const END: &str = r#"<endEvent id="end"/>"#;

fn user(id: &str, inside: &str) -> String {
    format!(r#"<userTask id="{id}">{inside}</userTask>"#)
}

fn pass(id: &str) -> String {
    format!(r#"<task id="{id}"/>"#)
}

fn gateway(id: &str, default: &str) -> String {
    format!(r#"<exclusiveGateway id="{id}"{default}/>"#)
}

/// A boolean `approved`, a text `action`, a number `score`, asked for by prompts of these names.
fn declared() -> String {
    let object = |name: &str, kind: &str| {
        format!(r#"<dataObject id="d-{name}" name="{name}" itemSubjectRef="xsd:{kind}"/>"#)
    };
    format!(
        r#"<extensionElements>
            <sasbpmn:prompt id="p-approved" dataObjectRef="d-approved" name="Approved?"/>
            <sasbpmn:prompt id="p-action" dataObjectRef="d-action" name="What next?"/>
            <sasbpmn:prompt id="p-score" dataObjectRef="d-score" name="Score?"/>
            <sasbpmn:promptValue id="v-go" name="Go" value="go"/><sasbpmn:promptValue id="v-stop" name="Stop" value="stop"/>
        </extensionElements>{}{}{}"#,
        object("approved", "boolean"),
        object("action", "string"),
        object("score", "double")
    )
}

fn asks(prompt: &str, required: bool, choices: &[&str]) -> String {
    let choices: String = choices
        .iter()
        .map(|choice| format!(r#"<sasbpmn:promptValueDefinition promptValueRef="{choice}"/>"#))
        .collect();
    format!(
        r#"<extensionElements><sasbpmn:promptDefinition promptRef="{prompt}" required="{required}">{choices}</sasbpmn:promptDefinition></extensionElements>"#
    )
}

#[test]
fn elements_that_no_token_reaches_or_leaves() {
    check(&[
        ("all well", format!("{START}{}{END}{}", pass("a"), flows(&["start>a", "a>end"])), &[]),
        (
            "an island is told once, where it begins",
            format!(
                "{START}{}{}{}{END}{}",
                pass("a"),
                r#"<intermediateThrowEvent id="x"/>"#,
                pass("y"),
                flows(&["start>a", "a>end", "x>y", "y>x", "y>end"])
            ),
            &["unreachable at x"],
        ),
        (
            "a path that just stops",
            format!("{START}{}{}", pass("a"), flows(&["start>a"])),
            &["dead-end at a"],
        ),
        (
            "inside a sub-process",
            format!(
                r#"{START}<subProcess id="s"><startEvent id="i"/>{}<endEvent id="o"/>{}</subProcess>{END}{}"#,
                pass("a"),
                flows(&["i>a", "a>o"]).replace("\"f", "\"g"),
                flows(&["start>s", "s>end"])
            ),
            &[],
        ),
        (
            "a boundary event and an event sub-process are reached",
            format!(
                r#"{START}{}<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
                <subProcess id="s" triggeredByEvent="true"><startEvent id="i"><errorEventDefinition/></startEvent><endEvent id="o"/>{}</subProcess>{END}{}"#,
                user("a", ""),
                flows(&["i>o"]).replace("\"f", "\"g"),
                flows(&["start>a", "a>end", "b>end"])
            ),
            &[],
        ),
    ]);
}

#[test]
fn loops_that_spin_or_never_end() {
    let timer = r#"<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"#;
    let call = r#"<serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url"><flowable:string>/x</flowable:string></flowable:field></extensionElements></serviceTask>"#;
    let decide = ["g>end if ${responseBody == 'done'}", "start>c", "c>g"];
    let with = |more: &[&'static str]| flows(&[&decide[..], more].concat());
    check(&[
        (
            "polls as fast as it can",
            format!("{START}{call}{}{END}{}", gateway("g", r#" default="f3""#), with(&["g>c"])),
            &["busy-loop at c"],
        ),
        (
            "polls once an hour",
            format!("{START}{call}{}{timer}{END}{}", gateway("g", r#" default="f3""#), with(&["g>t", "t>c"])),
            &[],
        ),
        (
            "runs for ever, but with a person in it",
            format!("{START}{}{}{}", user("a", ""), user("b", ""), flows(&["start>a", "a>b", "b>a"])),
            &["never-ends at start"],
        ),
        (
            "a trap on one branch",
            format!(
                "{START}{}{}{END}{}",
                gateway("g", r#" default="f2""#),
                user("a", ""),
                flows(&["start>g", "g>end if ${x == 1}", "g>a", "a>a"])
            ),
            &["never-ends at a", "unset-variable at g"],
        ),
    ]);
}

#[test]
fn gateways_that_strand() {
    let decided = |prompt: String, conditions: &[&str], default: &str| {
        let mut lines = vec!["start>ask", "ask>g"];
        lines.extend(conditions);
        format!(
            "{}{START}{}{}{}{}{END}{}",
            declared(),
            user("ask", &prompt),
            gateway("g", default),
            pass("a"),
            pass("b"),
            flows(&[&lines[..], &["a>end", "b>end"]].concat())
        )
    };
    let boolean = ["g>a if ${approved=='True'}", "g>b if ${approved=='False'}"];
    let action = ["g>a if ${action=='go'}", "g>b if ${action=='stop'}"];
    check(&[
        (
            "complementary conditions leave the unanswered case",
            decided(asks("p-approved", false, &[]), &boolean, ""),
            &["gateway-may-strand at g", "optional-decision at ask"],
        ),
        ("required, so it is answered", decided(asks("p-approved", true, &[]), &boolean, ""), &[]),
        (
            "a default takes the rest, which is worth saying",
            decided(asks("p-approved", false, &[]), &boolean, r#" default="f3""#),
            &["optional-decision at ask"],
        ),
        ("every choice has its way", decided(asks("p-action", true, &["v-go", "v-stop"]), &action, ""), &[]),
        (
            "free text can be anything",
            decided(asks("p-action", true, &[]), &action, ""),
            &["gateway-may-strand at g"],
        ),
        (
            "one choice has none",
            decided(
                asks("p-action", true, &["v-go", "v-stop"]),
                &["g>a if ${action=='go'}", "g>b if ${action=='halt'}"],
                "",
            ),
            &["condition-never-true at f3", "gateway-may-strand at g"],
        ),
        (
            "numbers on both sides of a threshold",
            decided(asks("p-score", true, &[]), &["g>a if ${score < 0.5}", "g>b if ${score >= 0.5}"], ""),
            &[],
        ),
        (
            "the threshold itself is left out",
            decided(asks("p-score", true, &[]), &["g>a if ${score < 0.5}", "g>b if ${score > 0.5}"], ""),
            &["gateway-may-strand at g"],
        ),
        (
            "a boolean is never the text Yes",
            decided(
                asks("p-approved", true, &[]),
                &["g>a if ${approved=='True'}", "g>b if ${approved==1 && approved=='Yes'}"],
                r#" default="f3""#,
            ),
            &[],
        ),
        (
            "negation leaves nothing out",
            decided(asks("p-approved", false, &[]), &["g>a if ${approved}", "g>b if ${!approved}"], ""),
            &["optional-decision at ask"],
        ),
    ]);
    let text = message(&decided(asks("p-approved", false, &[]), &boolean, ""), "gateway-may-strand");
    assert!(text.contains("while `approved` has no value"), "{text}");
}

#[test]
fn joins_that_wait_for_ever() {
    let between = |split: &str, join: &str, more: &[&'static str]| {
        let ways = ["start>s", "s>a if ${x == 1}", "s>b", "a>j", "b>j", "j>end"];
        let (open, close) = match split {
            "exclusiveGateway" => (gateway("s", r#" default="f2""#), format!(r#"<{join} id="j"/>"#)),
            other => (format!(r#"<{other} id="s"/>"#), format!(r#"<{join} id="j"/>"#)),
        };
        format!(
            "{START}{open}{}{}{close}{END}{}",
            user("a", ""),
            user("b", ""),
            flows(&[&ways[..], more].concat())
        )
    };
    let unset = "unset-variable at s";
    check(&[
        (
            "one of two ways",
            between("exclusiveGateway", "parallelGateway", &[]),
            &["join-never-completes at j", unset],
        ),
        ("joined as it was split", between("exclusiveGateway", "exclusiveGateway", &[]), &[unset]),
        (
            "both ways",
            between("parallelGateway", "parallelGateway", &[]),
            &["ignored-condition at f1", unset],
        ),
        (
            "another way round the choice",
            between("exclusiveGateway", "parallelGateway", &["start>a", "start>b"]),
            &[unset],
        ),
    ]);
}

#[test]
fn conditions_that_nothing_looks_at() {
    let process = format!(
        r#"{START}<parallelGateway id="g"/>{}{}{END}{}"#,
        pass("a"),
        pass("b"),
        flows(&["start>g", "g>a if ${1 == 2}", "g>b", "a>end", "b>end"])
    );
    assert_eq!(said(&process), ["ignored-condition at f1"]);
}

#[test]
fn an_answer_required_on_one_branch_only_is_not_surely_there() {
    let process = |second: String| {
        format!(
            "{}{START}{}{}{}{}{}{}{END}{}",
            declared(),
            gateway("split", r#" default="f1""#),
            user("ask", &asks("p-approved", true, &[])),
            second,
            gateway("g", ""),
            pass("a"),
            pass("b"),
            flows(&[
                "start>split",
                "split>ask",
                "split>other if ${x == 1}",
                "ask>g",
                "other>g",
                "g>a if ${approved}",
                "g>b if ${approved == false}",
                "a>end",
                "b>end",
            ])
        )
    };
    let unset = "unset-variable at split";
    check(&[
        ("asked on both", process(user("other", &asks("p-approved", true, &[]))), &[unset]),
        ("asked on one", process(pass("other")), &["gateway-may-strand at g", unset]),
    ]);
}

#[test]
fn answers_nobody_reads_and_variables_nobody_sets() {
    let service = |inside: &str| {
        format!(
            r#"<serviceTask id="c" name="Migrate" flowable:delegateExpression="${{restTask}}"><extensionElements><flowable:field name="url"><flowable:expression>/run{inside}</flowable:expression></flowable:field></extensionElements></serviceTask>"#
        )
    };
    let process = |prompt: &str, service: String| {
        format!(
            "{}{START}{}{service}{END}{}",
            declared(),
            user("ask", &asks(prompt, true, &[])),
            flows(&["start>ask", "ask>c", "c>end"])
        )
    };
    let captured = r#"<serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url"><flowable:expression>/run/${action}</flowable:expression></flowable:field>
        <flowable:executionListener event="end" delegateExpression="${jsonPathListener}"><flowable:field name="json"><flowable:expression>${responseBody}</flowable:expression></flowable:field>
        <flowable:field name="outputDataObjectName"><flowable:string>score</flowable:string></flowable:field><flowable:field name="jsonPath"><flowable:string>$.x</flowable:string></flowable:field></flowable:executionListener></extensionElements></serviceTask>"#;
    check(&[
        ("thrown away", process("p-action", service("")), &["unread-answer at ask"]),
        ("read by a call", process("p-action", service("?x=${action}")), &[]),
        ("read through a method", process("p-action", service("?x=${execution.getVariable('action')}")), &[]),
        ("nobody sets it", process("p-action", service("?x=${action}${score}")), &["unset-variable at c"]),
        (
            "asked for with something instead",
            process("p-action", service("?x=${action}${var:getOrDefault(score, 0)}")),
            &[],
        ),
        ("a listener sets it", process("p-action", captured.to_owned()), &[]),
        (
            "a script may read it",
            format!(
                "{}{START}{}<scriptTask id=\"c\"><script>print(action)</script></scriptTask>{END}{}",
                declared(),
                user("ask", &asks("p-action", true, &[])),
                flows(&["start>ask", "ask>c", "c>end"])
            ),
            &[],
        ),
        (
            "code that cannot be looked into may do anything",
            format!(
                "{}{START}{}<serviceTask id=\"c\" flowable:class=\"org.Some\"/>{END}{}",
                declared(),
                user("ask", &asks("p-action", true, &[])),
                flows(&["start>ask", "ask>c", "c>end"])
            ),
            &[],
        ),
    ]);
    // The bucket name the IT person types was never used.
    let text = message(&process("p-action", service("")), "unread-answer");
    assert!(
        text.contains("the call `Migrate` after it does not use it") && text.contains("“What next?”"),
        "{text}"
    );
}

#[test]
fn tasks_nobody_may_claim() {
    let task = |owner: &str, excluded: &str| {
        let potential = format!(
            "<potentialOwner><resourceAssignmentExpression><formalExpression>{owner}</formalExpression></resourceAssignmentExpression></potentialOwner>"
        );
        let excluded = match excluded {
            "" => String::new(),
            people => format!(
                r#"<extensionElements><flowable:customResource name="ExcludedOwner"><resourceAssignmentExpression><formalExpression>{people}</formalExpression></resourceAssignmentExpression></flowable:customResource></extensionElements>"#
            ),
        };
        format!("{START}{}{END}{}", user("t", &(excluded + &potential)), flows(&["start>t", "t>end"]))
    };
    const NOBODY: &[&str] = &["nobody-may-claim at t"];
    check(&[
        ("one is left", task("user(ana), user(bo)", "user(ana)"), &[]),
        ("none is left", task("user(ana), user(bo)", "user(bo), user(ana)"), NOBODY),
        ("the group is excluded", task("group(G)", "group(G)"), NOBODY),
        ("known only when it runs", task("user(ana)", "${starter}"), &["unset-variable at t"]),
        ("a group and an excluded user", task("group(G)", "user(ana)"), &[]),
        ("open to all", task("", "user(ana)"), &[]),
        ("a bare name that is excluded is a person's", task("user(ana)", "ana"), NOBODY),
        ("and no group's", task("group(G)", "G"), &[]),
    ]);
    let roster = Roster {
        groups: [("G".to_owned(), ["ana".to_owned()].into()), ("E".to_owned(), BTreeSet::new())].into(),
        users: [("boss".to_owned(), ["ana".to_owned()].into())].into(),
        ..Roster::default()
    };
    for (process, wanted) in [
        (task("group(G)", "user(ana)"), NOBODY),
        (task("group(E)", ""), NOBODY),
        (task("group(G)", "user(boss)"), NOBODY),
        (task("user(boss)", "group(G)"), NOBODY),
        (task("group(G)", "user(bo)"), &[]),
        (task("group(G), group(Unknown)", "user(ana)"), &[]),
        (task("group(G)", "boss"), NOBODY),
    ] {
        assert_eq!(said_of(&lint_with(&read(&process), now(), Some(&roster))), wanted, "{process}");
    }
    // The same task as an approval: whoever may take it must also be one who signs, and there must be enough of them.
    const FEW: &[&str] = &["too-few-may-sign at t"];
    let people = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    for (owner, excluded, signers, quorum, wanted) in [
        ("group(G)", "", &["vera"][..], 1, FEW),
        ("group(G)", "", &["bo"], 1, &[][..]),
        ("group(G)", "", &["bo"], 2, FEW),
        ("group(G)", "bo", &["ana", "bo"], 1, &[]),
        ("group(G)", "bo", &["ana", "bo"], 2, FEW),
        ("group(G)", "boss", &["ana", "bo"], 2, FEW),
        ("group(Unknown)", "", &[], 1, &[]),
        ("", "", &["ana", "vera"], 2, &[]),
        ("", "", &["ana", "vera"], 3, FEW),
        ("", "", &[], 1, FEW),
    ] {
        let roster = Roster {
            groups: [("G".to_owned(), people(&["ana", "bo"]))].into(),
            users: [("boss".to_owned(), people(&["ana"]))].into(),
            signers: people(signers),
            gates: [("t".to_owned(), quorum)].into(),
        };
        let told = said_of(&lint_with(&read(&task(owner, excluded)), now(), Some(&roster)));
        assert_eq!(told, wanted, "{owner} without {excluded}, {signers:?} for {quorum}");
    }
}

#[test]
fn timers_and_what_they_mean() {
    let process = |name: &str, timer: &str| {
        format!(
            r#"{START}<intermediateCatchEvent id="t" name="{name}"><timerEventDefinition>{timer}</timerEventDefinition></intermediateCatchEvent>{END}{}"#,
            flows(&["start>t", "t>end"])
        )
    };
    let cycle = |text: &str| format!("<timeCycle>{text}</timeCycle>");
    check(&[
        ("a plain wait", process("Wait", "<timeDuration>PT1H</timeDuration>"), &[]),
        (
            "the label lies",
            process("Wait 2 days", "<timeDuration>PT2H</timeDuration>"),
            &["timer-label at t"],
        ),
        ("the label is right", process("Wait one month", "<timeDuration>P1M</timeDuration>"), &[]),
        ("has passed", process("x", "<timeDate>2025-12-31</timeDate>"), &["timer-past at t"]),
        ("is to come", process("x", "<timeDate>2026-12-31</timeDate>"), &[]),
        ("no firing left", process("x", &cycle("R/PT1H/2025-01-01")), &["timer-never-fires at t"]),
        ("no such day", process("x", &cycle("0 0 0 31 4 ?")), &["timer-never-fires at t"]),
        (
            "mondays and fridays",
            process("Retrain every 4 weeks", &cycle("0 2 * * 1/4")),
            &["cycle-meaning at t"],
        ),
        ("every monday", process("Retrain weekly", &cycle("0 2 * * 1")), &[]),
        (
            "mondays and fridays, in Portuguese",
            process("Retreinar a cada 4 semanas", &cycle("0 2 * * 1/4")),
            &["cycle-meaning at t"],
        ),
        ("every monday, in Portuguese", process("Retreino semanal", &cycle("0 2 * * 1")), &[]),
        ("not an expression", process("x", &cycle("INVALID")), &["timer at t"]),
    ]);
    // Documented as every four weeks, it fired on Mondays and Fridays.
    let text = message(&process("Retrain every 4 weeks", &cycle("0 2 * * 1/4")), "cycle-meaning");
    for piece in
        ["Mondays and Fridays", "not what its label", "R/P4W", "2026-01-02T02:00:00Z", "2026-02-02T02:00:00Z"]
    {
        assert!(text.contains(piece), "{piece}: {text}");
    }
}

#[test]
fn secrets_are_found_and_not_repeated() {
    let process = format!(
        r#"<dataObject id="d" name="apiKey" itemSubjectRef="xsd:string"><extensionElements><flowable:value>hunter22hunter</flowable:value></extensionElements></dataObject>{START}
        <serviceTask id="c" flowable:delegateExpression="${{restTask}}"><extensionElements><flowable:field name="url"><flowable:string>https://u:hunter22@host/x</flowable:string></flowable:field>
        <flowable:field name="headers"><flowable:string>{{"Accept": "*/*"}}</flowable:string></flowable:field></extensionElements></serviceTask>{END}{}"#,
        flows(&["start>c", "c>end"])
    );
    assert_eq!(said(&process), ["secret-literal at c", "secret-literal at d"]);
    for diagnostic in lint(&read(&process), now()) {
        assert_eq!(diagnostic.severity, Severity::Error, "it is not started with a secret in it");
        assert!(!diagnostic.message.contains("hunter22"), "{}", diagnostic.message);
    }
}

#[test]
fn flows_listed_at_one_end_only() {
    let process = |incoming: &str| {
        format!(
            r#"<startEvent id="start"><outgoing>f0</outgoing></startEvent><endEvent id="end">{incoming}</endEvent>{}"#,
            flows(&["start>end"])
        )
    };
    check(&[
        ("both ends", process("<incoming>f0</incoming>"), &[]),
        ("one end", process(""), &["flow-lists-disagree at end"]),
        ("neither", format!("{START}{END}{}", flows(&["start>end"])), &[]),
    ]);
    assert_eq!(lint(&read(&process("")), now())[0].severity, Severity::Error);
}

/// The migration call never used the bucket name, and the approval could be left open: lint says both.
#[test]
fn the_real_migration_process() {
    for file in files(&["bpmn/sas"]) {
        let diagnostics = lint(&Definition::parse(std::fs::read(&file).unwrap()).unwrap(), now());
        assert!(
            diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning),
            "{}",
            file.display()
        );
        if file.ends_with("ModelOps for GCP.bpmn") {
            let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
            assert_eq!(codes, ["optional-decision", "unset-variable", "unread-answer", "gateway-may-strand"]);
            assert!(diagnostics[2].message.contains("`BucketName`: the call `Migrate to GCP` after it"));
            assert!(diagnostics[3].message.contains("while `ModelIsApproved` has no value"));
        }
    }
}

#[test]
fn what_must_be_reported_is() {
    for file in files(&["bpmn/invalid"]) {
        let diagnostics = match Definition::parse(std::fs::read(&file).unwrap()) {
            Ok(definition) => lint(&definition, now()),
            Err(_) => continue,
        };
        let error = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        assert!(error, "{}: {diagnostics:?}", file.display());
    }
}

#[test]
fn lint_adds_no_error_to_what_reading_found() {
    for file in files(&["bpmn/betsy", "bpmn/flowable", "bpmn/miwg", "bpmn/sas"]) {
        let Ok(definition) = Definition::parse(std::fs::read(&file).unwrap()) else { continue };
        let added = lint(&definition, now()).split_off(definition.diagnostics.len());
        let error = added.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        assert_eq!(error, None, "{}", file.display());
    }
}

/// Definitions made to keep lint busy: islands, choices with thousands of ways, endless chains of optional answers.
#[test]
fn hostile_definitions_are_linted_in_bounded_time() {
    let many = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let islands = many(6_000, &|at| format!(r#"<task id="i{at}"/>"#));
    let links = many(1_000, &|at| {
        format!(
            r#"<intermediateThrowEvent id="l{at}"><linkEventDefinition name="n"/></intermediateThrowEvent>"#
        )
    });
    let ways = many(500, &|at| {
        format!(
            r#"<sequenceFlow id="w{at}" sourceRef="g" targetRef="end"><conditionExpression><![CDATA[${{v{} == 'x{at}' && u{} > {at}}}]]></conditionExpression></sequenceFlow>"#,
            at % 40,
            at % 7
        )
    });
    let asked = many(1_000, &|at| {
        format!(
            r#"<userTask id="t{at}"><extensionElements><flowable:formProperty id="v{}"/></extensionElements></userTask><sequenceFlow id="f{at}" sourceRef="t{at}" targetRef="t{}"/>"#,
            at % 40,
            at + 1
        )
    });
    let circle = r#"<task id="t1000"/><sequenceFlow id="back" sourceRef="t1000" targetRef="t0"/><sequenceFlow id="out" sourceRef="t1000" targetRef="g"/>"#;
    let first = r#"<sequenceFlow id="first" sourceRef="start" targetRef="t0"/>"#;
    let began = std::time::Instant::now();
    let definition =
        read(&format!("{START}{END}{}{first}{islands}{links}{ways}{asked}{circle}", gateway("g", "")));
    let parsed = began.elapsed();
    let said = said_of(&lint(&definition, now()));
    assert!(said.iter().filter(|said| said.starts_with("unreachable")).count() <= TOLD_MAX);
    assert!(said.contains(&"gateway-may-strand at g".to_owned()), "{said:?}");
    assert!((began.elapsed() - parsed).as_secs() < 20, "lint took {:?} after {parsed:?}", began.elapsed());
    println!("read in {parsed:?}, linted in {:?}", began.elapsed() - parsed);
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// A level of a process at random: elements, flows between them that need not make sense, sub-processes.
fn random_level(chance: &mut Chance, prefix: &str, depth: usize) -> String {
    const TIMER: &str = "<timerEventDefinition><timeCycle>0 2 * * 1/4</timeCycle></timerEventDefinition>";
    let count = 1 + chance.below(9);
    let mut level = String::new();
    for at in 0..count {
        let id = format!("{prefix}n{at}");
        let host = format!("{prefix}n{}", chance.below(count));
        level += &match chance.below(14) {
            0 | 1 => format!(r#"<startEvent id="{id}"/>"#),
            2 | 3 => format!(r#"<endEvent id="{id}"/>"#),
            4 => user(&id, &asks(chance.pick(&["p-approved", "p-action", "p-score"]), at % 2 == 0, &[])),
            5 => gateway(&id, ""),
            6 => format!(r#"<parallelGateway id="{id}"/>"#),
            7 => format!(r#"<inclusiveGateway id="{id}"/>"#),
            8 => format!(r#"<boundaryEvent id="{id}" attachedToRef="{host}">{TIMER}</boundaryEvent>"#),
            9 => format!(
                r#"<intermediateCatchEvent id="{id}"><linkEventDefinition name="l"/></intermediateCatchEvent>"#
            ),
            10 => format!(
                r#"<intermediateThrowEvent id="{id}"><linkEventDefinition name="l"/></intermediateThrowEvent>"#
            ),
            11 => format!(r#"<scriptTask id="{id}"><script>action = score</script></scriptTask>"#),
            12 if depth < 3 => {
                let inner = random_level(chance, &format!("{id}-"), depth + 1);
                format!(r#"<subProcess id="{id}" triggeredByEvent="{}">{inner}</subProcess>"#, at % 2 == 0)
            }
            _ => pass(&id),
        };
    }
    for at in 0..chance.below(count * 2 + 1) {
        let condition = chance.pick(&[
            "",
            "",
            "${approved=='True'}",
            "${approved==false}",
            "${action=='go' || score > 0.5}",
            "${empty action}",
            "${score / action == 1}",
            "${other}",
            "${1 == 2}",
        ]);
        let condition = match condition {
            "" => String::new(),
            text => format!("<conditionExpression><![CDATA[{text}]]></conditionExpression>"),
        };
        level += &format!(
            r#"<sequenceFlow id="{prefix}f{at}" sourceRef="{prefix}n{}" targetRef="{prefix}n{}">{condition}</sequenceFlow>"#,
            chance.below(count),
            chance.below(count)
        );
    }
    level
}

#[test]
fn random_processes_are_linted_the_same_twice_and_without_panic() {
    let mut chance = Chance(7);
    let mut codes = BTreeSet::new();
    for _ in 0..400 {
        let process = declared() + &random_level(&mut chance, "", 0);
        let definition = read(&process);
        let diagnostics = lint(&definition, now());
        assert_eq!(diagnostics, lint(&definition, now()), "{process}");
        for diagnostic in
            diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Warning)
        {
            let element = diagnostic.element.unwrap();
            assert!(
                process.contains(&format!("\"{element}\"")) || element == "p",
                "{element} is not in {process}"
            );
            codes.insert(diagnostic.code);
        }
    }
    for code in [
        "unreachable",
        "never-ends",
        "busy-loop",
        "gateway-may-strand",
        "condition-never-true",
        "unread-answer",
    ] {
        assert!(codes.contains(code), "no random process showed {code}: {codes:?}");
    }
}

/// Bytes of a definition changed at random: refused or linted, never a panic.
#[test]
fn broken_documents_are_refused_or_linted() {
    let whole = read(&(declared() + &random_level(&mut Chance(3), "", 0))).document.text().to_owned();
    let mut chance = Chance(11);
    let (mut refused, mut linted) = (0, 0);
    for _ in 0..1500 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..1 + chance.below(4) {
            let at = chance.below(bytes.len());
            match chance.below(3) {
                0 => bytes[at] = b"<>\"&/ax0${}"[chance.below(11)],
                1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(whole.len() / 2)),
            }
        }
        match Definition::parse(bytes) {
            Err(_) => refused += 1,
            Ok(definition) => {
                linted += 1;
                lint(&definition, now());
                crate::geometry::normalised_xml(&definition.document);
            }
        }
    }
    assert!(refused > 100 && linted > 100, "{refused} refused, {linted} linted");
}

/// The definitions in folders of the cases; none, with a note, if they are not at hand.
fn files(folders: &[&str]) -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases");
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| cases.join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("skipped: {} is not at hand", folder.display());
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => waiting.push(path),
                false
                    if path
                        .extension()
                        .is_some_and(|extension| extension == "bpmn" || extension == "xml") =>
                {
                    files.push(path);
                }
                false => {}
            }
        }
    }
    files.sort();
    files
}
