use super::*;
use crate::model::Definition;

mod listed;
mod messages;
mod refused;
mod runs;

const SPACE: Rectangle = Rectangle { x: 400.0, y: 300.0, width: 100.0, height: 80.0 };

fn small(x: f64, y: f64) -> Rectangle {
    Rectangle { x, y, width: 36.0, height: 36.0 }
}

fn add(id: &str, kind: Kind, into: &str) -> Change {
    Change::Add { id: id.into(), kind, into: into.into(), host: None, name: id.into(), bounds: SPACE }
}

fn connect(id: &str, source: &str, target: &str) -> Change {
    let points = vec![Spot { x: 1.0, y: 2.0 }, Spot { x: 3.0, y: 4.5 }];
    Change::Connect { id: id.into(), source: source.into(), target: target.into(), points }
}

fn set(id: &str, set: Property) -> Change {
    Change::Set { id: id.into(), set }
}

fn excluded(groups: &[&str], users: &[&str], stand_ins: &[&str]) -> Property {
    let named = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    Property::Excluded {
        excluded: Excluded { groups: named(groups), users: named(users), stand_ins: named(stand_ins) },
    }
}

fn reply(path: &str, variable: &str) -> Captured {
    Captured {
        path: path.into(),
        variable: variable.into(),
        json: "${responseBody}".into(),
        optional: false,
        event: Moment::End,
    }
}

/// So many rounds, one after another.
fn rounds(times: &str) -> Repeated {
    Repeated::Multi {
        sequential: true,
        times: times.into(),
        collection: String::new(),
        item: String::new(),
        index: String::new(),
        until: String::new(),
    }
}

/// A round for each thing, side by side.
fn each(collection: &str, item: &str) -> Repeated {
    Repeated::Multi {
        sequential: false,
        times: String::new(),
        collection: collection.into(),
        item: item.into(),
        index: String::new(),
        until: String::new(),
    }
}

fn heard(id: &str, one: Listener) -> Change {
    set(id, Property::Listeners { listeners: vec![one] })
}

fn template(name: &str) -> Document {
    let all = crate::templates::all();
    Document::parse(all.iter().find(|one| one.name == name).unwrap().document).unwrap()
}

fn of(document: &Document, id: &str) -> Details {
    let definition = Definition::read(document.clone());
    read(&definition).into_iter().find(|details| details.id == id).unwrap()
}

/// Everything that runs, drawn from nothing, has no errors and says what it was made to say.
#[test]
fn a_process_is_drawn_from_nothing() {
    let changes = [
        add("approve", Kind::Approve, "p"),
        connect("f1", "start", "approve"),
        add("way", Kind::Exclusive, "p"),
        connect("f2", "approve", "way"),
        add("migrate", Kind::Migrate, "p"),
        connect("f3", "way", "migrate"),
        set("f3", Property::Condition { text: "${ModelIsApproved == true}".into() }),
        add("tell", Kind::Notify, "p"),
        connect("f4", "way", "tell"),
        set("f4", Property::Default { is: true }),
        add("end", Kind::End, "p"),
        connect("f5", "migrate", "end"),
        connect("f6", "tell", "end"),
        Change::Add {
            id: "late".into(),
            kind: Kind::TimerBoundary,
            into: "p".into(),
            host: Some("approve".into()),
            name: "One day".into(),
            bounds: small(410.0, 362.0),
        },
        add("remind", Kind::Notify, "p"),
        connect("f7", "late", "remind"),
        add("reminded", Kind::End, "p"),
        connect("f8", "remind", "reminded"),
    ];
    let drawn = apply(&blank("p", "Ours").unwrap(), &changes).unwrap();
    let definition = Definition::read(drawn.clone());
    assert_eq!(definition.diagnostics, [], "{}", drawn.text());
    let approve = of(&drawn, "approve");
    assert_eq!(
        (approve.kind, approve.groups.as_slice()),
        (Some(Kind::Approve), ["validator".to_owned()].as_slice())
    );
    assert_eq!(approve.prompts[0].variable, "ModelIsApproved");
    assert_eq!(approve.prompts[0].choices.len(), 2);
    assert_eq!(of(&drawn, "migrate").action.unwrap().name, "migrate");
    assert_eq!(of(&drawn, "f3").condition, "${ModelIsApproved == true}");
    assert!(of(&drawn, "f4").default);
    assert!(!of(&drawn, "late").interrupting);
    let drawing = crate::geometry::Drawing::of(&drawn);
    assert_eq!((drawing.shapes.len(), drawing.edges.len()), (9, 8));
    assert!(drawn.text().contains("\n    <exclusiveGateway default=\"f4\" id=\"way\""), "{}", drawn.text());

    let gone = apply(&drawn, &[Change::Remove { ids: vec!["approve".into()] }]).unwrap();
    for id in ["approve", "late", "f1", "f2", "f7"] {
        assert!(!gone.text().contains(&format!("\"{id}\"")), "{id} is still in {}", gone.text());
    }
    assert!(gone.text().contains("\"remind\""));
}

