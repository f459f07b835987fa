//! What is listed in an element's extensions, and what is declared for it at the root: everything that was not named
//! keeps its bytes, and what was written is taken away again.

use super::*;

/// A document as other tools write one: comments, CDATA, single quotes, tabs, extensions of strangers.
const FOREIGN: &str = "<?xml version='1.0' encoding='UTF-8'?>\r\n\
<bpmn2:definitions xmlns:bpmn2='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:flowable=\"http://flowable.org/bpmn\" xmlns:x='urn:strange' targetNamespace='urn:t'>\r\n\
\t<!-- declared --><bpmn2:error id='e1' errorCode='E1'/>\r\n\
\t<bpmn2:escalation id='esc1' name='Late' escalationCode='late'><bpmn2:documentation>kept</bpmn2:documentation></bpmn2:escalation>\r\n\
\t<bpmn2:process id='p'>\r\n\
\t\t<bpmn2:startEvent id='s'  name='Go &amp; see'/>\r\n\
\t\t<bpmn2:sequenceFlow id='f1' sourceRef='s' targetRef='job'/>\r\n\
\t\t<bpmn2:serviceTask id='job' flowable:delegateExpression='${jobTask}' flowable:triggerable='true'>\r\n\
\t\t\t<bpmn2:extensionElements>\r\n\
\t\t\t\t<x:own  a='1'/>\r\n\
\t\t\t\t<flowable:field name='jobDefinitionUri'><flowable:string><![CDATA[/jobs/1]]></flowable:string></flowable:field>\r\n\
\t\t\t\t<flowable:executionListener event='start' delegateExpression='${jobArgumentListener}' x:mark='m'>\r\n\
\t\t\t\t\t<flowable:field name='jobArgumentName'><flowable:string><![CDATA[a]]></flowable:string></flowable:field>\r\n\
\t\t\t\t\t<flowable:field name='jobArgumentValue'><flowable:expression><![CDATA[${A}]]></flowable:expression></flowable:field>\r\n\
\t\t\t\t</flowable:executionListener>\r\n\
\t\t\t\t<!-- between -->\r\n\
\t\t\t\t<flowable:executionListener delegateExpression='${strange}' event='end'/>\r\n\
\t\t\t\t<flowable:executionListener event='start' delegateExpression=' #{jobArgumentListener} '>\r\n\
\t\t\t\t\t<flowable:field name='jobArgumentName' stringValue='b'/>\r\n\
\t\t\t\t\t<flowable:field name='jobArgumentValue' stringValue='2'/>\r\n\
\t\t\t\t</flowable:executionListener>\r\n\
\t\t\t\t<flowable:executionListener event='end' delegateExpression='${jsonPathListener}'>\r\n\
\t\t\t\t\t<flowable:field name='json' expression='${Reply}'/>\r\n\
\t\t\t\t\t<flowable:field name='outputDataObjectName' stringValue='Id'/>\r\n\
\t\t\t\t\t<flowable:field name='jsonPath' stringValue='$.id'/>\r\n\
\t\t\t\t\t<flowable:field name='optional' stringValue='false'/>\r\n\
\t\t\t\t</flowable:executionListener>\r\n\
\t\t\t</bpmn2:extensionElements>\r\n\
\t\t</bpmn2:serviceTask>\r\n\
\t\t<bpmn2:sequenceFlow id='f2' sourceRef='job' targetRef='many'/>\r\n\
\t\t<bpmn2:userTask id='many'>\r\n\
\t\t\t<bpmn2:multiInstanceLoopCharacteristics isSequential='false'>\r\n\
\t\t\t\t<bpmn2:loopDataInputRef>People</bpmn2:loopDataInputRef>\r\n\
\t\t\t\t<bpmn2:inputDataItem name='Who'/>\r\n\
\t\t\t</bpmn2:multiInstanceLoopCharacteristics>\r\n\
\t\t</bpmn2:userTask>\r\n\
\t\t<bpmn2:boundaryEvent id='b' attachedToRef='many'>\r\n\
\t\t\t<bpmn2:errorEventDefinition errorRef='e1'/>\r\n\
\t\t</bpmn2:boundaryEvent>\r\n\
\t\t<bpmn2:sequenceFlow id='f3' sourceRef='many' targetRef='call'/>\r\n\
\t\t<bpmn2:callActivity id='call' calledElement='other'>\r\n\
\t\t\t<bpmn2:extensionElements>\r\n\
\t\t\t\t<flowable:in source='A' target='B'/>\r\n\
\t\t\t\t<flowable:in businessKey='${key}'/>\r\n\
\t\t\t\t<flowable:in sourceExpression='5' target='C'/>\r\n\
\t\t\t\t<flowable:out source='R' target='S' x:mark='m'/>\r\n\
\t\t\t</bpmn2:extensionElements>\r\n\
\t\t</bpmn2:callActivity>\r\n\
\t\t<bpmn2:sequenceFlow id='f4' sourceRef='b' targetRef='end'/>\r\n\
\t\t<bpmn2:endEvent id='end'/>\r\n\
\t</bpmn2:process>\r\n\
</bpmn2:definitions>\r\n";

