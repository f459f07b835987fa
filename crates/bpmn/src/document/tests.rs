use super::*;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- kept -->
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:flowable="http://flowable.org/bpmn" xmlns:di="d" xmlns:dc="c" id='defs'>
  <b:process   id="p" name='Old "name"'>
    <b:userTask id="t" flowable:assignee="ana"><b:documentation><![CDATA[ a < b ]]></b:documentation></b:userTask>
    <b:dataObject id="o"><b:extensionElements><flowable:value/></b:extensionElements></b:dataObject>
    <b:serviceTask id="s">
      <b:extensionElements>
        <flowable:field name="url"><flowable:string>x &amp; y</flowable:string></flowable:field>
        <flowable:field name="method"><flowable:string>GET</flowable:string></flowable:field>
      </b:extensionElements>
    </b:serviceTask>
  </b:process>
  <di:BPMNShape bpmnElement="t" id="shape_t"><dc:Bounds height="80.0" width="120.0" x="30.0" y="-240.0"/></di:BPMNShape>
  <di:BPMNEdge bpmnElement="f" id="edge_f">
    <di:waypoint x="1" y="2"/>
    <di:waypoint x="3" y="4"/>
  </di:BPMNEdge>
</b:definitions>
"#;

fn document() -> Document {
    Document::parse(DOCUMENT).unwrap()
}

/// The edit changes exactly this part of the text into that.
fn changes(edit: Edit, from: &str, to: &str) {
    assert_eq!(DOCUMENT.matches(from).count(), 1, "{from} is not unique");
    let edited = document().edit(std::slice::from_ref(&edit)).unwrap();
    assert_eq!(edited.text(), DOCUMENT.replace(from, to), "{edit:?}");
}

fn set(at: Place, name: &str, value: Option<&str>) -> Edit {
    Edit::SetAttribute { at, namespace: None, name: name.to_owned(), value: value.map(str::to_owned) }
}

#[test]
fn what_came_in_goes_out() {
    assert_eq!(document().bytes(), DOCUMENT.as_bytes());
    let with_mark = format!("\u{feff}{DOCUMENT}").replace('\n', "\r\n");
    assert_eq!(Document::parse(with_mark.as_str()).unwrap().bytes(), with_mark.as_bytes());
    assert_eq!(document().edit(&[]).unwrap(), document());
}