#[test]
fn every_kind_can_be_drawn_and_is_read_as_what_it_is() {
    let json = |kind: &str| serde_json::from_value::<Kind>(serde_json::Value::from(kind)).unwrap();
    for name in [
        "timer-start",
        "message-start",
        "end",
        "terminate-end",
        "task",
        "approve",
        "find-project",
        "build",
        "migrate",
        "train",
        "score",
        "report",
        "publish",
        "choose",
        "keep",
        "champion",
        "notify",
        "mail",
        "call",
        "exclusive",
        "parallel",
        "inclusive",
        "event-based",
        "timer",
        "message",
        "signal",
        "timer-boundary",
        "message-boundary",
        "error-boundary",
        "sub-process",
        "annotation",
        "signal-start",
        "error-start",
        "escalation-start",
        "message-end",
        "signal-end",
        "error-end",
        "escalation-end",
        "job",
        "receive",
        "call-process",
        "message-throw",
        "signal-throw",
        "escalation-throw",
        "link-throw",
        "link-catch",
        "signal-boundary",
        "escalation-boundary",
        "event-sub-process",
        "condition-start",
        "send",
        "condition",
        "condition-boundary",
    ] {
        let kind = json(name);
        let boundary = name.ends_with("boundary");
        let change = Change::Add {
            id: "new".into(),
            kind,
            into: "migration-to-google-cloud".into(),
            host: boundary.then(|| "approve".into()),
            name: "Something new".into(),
            bounds: SPACE,
        };
        let with = apply(&template("migration"), &[change]).unwrap();
        let definition = Definition::read(with.clone());
        // What is wrong only as long as it stands alone, or where it stands.
        let unfinished = |code: &str| {
            ["dead-end", "broken-link", "event-sub-process-start", "unsupported-start"].contains(&code)
        };
        let wrong = definition
            .diagnostics
            .iter()
            .filter(|one| one.severity == crate::Severity::Error && !unfinished(&one.code));
        assert_eq!(wrong.count(), 0, "{name}: {:?}", definition.diagnostics);
        assert_eq!(of(&with, "new").kind, Some(kind));
        let without = apply(&with, &[Change::Remove { ids: vec!["new".into()] }]).unwrap();
        // The variable and the question of an approval stay: others may use them.
        let left = without != template("migration") && kind != Kind::Approve;
        assert!(
            !left && !without.text().contains("\"new\""),
            "{name} left something behind: {}",
            without.text()
        );
    }
}