fn foreign() -> Document {
    Document::parse(FOREIGN).unwrap()
}

fn argument(name: &str, value: &str) -> Listener {
    Listener::JobArgument { event: Moment::Start, name: name.into(), value: value.into() }
}

fn listen(listeners: &[Listener]) -> Change {
    set("job", Property::Listeners { listeners: listeners.to_vec() })
}

fn pass(source: &str, target: &str) -> Passed {
    Passed { all: false, source: source.into(), target: target.into() }
}

fn over(collection: &str, item: &str, until: &str) -> Option<Repeated> {
    let Repeated::Multi { sequential, times, index, .. } = each("", "") else { panic!() };
    Some(Repeated::Multi {
        sequential,
        times,
        index,
        collection: collection.into(),
        item: item.into(),
        until: until.into(),
    })
}

#[test]
fn what_others_wrote_is_read() {
    let job = of(&foreign(), "job");
    assert_eq!(job.kind, Some(Kind::Job));
    assert_eq!(
        job.job,
        Some(JobOf { by: JobField::JobDefinitionUri, text: "/jobs/1".into(), triggerable: true })
    );
    assert_eq!(job.listeners, [argument("a", "${A}"), argument("b", "2")]);
    assert_eq!(job.captures, [Captured { json: "${Reply}".into(), ..reply("$.id", "Id") }]);
    assert_eq!(of(&foreign(), "many").repeat, over("People", "Who", ""));
    assert_eq!(of(&foreign(), "b").error, "E1");
    let call = of(&foreign(), "call");
    assert_eq!(
        (call.called.as_str(), call.inputs, call.outputs),
        ("other", vec![pass("A", "B"), pass("${'5'}", "C")], vec![pass("R", "S")])
    );
}