#[test]
fn an_attribute_changes_and_nothing_else() {
    changes(
        set(Place::id("p"), "name", Some("It's \"new\" & <old>")),
        r#"'Old "name"'"#,
        "'It&apos;s \"new\" &amp; &lt;old&gt;'",
    );
    changes(set(Place::id("p"), "name", None), r#" name='Old "name"'"#, "");
    changes(
        set(Place::id("p"), "isExecutable", Some("true")),
        "<b:process   id",
        "<b:process isExecutable=\"true\"   id",
    );
    changes(set(Place::id("t"), "name", None), "<b:userTask", "<b:userTask");
    let namespaced = |uri: &str, value: Option<&str>| Edit::SetAttribute {
        at: Place::id("t"),
        namespace: Some(uri.to_owned()),
        name: "assignee".to_owned(),
        value: value.map(str::to_owned),
    };
    changes(namespaced("http://flowable.org/bpmn", Some("ben")), "assignee=\"ana\"", "assignee=\"ben\"");
    changes(namespaced("http://flowable.org/bpmn", None), " flowable:assignee=\"ana\"", "");
    changes(
        namespaced("http://camunda.org/schema/1.0/bpmn", Some("ben")),
        "<b:userTask id=\"t\"",
        "<b:userTask xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" camunda:assignee=\"ben\" id=\"t\"",
    );
}

#[test]
fn text_changes_in_the_way_it_was_written() {
    let text = |at: Place, text: &str| Edit::SetText { at, text: text.to_owned() };
    changes(
        text(Place::id("t").child("documentation"), "x ]]> y"),
        "<![CDATA[ a < b ]]>",
        "<![CDATA[x ]]]]><![CDATA[> y]]>",
    );
    let value = Place::id("o").child("extensionElements").child("value");
    changes(text(value, "1 < 2"), "<flowable:value/>", "<flowable:value>1 &lt; 2</flowable:value>");
    let url = Place::id("s").child("extensionElements").named("field", "url").child("string");
    changes(text(url.clone(), "/z"), ">x &amp; y<", ">/z<");
    changes(text(url, "x & y"), "x &amp; y", "x &amp; y");
}

#[test]
fn elements_come_and_go_with_their_indentation() {
    let insert = |into: Place, before: Option<&str>, xml: &str| Edit::Insert {
        into,
        before: before.map(str::to_owned),
        xml: xml.to_owned(),
    };
    changes(
        insert(Place::id("p"), Some("o"), "<b:task id=\"n\"/>"),
        "<b:dataObject id",
        "<b:task id=\"n\"/>\n    <b:dataObject id",
    );
    changes(
        insert(Place::id("p"), None, "<b:task id=\"n\"/>"),
        "    </b:serviceTask>\n",
        "    </b:serviceTask>\n    <b:task id=\"n\"/>\n",
    );
    changes(
        Edit::Remove { at: Place::id("o") },
        "\n    <b:dataObject id=\"o\"><b:extensionElements><flowable:value/></b:extensionElements></b:dataObject>",
        "",
    );
}

#[test]
fn geometry_changes_in_the_style_of_the_file() {
    let bounds = Bounds { x: 31.0, y: -240.0, width: 120.5, height: 80.0 };
    changes(
        Edit::SetBounds { element: "t".to_owned(), bounds },
        "width=\"120.0\" x=\"30.0\"",
        "width=\"120.5\" x=\"31.0\"",
    );
    let points = |points: &[(f64, f64)]| Edit::SetWaypoints {
        element: "f".to_owned(),
        points: points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect(),
    };
    changes(points(&[(1.0, 2.0), (5.0, 4.0)]), "x=\"3\"", "x=\"5\"");
    changes(
        points(&[(1.0, 2.0), (3.0, 4.0), (5.5, 6.0)]),
        "<di:waypoint x=\"3\" y=\"4\"/>",
        "<di:waypoint x=\"3\" y=\"4\"/>\n    <di:waypoint x=\"5.5\" y=\"6\"/>",
    );
}

#[test]
fn an_edit_that_cannot_be_made_is_refused_and_none_is_made() {
    let bad = [
        set(Place::id("nobody"), "name", Some("x")),
        set(Place::id("t"), "id", Some("u")),
        set(Place::id("t"), "a b", Some("u")),
        Edit::SetText { at: Place::id("s"), text: "x".to_owned() },
        Edit::SetText { at: Place::id("t").child("documentation"), text: "\u{1}".to_owned() },
        Edit::Remove { at: Place::id("defs") },
        Edit::Insert { into: Place::id("p"), before: None, xml: "</b:process><b:process>".to_owned() },
        Edit::Insert { into: Place::id("p"), before: None, xml: "<unknown:x/>".to_owned() },
        Edit::Insert { into: Place::id("p"), before: None, xml: "text".to_owned() },
        Edit::SetWaypoints { element: "f".to_owned(), points: vec![] },
        Edit::SetBounds {
            element: "t".to_owned(),
            bounds: Bounds { x: f64::NAN, y: 0.0, width: 1.0, height: 1.0 },
        },
    ];
    for edit in bad {
        let edits = [set(Place::id("p"), "name", Some("first")), edit.clone()];
        assert!(document().edit(&edits).is_err(), "{edit:?}");
    }
}

#[test]
fn hostile_documents_are_refused_quickly() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    assert!(matches!(Document::parse(deep), Err(Error::TooLarge { .. })));
    assert!(matches!(Document::parse("<a>".repeat(100_000)), Err(Error::TooLarge { .. })));
    let bomb = r#"<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;&x;">]><a>&z;</a>"#;
    assert!(matches!(Document::parse(bomb), Err(Error::Hostile { at: 0 })));
    assert!(matches!(Document::parse("<a>&undeclared;</a>"), Err(Error::Malformed(_))));
    assert!(matches!(Document::parse(vec![0xff, 0xfe, 0x00]), Err(Error::Malformed(_))));
    assert!(Document::parse("<a><!-- <b> --><![CDATA[<c>]]></a>").is_ok());
    assert!(matches!(Document::parse("<a x='>' y=\"/>\"><b z='<'/></a>"), Err(Error::Malformed(_))));
    assert!(matches!(Document::parse(vec![b'<'; BYTES_MAX + 1]), Err(Error::TooLarge { .. })));
    for text in ["", "<", "<a", "<a b='", "<!--", "<![CDATA[", "<?", "</", "<a/><b/>", "text"] {
        assert!(Document::parse(text).is_err(), "{text}");
    }
}