/// A property that is set is read back, and set again to what it was leaves the document as it was.
#[test]
fn properties_are_set_and_read_back() {
    let question = Question {
        variable: "Grade".into(),
        question: "How good is it?\nSay <one> & only one".into(),
        kind: DataType::Long,
        required: true,
        choices: vec![
            Choice { label: "Fine".into(), value: "1".into() },
            Choice { label: "Bad".into(), value: "2".into() },
        ],
    };
    /// Element, what is set, how it is read back, and what must be read.
    type Row<'a> = (&'a str, Property, fn(&Details) -> String, &'a str);
    let rows: Vec<Row<'_>> = vec![
        ("approve", Property::Name { text: "A \"b\" <c>".into() }, |it| it.name.clone(), "A \"b\" <c>"),
        (
            "approve",
            Property::Documentation { text: "why & how".into() },
            |it| it.documentation.clone(),
            "why & how",
        ),
        ("approve", Property::Assignee { text: "ana".into() }, |it| it.assignee.clone(), "ana"),
        ("approve", Property::Due { text: "P1W".into() }, |it| it.due.clone(), "P1W"),
        ("approve", Property::Due { text: String::new() }, |it| it.due.clone(), ""),
        ("approve", Property::Priority { text: "70".into() }, |it| it.priority.clone(), "70"),
        ("approve", Property::Form { text: "review".into() }, |it| it.form.clone(), "review"),
        (
            "approve",
            Property::Candidates { groups: vec!["it".into()], users: vec!["ivo".into(), "${owner}".into()] },
            |it| format!("{:?} {:?}", it.groups, it.users),
            r#"["it"] ["ivo", "${owner}"]"#,
        ),
        (
            "approve",
            Property::Candidates { groups: vec![], users: vec![] },
            |it| format!("{:?}", it.groups),
            "[]",
        ),
        (
            "approve",
            excluded(&[], &["ana", "${Starter}"], &[]),
            |it| format!("{:?}", it.excluded.users),
            r#"["ana", "${Starter}"]"#,
        ),
        (
            "approve",
            excluded(&["validators"], &["ana"], &["initiator", "modeler(project)", "completerOf(build)"]),
            |it| format!("{:?}", it.excluded),
            r#"Excluded { groups: ["validators"], users: ["ana"], stand_ins: ["initiator", "modeler(project)", "completerOf(build)"] }"#,
        ),
        (
            "approved",
            Property::Condition { text: "${a < 1 && b}".into() },
            |it| it.condition.clone(),
            "${a < 1 && b}",
        ),
        ("approved", Property::Default { is: true }, |it| it.default.to_string(), "true"),
        (
            "unanswered",
            Property::Timer { kind: TimerKind::Duration, text: "PT5M".into() },
            |it| format!("{:?}", it.timer),
            r#"Some(TimerOf { kind: Duration, text: "PT5M" })"#,
        ),
        ("unanswered", Property::Interrupting { is: true }, |it| it.interrupting.to_string(), "true"),
        (
            "migrate",
            Property::Act {
                action: "report".into(),
                inputs: vec![Given { name: "of".into(), text: "${ProjectName}".into() }],
            },
            |it| format!("{:?}", it.action.as_ref().map(|action| (&action.name, &action.inputs[0].text))),
            r#"Some(("report", "${ProjectName}"))"#,
        ),
        (
            "remind",
            Property::Field { name: "templateName".into(), text: "For ${ProjectName}".into() },
            |it| it.fields.iter().find(|field| field.name == "templateName").unwrap().text.clone(),
            "For ${ProjectName}",
        ),
        (
            "build",
            Property::Captures { captures: vec![reply("$.items[0].id", "BucketName")] },
            |it| it.captures[0].path.clone(),
            "$.items[0].id",
        ),
        ("migrate", Property::Tries { text: "R3/PT10M".into() }, |it| it.tries.clone(), "R3/PT10M"),
        ("migrate", Property::Tries { text: String::new() }, |it| it.tries.clone(), ""),
        (
            "migration-to-google-cloud",
            Property::Data {
                objects: vec![
                    Datum {
                        id: "dataProjectName".into(),
                        name: "ProjectName".into(),
                        kind: DataType::String,
                        value: "x".into(),
                    },
                    Datum {
                        id: "dataApproved".into(),
                        name: "ModelIsApproved".into(),
                        kind: DataType::Boolean,
                        value: String::new(),
                    },
                    Datum {
                        id: "dataBucket".into(),
                        name: "BucketName".into(),
                        kind: DataType::String,
                        value: String::new(),
                    },
                    Datum {
                        id: String::new(),
                        name: "Rounds".into(),
                        kind: DataType::Long,
                        value: "3".into(),
                    },
                ],
            },
            |it| {
                it.data.iter().map(|one| format!("{}={}", one.name, one.value)).collect::<Vec<_>>().join(" ")
            },
            "ProjectName=x ModelIsApproved= BucketName= Rounds=3",
        ),
    ];
    for (id, property, shown, wanted) in rows {
        let with = apply(&template("migration"), &[set(id, property.clone())]).unwrap();
        assert_eq!(shown(&of(&with, id)), wanted, "{property:?} in {}", with.text());
        let again = apply(&with, &[set(id, property.clone())]).unwrap();
        assert_eq!(again, with, "{property:?} twice is not once");
    }
    let asked = |questions: Vec<Question>| set("approve", Property::Prompts { prompts: questions });
    let with = apply(&template("migration"), &[asked(vec![question.clone()])]).unwrap();
    assert_eq!(of(&with, "approve").prompts, std::slice::from_ref(&question), "{}", with.text());
    assert!(!Definition::read(with.clone()).has_errors());
    let none = apply(&with, &[asked(vec![])]).unwrap();
    assert!(of(&none, "approve").prompts.is_empty() && !none.text().contains("How good"));
    let kept = of(&template("migration"), "approve").prompts;
    assert_eq!(apply(&template("migration"), &[asked(kept.clone())]).unwrap(), template("migration"));
    let mut other = kept.clone();
    other[0].variable = "Approved".into();
    let renamed = apply(&template("migration"), &[asked(other)]).unwrap();
    let wanted = template("migration").text().replace("name=\"ModelIsApproved\"", "name=\"Approved\"");
    assert_eq!(renamed.text(), wanted, "a variable that is named anew is the same data object");
    let both = apply(&template("migration"), &[asked([kept, vec![question]].concat())]).unwrap();
    assert_eq!(of(&both, "approve").prompts.len(), 2);
    assert!(
        both.text().contains("promptRef=\"promptApproved\" required=\"true\">"),
        "the first keeps its bytes"
    );
}