/// One change each, and exactly what of the text it is.
#[test]
fn only_what_is_named_changes() {
    let line = |tabs: usize, text: &str| format!("\r\n{}{text}", "\t".repeat(tabs));
    let first = |name: &str, value: &str| -> String {
        [
            line(4, "<flowable:executionListener event=\"start\" delegateExpression=\"${jobArgumentListener}\">"),
            line(5, &format!("<flowable:field name=\"jobArgumentName\">{}<flowable:string>{name}</flowable:string>{}</flowable:field>", line(6, ""), line(5, ""))),
            line(5, &format!("<flowable:field name=\"jobArgumentValue\">{}<flowable:string>{value}</flowable:string>{}</flowable:field>", line(6, ""), line(5, ""))),
            line(4, "</flowable:executionListener>"),
        ]
        .concat()
    };
    let between =
        "\r\n\t\t\t\t<flowable:executionListener event='end' delegateExpression='${jsonPathListener}'>";
    let (a, b) = (argument("a", "${A}"), argument("b", "2"));
    /// A change, what it takes the place of, and what is there then.
    type Row = (Change, String, String);
    let capture = Captured { json: "${Reply}".into(), ..reply("$.id", "Id") };
    let second = &FOREIGN[FOREIGN
        .find("\r\n\t\t\t\t<flowable:executionListener event='start' delegateExpression=' #")
        .unwrap()..FOREIGN.find(between).unwrap()];
    let rows: Vec<Row> = vec![
        (listen(&[argument("a", "${B}"), b.clone()]), "${A}".into(), "${B}".into()),
        (listen(&[a.clone(), argument("c", "2")]), "stringValue='b'".into(), "stringValue='c'".into()),
        (listen(std::slice::from_ref(&a)), second.into(), String::new()),
        (
            listen(&[a.clone(), b.clone(), argument("c", "3")]),
            between.into(),
            format!("{}{between}", first("c", "3")),
        ),
        (
            set("job", Property::Captures { captures: vec![Captured { optional: true, ..capture.clone() }] }),
            "name='optional' stringValue='false'".into(),
            "name='optional' stringValue='true'".into(),
        ),
        (
            set(
                "job",
                Property::Captures { captures: vec![Captured { event: Moment::Start, ..capture.clone() }] },
            ),
            "event='end' delegateExpression='${jsonPathListener}'".into(),
            "event='start' delegateExpression='${jsonPathListener}'".into(),
        ),
        (
            set("job", Property::Job { by: JobField::JobDefinitionUri, text: "/jobs/2".into() }),
            "/jobs/1".into(),
            "/jobs/2".into(),
        ),
        (
            set("job", Property::Triggerable { is: false }),
            " flowable:triggerable='true'".into(),
            String::new(),
        ),
        (
            set("many", Property::Repeat { repeat: over("Others", "Who", "") }),
            ">People<".into(),
            ">Others<".into(),
        ),
        (
            set("many", Property::Repeat { repeat: over("People", "One", "") }),
            "name='Who'".into(),
            "name='One'".into(),
        ),
        (
            set("many", Property::Repeat { repeat: over("People", "Who", "${x}") }),
            "<bpmn2:inputDataItem name='Who'/>".into(),
            format!(
                "<bpmn2:inputDataItem name='Who'/>{}",
                line(
                    4,
                    "<bpmn2:completionCondition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"bpmn2:tFormalExpression\">${x}</bpmn2:completionCondition>"
                )
            ),
        ),
        (set("call", Property::Called { text: "${Which}".into() }), "'other'".into(), "'${Which}'".into()),
        (
            set("call", Property::Inputs { passed: vec![pass("${A.b}", "B"), pass("${'5'}", "C")] }),
            "<flowable:in source='A'".into(),
            "<flowable:in sourceExpression=\"${A.b}\"".into(),
        ),
        (
            set("call", Property::Inputs { passed: vec![pass("A", "B"), pass("${'6'}", "C")] }),
            "sourceExpression='5'".into(),
            "sourceExpression='${&apos;6&apos;}'".into(),
        ),
        (
            set("call", Property::Outputs { passed: vec![pass("R", "T")] }),
            "target='S'".into(),
            "target='T'".into(),
        ),
        (
            set("call", Property::Outputs { passed: vec![] }),
            "\r\n\t\t\t\t<flowable:out source='R' target='S' x:mark='m'/>".into(),
            String::new(),
        ),
        (
            set("call", Property::Inherit { is: true }),
            "<bpmn2:callActivity".into(),
            "<bpmn2:callActivity flowable:inheritVariables=\"true\"".into(),
        ),
    ];
    for (change, before, after) in rows {
        assert_eq!(FOREIGN.matches(&before).count(), 1, "{before}");
        let with = apply(&foreign(), std::slice::from_ref(&change)).unwrap();
        assert_eq!(with.text(), FOREIGN.replace(&before, &after), "{change:?}");
        let again = apply(&with, std::slice::from_ref(&change)).unwrap();
        assert_eq!(again, with, "{change:?} twice is not once");
    }
}

