#![allow(clippy::disallowed_methods, reason = "tests read the cases and watch the clock")]

use std::path::{Path, PathBuf};

use super::*;

/// Two tasks, a gateway and an end, drawn as `place` says: given an element's real bounds, what is written.
fn document(place: impl Fn(&str, Bounds) -> Bounds) -> Document {
    let real = [
        ("a", Bounds { x: 100.0, y: 100.0, width: 120.0, height: 80.0 }),
        ("s", Bounds { x: 20.0, y: 120.0, width: 40.0, height: 40.0 }),
        ("g", Bounds { x: 300.0, y: 108.0, width: 64.0, height: 64.0 }),
        ("e", Bounds { x: 440.0, y: 120.0, width: 40.0, height: 40.0 }),
        ("b", Bounds { x: 140.0, y: 160.0, width: 40.0, height: 40.0 }),
        ("n", Bounds { x: 500.0, y: 300.0, width: 100.0, height: 60.0 }),
    ];
    let shapes: String = real
        .iter()
        .map(|(id, bounds)| {
            let Bounds { x, y, width, height } = place(id, *bounds);
            format!(
                r#"<di:BPMNShape bpmnElement="{id}"><dc:Bounds height="{height}" width="{width}" x="{x}" y="{y}"/></di:BPMNShape>"#
            )
        })
        .collect();
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
            xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI"><process id="p">
            <startEvent id="s"/><userTask id="a"/><exclusiveGateway id="g" name="Good enough?"/><endEvent id="e"/><boundaryEvent id="b" attachedToRef="a"/><textAnnotation id="n"/>
            <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
            <sequenceFlow id="f3" sourceRef="g" targetRef="e"/><sequenceFlow id="f4" sourceRef="b" targetRef="e"/></process>
            <di:BPMNDiagram><di:BPMNPlane bpmnElement="p">{shapes}
            <di:BPMNEdge bpmnElement="f1"><dd:waypoint x="60" y="140"/><dd:waypoint x="100" y="140"/></di:BPMNEdge>
            <di:BPMNEdge bpmnElement="f2"><dd:waypoint x="220" y="140"/><dd:waypoint x="250" y="140"/><dd:waypoint x="250" y="140"/><dd:waypoint x="240" y="140"/><dd:waypoint x="300" y="140"/></di:BPMNEdge>
            <di:BPMNEdge bpmnElement="f3"><dd:waypoint x="364" y="140"/><dd:waypoint x="440" y="140"/></di:BPMNEdge>
            <di:BPMNEdge bpmnElement="f4"><dd:waypoint x="160" y="200"/><dd:waypoint x="160" y="260"/><dd:waypoint x="460" y="260"/><dd:waypoint x="460" y="160"/></di:BPMNEdge>
            </di:BPMNPlane></di:BPMNDiagram></definitions>"#
    );
    Document::parse(text).unwrap()
}

/// As SAS Workflow Manager writes it.
fn as_sas(id: &str, real: Bounds) -> Bounds {
    let Bounds { x, y, width, height } = real;
    match id {
        "s" | "e" => Bounds { width: 16.0, height: 16.0, ..real },
        "g" => Bounds { x: x + 32.0, y: y + 32.0, width: 16.0, height: 16.0 },
        "b" => Bounds { x: x + 20.0 - 100.0, y: y + 20.0 - 100.0, width: 16.0, height: 16.0 },
        _ => Bounds { x: x + width / 2.0, y: y + height / 2.0, width, height },
    }
}

#[test]
fn what_is_written_as_specified_stays_byte_for_byte() {
    let document = document(|_, real| real);
    assert_eq!(normalised_xml(&document), document.text());
}

#[test]
fn centres_and_icon_sizes_become_corners_and_real_sizes() {
    let right = Drawing::of(&document(|_, real| real));
    let sas = document(as_sas);
    let normal = Document::parse(normalised_xml(&sas)).unwrap();
    let drawing = Drawing::of(&normal);
    let bounds = |drawing: &Drawing| drawing.shapes.iter().map(|shape| shape.bounds).collect::<Vec<_>>();
    assert_eq!(bounds(&drawing), bounds(&right));
    // The gateway's name avoids the edges at its sides, and is written with the prefixes of the file.
    let label = drawing.shapes[2].label.as_ref().unwrap();
    assert_eq!((label.text.as_str(), label.bounds.unwrap().y), ("Good enough?", 178.0));
    assert!(normal.text().contains("<di:BPMNLabel><dc:Bounds "));
    // The edge that ran back and forth runs straight, and one that turns keeps its turns.
    assert_eq!(drawing.edges[1].points, [Point { x: 220.0, y: 140.0 }, Point { x: 300.0, y: 140.0 }]);
    assert_eq!(drawing.edges[3].points, right.edges[3].points);
    assert_eq!(normalised_xml(&normal), normal.text(), "putting right twice changes nothing more");
    // Nothing but bounds and points is touched.
    let strip = |text: &str| text.split("<di:BPMNDiagram>").next().unwrap().to_owned();
    assert_eq!(strip(normal.text()), strip(sas.text()));
}

#[test]
fn hostile_drawings_are_left_alone() {
    let odd = |id: &str, real: Bounds| match id {
        "a" => Bounds { width: -5.0, ..real },
        "g" => Bounds { x: f64::INFINITY, ..real },
        _ => Bounds { x: 1e308, ..real },
    };
    let document = document(odd);
    let text = normalised_xml(&document);
    assert!(Document::parse(text).is_ok());
    let empty =
        Document::parse(r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>"#).unwrap();
    assert_eq!(normalised_xml(&empty), empty.text());
}

/// Digits, quotes and names changed at random: what can be read is put right into something that can be read.
#[test]
fn broken_drawings_stay_documents() {
    let whole = document(as_sas).text().to_owned();
    let mut state = 5u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    };
    let mut read = 0;
    for _ in 0..1500 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..1 + below(6) {
            let at = below(bytes.len());
            match below(3) {
                0 => bytes[at] = b"0123456789eE.-\"sgb:"[below(19)],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b'9'),
            }
        }
        if let Ok(document) = Document::parse(bytes) {
            read += 1;
            let normal = normalised_xml(&document);
            let again = Document::parse(normal.clone());
            assert!(again.is_ok(), "{:?}: {normal}", again.err());
        }
    }
    assert!(read > 300, "only {read} were read");
}

#[test]
fn real_files_are_put_right_and_others_are_not_touched() {
    for file in files() {
        let document = Document::parse(std::fs::read(&file).unwrap()).unwrap();
        let normal = normalised_xml(&document);
        let sas = file.parent().is_some_and(|folder| folder.ends_with("sas"));
        assert_eq!(normal != document.text(), sas, "{}", file.display());
        if sas {
            let normal = Document::parse(normal).unwrap();
            let drawing = Drawing::of(&normal);
            let shape =
                |id: &Option<String>| drawing.shapes.iter().find(|shape| Some(&shape.element) == id.as_ref());
            for edge in &drawing.edges {
                for (end, point) in [(&edge.source, edge.points.first()), (&edge.target, edge.points.last())]
                {
                    let (Some(shape), Some(point)) = (shape(end), point) else { continue };
                    let distance = to_outline(shape.role, shape.bounds, *point);
                    assert!(
                        distance < 2.0,
                        "{}: {} at {:?}: {distance}",
                        file.display(),
                        edge.element,
                        shape
                    );
                }
            }
        }
    }
}

/// The definitions of the cases; none, with a note, if they are not at hand.
fn files() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/bpmn");
    let mut files = Vec::new();
    let mut waiting = vec![cases];
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