#[test]
fn a_group_that_is_excluded_stays_a_group_when_somebody_else_is_excluded_too() {
    let written = |text: &str| {
        let with = apply(&template("migration"), &[set("approve", excluded(&[], &["x"], &[]))]).unwrap();
        Document::parse(with.text().replace("user(x)", text)).unwrap()
    };
    // As it is written; what is wanted, or as it is; what is written then.
    type Row = (&'static str, Option<Property>, &'static str);
    let rows: [Row; 6] = [
        (
            "group( validators ),user(ana)",
            Some(excluded(&["validators"], &["ana", "bob"], &[])),
            "group( validators ), user(ana), user(bob)",
        ),
        (
            "completerOf(build), initiator",
            Some(excluded(&["it"], &[], &["initiator"])),
            "initiator, group(it)",
        ),
        ("user(ana, bob), group(it)", Some(excluded(&["it"], &["bob"], &[])), "user(bob), group(it)"),
        (
            "user(completerOf(build)), carla",
            Some(excluded(&[], &["carla"], &["completerOf(build)", "modeler(version)"])),
            "user(completerOf(build)), carla, modeler(version)",
        ),
        ("group(${Team}),  user(ana)", None, "group(${Team}),  user(ana)"),
        ("user(ana,bob),group(it)", None, "user(ana,bob),group(it)"),
    ];
    for (before, wanted, after) in rows {
        let before = written(before);
        let wanted = wanted.unwrap_or(Property::Excluded { excluded: of(&before, "approve").excluded });
        let with = apply(&before, &[set("approve", wanted)]).unwrap();
        assert_eq!(with, written(after), "{}", with.text());
    }
}

#[test]
fn the_exclusions_of_a_template_are_read() {
    let all = of(&template("full-life-cycle"), "approve").excluded;
    assert_eq!(
        all.stand_ins,
        ["initiator", "completerOf(compare_models)", "completerOf(register_models)"],
        "{all:?}"
    );
}