#[test]
fn what_is_declared_at_the_root_is_shared_and_goes_with_its_last_event() {
    let error = |text: &str| set("b", Property::Error { text: text.into() });
    let declared = "<bpmn2:error id='e1' errorCode='E1'/>";
    let other = apply(&foreign(), &[error("E 2")]).unwrap();
    assert!(
        !other.text().contains(declared) && other.text().contains("errorCode=\"E 2\""),
        "{}",
        other.text()
    );
    assert_eq!(of(&other, "b").error, "E 2");
    let any = apply(&foreign(), &[error("")]).unwrap();
    assert!(!any.text().contains("errorRef") && !any.text().contains(declared), "{}", any.text());
    let shared = apply(
        &foreign(),
        &[add("bad", Kind::ErrorEnd, "p"), set("bad", Property::Error { text: "E1".into() })],
    )
    .unwrap();
    assert!(
        shared.text().contains("errorRef=\"e1\"") && !shared.text().contains("errorCode=\"bad\""),
        "{}",
        shared.text()
    );
    let left = apply(&shared, &[error("E3")]).unwrap();
    assert!(left.text().contains(declared), "the other event still throws it");
    let late =
        [add("late", Kind::EscalationEnd, "p"), set("late", Property::Escalation { text: "late".into() })];
    let late = apply(&foreign(), &late).unwrap();
    assert!(late.text().contains("escalationRef=\"esc1\""), "{}", late.text());
    let never = apply(&late, &[set("late", Property::Escalation { text: String::new() })]).unwrap();
    assert!(never.text().contains("kept"), "what holds more than its code stays");
}

#[test]
fn what_is_declared_at_the_root_goes_with_the_last_element_that_speaks_of_it() {
    let before = foreign();
    let more = [
        add("sub", Kind::SubProcess, "p"),
        add("go", Kind::Send, "sub"),
        add("wait", Kind::Receive, "p"),
        set("go", Property::Message { text: "Ready".into() }),
        set("wait", Property::Message { text: "Ready".into() }),
    ];
    let with = apply(&before, &more).unwrap();
    assert_eq!(with.text().matches("<bpmn2:message ").count(), 1, "{}", with.text());
    let one = apply(&with, &[Change::Remove { ids: vec!["wait".into()] }]).unwrap();
    assert!(
        one.text().contains("name=\"Ready\""),
        "the one in the sub-process still speaks of it: {}",
        one.text()
    );
    let none = apply(&one, &[Change::Remove { ids: vec!["sub".into()] }]).unwrap();
    assert!(!none.text().contains("<bpmn2:message "), "nothing speaks of it any more: {}", none.text());
    let alone = apply(&before, &[Change::Remove { ids: vec!["many".into()] }]).unwrap();
    assert!(!alone.text().contains("<bpmn2:error "), "the boundary went with its task: {}", alone.text());
    assert!(alone.text().contains("esc1"), "what nothing spoke of before stays: {}", alone.text());
}