#[test]
fn what_cannot_be_done_is_refused_with_its_reason() {
    let rows = [
        (add("approve", Kind::Task, "migration-to-google-cloud"), "already"),
        (add("a b", Kind::Task, "migration-to-google-cloud"), "identifier"),
        (add("new", Kind::Task, "approve"), "no process"),
        (add("new", Kind::Task, "nowhere"), "nowhere"),
        (connect("new", "approve", "start"), "nothing leads to a start"),
        (connect("new", "migrated", "approve"), "nothing follows an end"),
        (connect("new", "approve", "nobody"), "nobody"),
        (Change::Remove { ids: vec!["migration-to-google-cloud".into()] }, "process itself"),
        (Change::Move { id: "approve".into(), bounds: Rectangle { width: -1.0, ..SPACE } }, "width"),
        (Change::Move { id: "approve".into(), bounds: Rectangle { x: f64::NAN, ..SPACE } }, "no place"),
        (Change::Bend { id: "toApprove".into(), points: vec![] }, "two points"),
        (set("approve", Property::Timer { kind: TimerKind::Date, text: "x".into() }), "timer"),
        (set("approve", Property::Condition { text: "${x}".into() }), "no flow"),
        (set("migrate", Property::Act { action: "destroy".into(), inputs: vec![] }), "no action"),
        (set("migrate", Property::Prompts { prompts: vec![] }), "asks nobody"),
        (set("approve", Property::Candidates { groups: vec!["a,b".into()], users: vec![] }), "no name"),
        (set("approve", excluded(&["a(b"], &[], &[])), "no name"),
        (set("approve", excluded(&[], &[], &["starter"])), "stands for nobody"),
        (set("approve", Property::Name { text: "\u{1}".into() }), "U+0001"),
        (set("approve", Property::Job { by: JobField::Job, text: "x".into() }), "no job"),
        (set("start", Property::Repeat { repeat: Some(rounds("3")) }), "cannot be repeated"),
        (set("approve", Property::Repeat { repeat: Some(each("a b", "x y")) }), "no name of a variable"),
        (set("approve", Property::Called { text: "x".into() }), "calls no process"),
        (set("start", Property::SetOff { by: Occasion::Timer }), "no event sub-process"),
        (set("unanswered", Property::Link { text: "x".into() }), "link"),
        (set("unanswered", Property::Error { text: "x".into() }), "error"),
        (
            heard("build", Listener::Participants { event: Moment::Create, participants: "ana".into() }),
            "no `create`",
        ),
        (heard("approve", Listener::Notification { event: Moment::End }), "does nothing"),
        (
            heard("build", Listener::JobState { event: Moment::End, variable: "x".into() }),
            "is for the end of a job",
        ),
        (heard("approved", Listener::Notification { event: Moment::Start }), "no `start`"),
    ];
    for (change, reason) in rows {
        let refused = apply(&template("migration"), std::slice::from_ref(&change)).unwrap_err().to_string();
        assert!(refused.contains(reason), "{change:?}: {refused}");
    }
}

/// A file in the geometry of SAS Workflow Manager: centres, icons written as 16, boundary events from their task.
const CENTRED: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI">
    <process id="p">
        <startEvent id="s"/>
        <sequenceFlow id="f" sourceRef="s" targetRef="t"/>
        <userTask id="t" name="T"/>
        <boundaryEvent id="b" attachedToRef="t"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
        <sequenceFlow id="g" sourceRef="b" targetRef="e"/>
        <endEvent id="e"/>
    </process>
    <bpmndi:BPMNDiagram>
        <bpmndi:BPMNPlane bpmnElement="p">
            <bpmndi:BPMNShape bpmnElement="s"><omgdc:Bounds height="16.0" width="16.0" x="0.0" y="0.0"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="t"><omgdc:Bounds height="80.0" width="120.0" x="200.0" y="20.0"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="b"><omgdc:Bounds height="16.0" width="16.0" x="60.0" y="80.0"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="e"><omgdc:Bounds height="16.0" width="16.0" x="180.0" y="200.0"/></bpmndi:BPMNShape>
            <bpmndi:BPMNEdge bpmnElement="f"><omgdi:waypoint x="40.0" y="20.0"/><omgdi:waypoint x="140.0" y="20.0"/></bpmndi:BPMNEdge>
            <bpmndi:BPMNEdge bpmnElement="g"><omgdi:waypoint x="200.0" y="80.0"/><omgdi:waypoint x="200.0" y="200.0"/></bpmndi:BPMNEdge>
        </bpmndi:BPMNPlane>
    </bpmndi:BPMNDiagram>
</definitions>
"#;

fn shown(document: &Document, id: &str) -> crate::geometry::Bounds {
    let drawing = crate::geometry::Drawing::of(document);
    let drawing = drawing.normalised().unwrap_or(drawing);
    drawing.shapes.iter().find(|shape| shape.element == id).unwrap().bounds
}

fn rectangle(bounds: crate::geometry::Bounds) -> Rectangle {
    Rectangle { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height }
}