/// What a property wrote is taken away again with it: the bytes are those from before.
#[test]
fn what_was_written_is_taken_away_again() {
    let before = template("migration");
    let before = apply(
        &before,
        &[
            add("job", Kind::Job, "migration-to-google-cloud"),
            add("call", Kind::CallProcess, "migration-to-google-cloud"),
            Change::Add {
                id: "bad".into(),
                kind: Kind::ErrorBoundary,
                into: "migration-to-google-cloud".into(),
                host: Some("build".into()),
                name: String::new(),
                bounds: small(1.0, 2.0),
            },
        ],
    )
    .unwrap();
    let rows: Vec<(&str, Property, Property)> = vec![
        ("approve", Property::Repeat { repeat: Some(rounds("2")) }, Property::Repeat { repeat: None }),
        (
            "approve",
            Property::Repeat { repeat: over("People", "Who", "${x}") },
            Property::Repeat { repeat: None },
        ),
        (
            "approve",
            Property::Listeners {
                listeners: vec![Listener::Participants {
                    event: Moment::Create,
                    participants: "${x}".into(),
                }],
            },
            Property::Listeners { listeners: vec![] },
        ),
        (
            "unanswered",
            Property::Captures { captures: vec![reply("$.a", "A")] },
            Property::Captures { captures: vec![] },
        ),
        (
            "job",
            Property::Listeners { listeners: vec![argument("a", "1")] },
            Property::Listeners { listeners: vec![] },
        ),
        ("bad", Property::Error { text: "E1".into() }, Property::Error { text: String::new() }),
        (
            "bad",
            Property::ErrorVariable { text: "Code".into() },
            Property::ErrorVariable { text: String::new() },
        ),
        ("call", Property::Inherit { is: true }, Property::Inherit { is: false }),
        ("job", Property::Tries { text: "R2/PT1M".into() }, Property::Tries { text: String::new() }),
    ];
    for (id, wrote, removes) in rows {
        let with = apply(&before, &[set(id, wrote.clone())]).unwrap();
        assert_ne!(with, before, "{wrote:?}");
        let without = apply(&with, &[set(id, removes)]).unwrap();
        assert_eq!(without.text(), before.text(), "{wrote:?}");
    }
}

/// Lists are set to random others: what is asked for is read back, and nothing outside the element changes.
#[test]
fn random_lists_are_read_back_and_touch_nothing_else() {
    let outside = |document: &Document, id: &str| {
        let tree = document.tree().unwrap();
        let range = element(tree.root_element(), id).unwrap().range();
        (document.text()[..range.start].to_owned(), document.text()[range.end..].to_owned())
    };
    for seed in 1..60u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut document = foreign();
        for step in 0..6 {
            let names = ["a", "b", "c", "d"];
            let values = ["1", "${A}", "${B} <&> \"x\"", "two\nlines"];
            let listeners: Vec<Listener> =
                (0..dice.roll(5)).map(|_| argument(names[dice.roll(4)], values[dice.roll(4)])).collect();
            let captures: Vec<Captured> = (0..dice.roll(4))
                .map(|_| Captured {
                    optional: dice.roll(2) == 0,
                    event: [Moment::Start, Moment::End][dice.roll(2)],
                    ..reply(["$.a", "$.b"][dice.roll(2)], names[dice.roll(4)])
                })
                .collect();
            let passed: Vec<Passed> = (0..dice.roll(4))
                .map(|_| match dice.roll(3) {
                    0 => Passed { all: true, source: String::new(), target: String::new() },
                    1 => pass("${x + 1}", names[dice.roll(4)]),
                    _ => pass(names[dice.roll(4)], names[dice.roll(4)]),
                })
                .collect();
            let (id, change) = match dice.roll(4) {
                0 => ("job", listen(&listeners)),
                1 => ("job", set("job", Property::Captures { captures: captures.clone() })),
                2 => ("call", set("call", Property::Inputs { passed: passed.clone() })),
                _ => ("call", set("call", Property::Outputs { passed: passed.clone() })),
            };
            let after = apply(&document, std::slice::from_ref(&change)).unwrap();
            assert_eq!(outside(&after, id), outside(&document, id), "seed {seed}, step {step}: {change:?}");
            let shown = of(&after, id);
            let Change::Set { set: property, .. } = &change else { panic!() };
            let as_asked = match property {
                Property::Listeners { .. } => shown.listeners == listeners,
                Property::Captures { .. } => shown.captures == captures,
                Property::Inputs { .. } => shown.inputs == passed,
                _ => shown.outputs == passed,
            };
            assert!(as_asked, "seed {seed}, step {step}: {change:?}\n{}", after.text());
            for kept in ["<x:own  a='1'/>", "<!-- between -->", "'${strange}'", "businessKey='${key}'"] {
                assert!(after.text().contains(kept), "seed {seed}, step {step}: {kept} is gone");
            }
            document = after;
        }
    }
}