#[test]
fn what_is_moved_in_a_drawing_put_right_is_written_as_the_file_means_it() {
    let document = Document::parse(CENTRED).unwrap();
    for id in ["s", "t", "b", "e"] {
        let stays = Change::Move { id: id.into(), bounds: rectangle(shown(&document, id)) };
        assert_eq!(apply(&document, &[stays]).unwrap(), document, "`{id}` where it is is no change");
    }
    let mut to = rectangle(shown(&document, "t"));
    assert_eq!((to.x, to.y, to.width), (140.0, -20.0, 120.0), "the file writes the centre");
    to.x += 30.0;
    let mut along = rectangle(shown(&document, "b"));
    along.x += 30.0;
    let bend = |id: &str, points: [(f64, f64); 2]| Change::Bend {
        id: id.into(),
        points: points.map(|(x, y)| Spot { x, y }).to_vec(),
    };
    let moves = [
        Change::Move { id: "t".into(), bounds: to },
        Change::Move { id: "b".into(), bounds: along },
        bend("f", [(40.0, 20.0), (170.0, 20.0)]),
        bend("g", [(230.0, 80.0), (200.0, 200.0)]),
    ];
    let moved = apply(&document, &moves).unwrap();
    let wanted = CENTRED
        .replace("x=\"200.0\" y=\"20.0\"/></bpmndi:BPMNShape>", "x=\"230.0\" y=\"20.0\"/></bpmndi:BPMNShape>")
        .replace("x=\"140.0\"", "x=\"170.0\"")
        .replace("x=\"200.0\" y=\"80.0\"", "x=\"230.0\" y=\"80.0\"");
    assert_eq!(moved.text(), wanted, "the boundary event is written from its task, which took it along");
    assert_eq!((rectangle(shown(&moved, "t")), rectangle(shown(&moved, "b"))), (to, along));
    let mut end = rectangle(shown(&document, "e"));
    assert_eq!(end.width, 40.0);
    end.y += 10.0;
    let moved = apply(&document, &[Change::Move { id: "e".into(), bounds: end }]).unwrap();
    assert_eq!(
        moved.text(),
        CENTRED.replace("y=\"200.0\"/></bpmndi:BPMNShape>", "y=\"210.0\"/></bpmndi:BPMNShape>"),
        "the written size stays 16"
    );

    let new = Change::Add {
        id: "n".into(),
        kind: Kind::End,
        into: "p".into(),
        host: None,
        name: String::new(),
        bounds: Rectangle { x: 500.0, y: 0.0, width: 40.0, height: 40.0 },
    };
    let with = apply(
        &document,
        &[
            new,
            Change::Connect {
                id: "h".into(),
                source: "t".into(),
                target: "n".into(),
                points: vec![Spot { x: 260.0, y: 20.0 }, Spot { x: 500.0, y: 20.0 }],
            },
        ],
    )
    .unwrap();
    assert!(with.text().contains("bpmnElement=\"n\">\n                <omgdc:Bounds x=\"500.0\" y=\"0.0\" width=\"16.0\" height=\"16.0\"/>"), "{}", with.text());
    assert_eq!(shown(&with, "n").width, 40.0);
}

#[test]
fn elements_go_into_a_sub_process_with_their_bytes() {
    let document = blank("p", "Ours").unwrap();
    let changes = [
        add("sub", Kind::SubProcess, "p"),
        add("one", Kind::Task, "p"),
        add("two", Kind::Task, "p"),
        connect("f", "one", "two"),
        Change::Into { id: "one".into(), into: "sub".into() },
        Change::Into { id: "two".into(), into: "sub".into() },
        Change::Into { id: "f".into(), into: "sub".into() },
    ];
    let with = apply(&document, &changes).unwrap();
    let definition = Definition::read(with.clone());
    assert!(!definition.has_errors(), "{:?} {}", definition.diagnostics, with.text());
    let process = &definition.processes[0];
    assert_eq!(process.node(process.find("two").unwrap()).parent, process.find("sub"));
    let back = ["one", "two", "f"].map(|id| Change::Into { id: id.into(), into: "p".into() });
    let out = apply(&with, &back).unwrap();
    let definition = Definition::read(out);
    assert_eq!(definition.processes[0].node(definition.processes[0].find("two").unwrap()).parent, None);
}

/// Random changes, from seeds: whatever is done to some elements, the bytes of every other stay.
#[test]
fn random_edits_keep_every_byte_of_what_they_do_not_touch() {
    for name in ["migration", "monitor-and-retrain", "full-life-cycle"] {
        let seeds = if name == "full-life-cycle" { 3 } else { 8 };
        for seed in 1..=seeds {
            walk(&template(name), seed, 6);
        }
    }
    for seed in 1..40 {
        walk(&Document::parse(CENTRED).unwrap(), seed, 8);
    }
}

/// A generator of our own: tests may be repeated from the number they print.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

fn walk(from: &Document, seed: u64, steps: usize) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut document = from.clone();
    for step in 0..steps {
        let all = read(&Definition::read(document.clone()));
        let nodes: Vec<&Details> =
            all.iter().filter(|one| !["process", "sequenceFlow"].contains(&one.tag.as_str())).collect();
        let flows: Vec<&Details> = all.iter().filter(|one| one.tag == "sequenceFlow").collect();
        let process = all.iter().find(|one| one.tag == "process").unwrap();
        if nodes.is_empty() || flows.is_empty() {
            return;
        }
        let node = nodes[dice.roll(nodes.len())].id.clone();
        let flow = flows[dice.roll(flows.len())].id.clone();
        let bounds =
            Rectangle { x: dice.roll(900) as f64, y: dice.roll(900) as f64, width: 100.0, height: 80.0 };
        let points =
            vec![Spot { x: dice.roll(900) as f64, y: 1.5 }, Spot { x: 7.0, y: dice.roll(900) as f64 }];
        let (change, touched) = match dice.roll(13) {
            0 => (Change::Move { id: node.clone(), bounds }, vec![node]),
            1 => (Change::Bend { id: flow.clone(), points }, vec![flow]),
            2 => (set(&node, Property::Name { text: format!("Name {step}") }), vec![node]),
            3 => (set(&flow, Property::Condition { text: format!("${{x == {step}}}") }), vec![flow]),
            4 => (add(&format!("new{step}"), Kind::Task, &process.id), vec![format!("new{step}")]),
            5 => (set(&node, Property::Documentation { text: format!("about {step}") }), vec![node]),
            6 => (Change::Remove { ids: vec![flow.clone()] }, vec![flow]),
            7 => (set(&node, Property::Repeat { repeat: Some(rounds("2")) }), vec![node]),
            8 => {
                let captures = [reply("$.a", "A"), reply("$.b", "B")];
                (set(&node, Property::Captures { captures: captures[..dice.roll(3)].to_vec() }), vec![node])
            }
            9 => (heard(&node, Listener::Notification { event: Moment::Create }), vec![node]),
            10 => (set(&node, Property::Error { text: format!("E{}", dice.roll(2)) }), vec![node]),
            11 => {
                let kinds =
                    [Kind::ErrorEnd, Kind::SignalThrow, Kind::EventSubProcess, Kind::Job, Kind::CallProcess];
                let kind = kinds[dice.roll(kinds.len())];
                (add(&format!("more{step}"), kind, &process.id), vec![format!("more{step}")])
            }
            _ => (Change::Remove { ids: vec![node.clone()] }, vec![node]),
        };
        // A place may be refused (a flow between levels, say): then nothing may have changed.
        let Ok(after) = apply(&document, std::slice::from_ref(&change)) else { continue };
        kept(&document, &after, &touched, &format!("seed {seed}, step {step}: {change:?}"));
        document = after;
    }
}

/// Every element that is on both sides, that was not touched, holds nothing touched and refers to nothing touched, has
/// the bytes it had.
fn kept(before: &Document, after: &Document, touched: &[String], story: &str) {
    let (old, new) = (before.tree().unwrap(), after.tree().unwrap());
    let find = |tree: &roxmltree::Document<'_>, node: &Xml<'_, '_>| -> Option<std::ops::Range<usize>> {
        let same = |other: &Xml<'_, '_>| {
            other.tag_name() == node.tag_name()
                && ["id", "bpmnElement", "sourceRef", "targetRef"]
                    .iter()
                    .all(|name| other.attribute(*name) == node.attribute(*name))
        };
        tree.root_element().descendants().find(same).map(|found| found.range())
    };
    let mut compared = 0;
    for node in old.root_element().descendants().filter(|node| node.is_element()) {
        let named = node.attribute("id").is_some() || node.attribute("bpmnElement").is_some();
        let text = &before.text()[node.range()];
        let about = touched.iter().any(|id| text.contains(&format!("\"{id}\"")));
        if !named
            || about
            || ["definitions", "process", "subProcess", "BPMNDiagram", "BPMNPlane"]
                .contains(&node.tag_name().name())
        {
            continue;
        }
        if let Some(range) = find(&new, &node) {
            let now = &after.text()[range];
            // Losing its default way is said by what was removed.
            if now != text && node.attribute("default").is_none() {
                panic!("{story} changed\n{text}\ninto\n{now}");
            }
            compared += 1;
        }
    }
    assert!(compared > 0 || before.text().len() < 400, "{story}: nothing was compared");
    let definition = Definition::read(after.clone());
    assert!(!definition.processes.is_empty(), "{story} left no process");
}
