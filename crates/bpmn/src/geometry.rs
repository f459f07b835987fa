//! Where shapes are drawn. SAS Workflow Manager writes the centre of a task where the specification wants its corner,
//! and 16 for the size of an icon that it draws with 40 or 64. Which reading a file means is told by its edges: under
//! the right one their ends touch the shapes. For display the file is put right; the document itself stays as it is.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use roxmltree::Node as Xml;

use crate::document::Document;

mod labels;

/// The namespace of BPMN 2.0 models.
pub(crate) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of BPMN diagrams.
pub(crate) const DIAGRAM: &str = "http://www.omg.org/spec/BPMN/20100524/DI";

/// Edge ends this near to a shape, in pixels, touch it.
const TOUCHING: f64 = 4.0;

/// A distance beyond this, in pixels, counts as no more than this: one stray edge does not decide.
const STRAY: f64 = 100.0;

/// Another reading must be this many times nearer than the one that the specification says.
const NEARER: f64 = 3.0;

/// Icon sizes that tools draw whatever they write.
const ICONS: [f64; 7] = [30.0, 32.0, 36.0, 40.0, 48.0, 50.0, 64.0];

/// A rectangle; `x` and `y` are its upper left corner once it is put right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// From the left, in pixels.
    pub x: f64,
    /// From the top, in pixels.
    pub y: f64,
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
}

/// A point of an edge, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// What a shape stands for, as far as its outline depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A task, sub-process or call activity.
    Activity,
    /// A start, end or intermediate event.
    Event,
    /// An event attached to an activity.
    Boundary,
    /// A gateway.
    Gateway,
    /// A data object, annotation, group, pool or lane.
    Other,
}

/// A shape of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The `id` of the element it stands for.
    pub element: String,
    /// What it stands for.
    pub role: Role,
    /// The activity that a boundary event is attached to.
    pub host: Option<String>,
    /// Where it is.
    pub bounds: Bounds,
    /// The diagram it is in, counted from 0.
    pub plane: usize,
    /// The name beside it, for those whose name is not inside.
    pub label: Option<Label>,
}

/// A name beside a shape or an edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The name.
    pub text: String,
    /// Where it is; none where the file leaves that to whoever draws.
    pub bounds: Option<Bounds>,
}

/// An edge of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The `id` of the flow or association.
    pub element: String,
    /// The `id` of the element it comes from.
    pub source: Option<String>,
    /// The `id` of the element it leads to.
    pub target: Option<String>,
    /// Its points, from source to target.
    pub points: Vec<Point>,
    /// The diagram it is in, counted from 0.
    pub plane: usize,
    /// The name beside it.
    pub label: Option<Label>,
}

/// The shapes and edges of a document, in its order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Its shapes.
    pub shapes: Vec<Shape>,
    /// Its edges.
    pub edges: Vec<Edge>,
}

/// How a file means its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reading {
    anchor: Anchor,
    /// The size drawn whatever is written; none takes the written one.
    icon: Option<f64>,
}

/// What `x` and `y` are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Anchor {
    Corner,
    Centre,
    /// The centre, from the corner of the activity that the event is attached to.
    CentreFromHost,
}

/// What the specification says (OMG DD 1.0, 9.2.2.1).
const SPECIFIED: Reading = Reading { anchor: Anchor::Corner, icon: None };

/// How SAS Workflow Manager means each role, where a file has no edge to tell.
fn sas(role: Role) -> Reading {
    match role {
        Role::Activity | Role::Other => Reading { anchor: Anchor::Centre, icon: None },
        Role::Event => Reading { anchor: Anchor::Corner, icon: Some(40.0) },
        Role::Gateway => Reading { anchor: Anchor::Centre, icon: Some(64.0) },
        Role::Boundary => Reading { anchor: Anchor::CentreFromHost, icon: Some(40.0) },
    }
}

impl Reading {
    /// Every reading that a role may have; the specified one first, then the likelier before the rarer.
    fn of(role: Role) -> Vec<Self> {
        let anchors: &[Anchor] = match role {
            Role::Boundary => &[Anchor::Corner, Anchor::CentreFromHost, Anchor::Centre],
            _ => &[Anchor::Corner, Anchor::Centre],
        };
        let icons = match role {
            Role::Activity | Role::Other => &[][..],
            Role::Event | Role::Boundary | Role::Gateway => &ICONS[..],
        };
        let sizes = || std::iter::once(None).chain(icons.iter().copied().map(Some));
        anchors.iter().flat_map(|anchor| sizes().map(|icon| Self { anchor: *anchor, icon })).collect()
    }

    fn apply(self, written: Bounds, host: Option<Bounds>) -> Bounds {
        let width = self.icon.unwrap_or(written.width);
        let height = self.icon.unwrap_or(written.height);
        let (x, y) = match (self.anchor, host) {
            (Anchor::Corner, _) => (written.x, written.y),
            (Anchor::CentreFromHost, Some(host)) => {
                (host.x + written.x - width / 2.0, host.y + written.y - height / 2.0)
            }
            (Anchor::Centre | Anchor::CentreFromHost, _) => {
                (written.x - width / 2.0, written.y - height / 2.0)
            }
        };
        Bounds { x, y, width, height }
    }
}

impl Drawing {
    /// Reads the diagrams of a document; what has no bounds or no points is left out.
    pub fn of(document: &Document) -> Self {
        document.tree().map(|tree| read(&tree).0).unwrap_or_default()
    }

    /// The drawing put right; `None` if it is as the specification says.
    pub fn normalised(&self) -> Option<Self> {
        let readings = self.readings();
        if readings.values().all(|reading| *reading == SPECIFIED) {
            return None;
        }
        let reading = |role: Role| readings.get(&role).copied().unwrap_or(SPECIFIED);
        let mut hosts = HashMap::new();
        for shape in self.shapes.iter().filter(|shape| shape.role != Role::Boundary) {
            hosts.insert(shape.element.as_str(), reading(shape.role).apply(shape.bounds, None));
        }
        let shapes = self
            .shapes
            .iter()
            .map(|shape| {
                let host = shape.host.as_deref().and_then(|host| hosts.get(host).copied());
                Shape { bounds: reading(shape.role).apply(shape.bounds, host), ..shape.clone() }
            })
            .collect();
        let edges =
            self.edges.iter().map(|edge| Edge { points: smooth(&edge.points), ..edge.clone() }).collect();
        let mut drawing = Self { shapes, edges };
        labels::place(&mut drawing);
        Some(drawing)
    }

    /// The reading of each role under which the ends of its edges touch its shapes.
    fn readings(&self) -> BTreeMap<Role, Reading> {
        let by_element: HashMap<&str, &Shape> =
            self.shapes.iter().map(|shape| (shape.element.as_str(), shape)).collect();
        let mut ends: BTreeMap<Role, Vec<(&Shape, Point)>> = BTreeMap::new();
        for edge in &self.edges {
            let points = [(&edge.source, edge.points.first()), (&edge.target, edge.points.last())];
            for (element, point) in points {
                if let (Some(element), Some(point)) = (element, point)
                    && let Some(shape) = by_element.get(element.as_str())
                {
                    ends.entry(shape.role).or_default().push((shape, *point));
                }
            }
        }
        // Activities first: boundary events are measured from where their activity is.
        let mut readings: BTreeMap<Role, Reading> = BTreeMap::new();
        for role in [Role::Activity, Role::Event, Role::Gateway, Role::Boundary, Role::Other] {
            let host_reading = readings.get(&Role::Activity).copied().unwrap_or(SPECIFIED);
            let host = |shape: &Shape| {
                let host = by_element.get(shape.host.as_deref()?)?;
                Some(host_reading.apply(host.bounds, None))
            };
            if let Some(ends) = ends.get(&role)
                && let Some(reading) = nearest(role, ends, host)
            {
                readings.insert(role, reading);
            }
        }
        let odd = readings.iter().any(|(role, reading)| *role != Role::Other && *reading != SPECIFIED);
        if odd {
            for role in [Role::Activity, Role::Event, Role::Gateway, Role::Boundary, Role::Other] {
                readings.entry(role).or_insert_with(|| sas(role));
            }
        }
        readings
    }
}

/// How a document means its bounds, to write back what was moved in the drawing that was put right.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    readings: BTreeMap<Role, Reading>,
    written: Drawing,
}

impl Dialect {
    pub(crate) fn of(document: &Document) -> Self {
        let written = Drawing::of(document);
        Self { readings: written.readings(), written }
    }

    /// The same meaning for a document as it is after some changes: half a change must not be taken for another dialect.
    pub(crate) fn on(&self, document: &Document) -> Self {
        Self { readings: self.readings.clone(), written: Drawing::of(document) }
    }

    fn reading(&self, role: Role) -> Reading {
        self.readings.get(&role).copied().unwrap_or(SPECIFIED)
    }

    /// The bounds that the document writes for a shape that is shown at these.
    pub(crate) fn write(&self, element: &str, tag: &str, host: Option<&str>, shown: Bounds) -> Bounds {
        let role = role_of(tag);
        let reading = self.reading(role);
        let find = |id: &str| self.written.shapes.iter().find(|shape| shape.element == id);
        let (mut width, mut height) = (shown.width, shown.height);
        if let Some(icon) = reading.icon {
            // The size that is written is not the one that is drawn: it stays what this document writes.
            let like = find(element).or_else(|| self.written.shapes.iter().find(|shape| shape.role == role));
            (width, height) = like.map_or((icon, icon), |shape| (shape.bounds.width, shape.bounds.height));
        }
        let drawn = reading.icon.unwrap_or(shown.width);
        let drawn_height = reading.icon.unwrap_or(shown.height);
        let centre = (shown.x + drawn / 2.0, shown.y + drawn_height / 2.0);
        let host = host.and_then(find).map(|host| self.reading(host.role).apply(host.bounds, None));
        let (x, y) = match (reading.anchor, host) {
            (Anchor::Corner, _) => (shown.x, shown.y),
            (Anchor::CentreFromHost, Some(host)) => (centre.0 - host.x, centre.1 - host.y),
            (Anchor::Centre | Anchor::CentreFromHost, _) => centre,
        };
        Bounds { x, y, width, height }
    }
}

/// The reading under which edge ends are nearest to outlines; the specified one unless another is clearly nearer.
fn nearest(role: Role, ends: &[(&Shape, Point)], host: impl Fn(&Shape) -> Option<Bounds>) -> Option<Reading> {
    let distance = |reading: Reading| {
        let far = |(shape, point): &(&Shape, Point)| {
            to_outline(role, reading.apply(shape.bounds, host(shape)), *point).min(STRAY)
        };
        ends.iter().map(far).sum::<f64>() / ends.len() as f64
    };
    let specified = distance(SPECIFIED);
    let best = Reading::of(role)
        .into_iter()
        .map(|reading| (reading, distance(reading)))
        // The first of equals stays: readings are in order of likelihood.
        .reduce(|best, other| if other.1 < best.1 { other } else { best })?;
    let clearly = specified > TOUCHING && best.1 <= TOUCHING && best.1 * NEARER < specified;
    Some(if clearly { best.0 } else { SPECIFIED })
}

/// How far a point is from a shape's outline, in pixels.
fn to_outline(role: Role, bounds: Bounds, point: Point) -> f64 {
    let (half_width, half_height) = (bounds.width / 2.0, bounds.height / 2.0);
    let (x, y) = (point.x - bounds.x - half_width, point.y - bounds.y - half_height);
    let (out_x, out_y) = (x.abs() - half_width, y.abs() - half_height);
    let to_rectangle = match out_x > 0.0 || out_y > 0.0 {
        true => out_x.max(0.0).hypot(out_y.max(0.0)),
        false => (-out_x).min(-out_y),
    };
    match role {
        Role::Event | Role::Boundary => (x.hypot(y) - half_width).abs(),
        // Associations end at the box around the diamond.
        Role::Gateway if half_width > 0.0 && half_height > 0.0 => {
            let side = half_width.hypot(half_height);
            let to_diamond =
                (x.abs() / half_width + y.abs() / half_height - 1.0) * half_width * half_height / side;
            to_diamond.abs().min(to_rectangle)
        }
        _ => to_rectangle,
    }
}

/// The points of an edge without those that it does not turn at: repeated ones, and those on the way or beyond.
fn smooth(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(point) {
            continue;
        }
        while let [.., before, middle] = kept.as_slice()
            && ((before.x == middle.x && middle.x == point.x)
                || (before.y == middle.y && middle.y == point.y))
        {
            kept.pop();
        }
        if kept.last() != Some(point) {
            kept.push(*point);
        }
    }
    // An edge needs two ends, even where both are in one place.
    if let [only] = kept.as_slice()
        && points.len() > 1
    {
        kept.push(*only);
    }
    kept
}

/// Where a part of a drawing is written in the document.
struct Written {
    /// The values of `x`, `y`, `width` and `height` of each shape, in bytes.
    bounds: Vec<[Range<usize>; 4]>,
    /// Where the element that holds them ends, in bytes, with the elements' names as they are written.
    after_bounds: Vec<usize>,
    /// The points of each edge, from the first to the last, in bytes.
    points: Vec<Range<usize>>,
    /// `bpmndi:BPMNLabel` and `omgdc:Bounds`, with the prefixes of this document.
    label_tags: Option<(String, String)>,
}

fn read(tree: &roxmltree::Document<'_>) -> (Drawing, Written) {
    let mut drawing = Drawing::default();
    let mut written =
        Written { bounds: Vec::new(), after_bounds: Vec::new(), points: Vec::new(), label_tags: None };
    let text = tree.input_text();
    let mut plane = 0;
    let elements: HashMap<&str, Xml<'_, '_>> = tree
        .descendants()
        .filter(|node| node.tag_name().namespace() == Some(BPMN))
        .filter_map(|node| Some((node.attribute("id")?, node)))
        .collect();
    for part in tree.descendants().filter(|node| node.tag_name().namespace() == Some(DIAGRAM)) {
        let Some(element) = part.attribute("bpmnElement").map(local) else { continue };
        let model = elements.get(element).copied();
        let label = |beside: bool| {
            let text =
                model.filter(|_| beside)?.attribute("name")?.split_whitespace().collect::<Vec<_>>().join(" ");
            let label = part.children().find(|child| child.has_tag_name((DIAGRAM, "BPMNLabel")));
            let bounds =
                label.and_then(|label| label.children().find(|child| child.tag_name().name() == "Bounds"));
            (!text.is_empty())
                .then(|| Label { text, bounds: bounds.and_then(|bounds| Some(read_bounds(bounds)?.0)) })
        };
        match part.tag_name().name() {
            "BPMNPlane" => plane += 1,
            "BPMNShape" => {
                let Some(written_bounds) = part.children().find(|child| child.tag_name().name() == "Bounds")
                else {
                    continue;
                };
                let Some((bounds, at)) = read_bounds(written_bounds) else { continue };
                let host = model.and_then(|model| model.attribute("attachedToRef"));
                let role = role_of(model.map_or("", |model| model.tag_name().name()));
                let host = host.map(|host| local(host).to_owned());
                let label = label(matches!(role, Role::Event | Role::Boundary | Role::Gateway));
                drawing.shapes.push(Shape { element: element.to_owned(), role, host, bounds, plane, label });
                written.bounds.push(at);
                written.after_bounds.push(written_bounds.range().end);
                written.label_tags.get_or_insert_with(|| {
                    let shape = tag_at(text, part.range().start);
                    let label = format!("{}BPMNLabel", shape.strip_suffix("BPMNShape").unwrap_or(""));
                    (label, tag_at(text, written_bounds.range().start).to_owned())
                });
            }
            "BPMNEdge" => {
                let points: Vec<Xml<'_, '_>> =
                    part.children().filter(|child| child.tag_name().name() == "waypoint").collect();
                let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
                let range = first.range().start..last.range().end;
                let points: Option<Vec<Point>> = points
                    .iter()
                    .map(|point| Some(Point { x: number(*point, "x")?.0, y: number(*point, "y")?.0 }))
                    .collect();
                let Some(points) = points else { continue };
                let end = |name: &str| model.and_then(|model| end_of(model, name));
                let (source, target) = (end("sourceRef"), end("targetRef"));
                let label = label(true);
                drawing.edges.push(Edge {
                    element: element.to_owned(),
                    source,
                    target,
                    points,
                    plane,
                    label,
                });
                written.points.push(range);
            }
            _ => {}
        }
    }
    (drawing, written)
}

/// What a flow or association names as an attribute, or a data association as a child.
fn end_of(model: Xml<'_, '_>, name: &str) -> Option<String> {
    let child = || model.children().find(|child| child.has_tag_name((BPMN, name)))?.text();
    model.attribute(name).or_else(child).map(|reference| local(reference).to_owned())
}

fn role_of(tag: &str) -> Role {
    match tag {
        "boundaryEvent" => Role::Boundary,
        _ if tag.ends_with("Event") => Role::Event,
        _ if tag.ends_with("Gateway") => Role::Gateway,
        "subProcess" | "transaction" | "adHocSubProcess" | "callActivity" => Role::Activity,
        _ if tag == "task" || tag.ends_with("Task") => Role::Activity,
        _ => Role::Other,
    }
}

fn read_bounds(xml: Xml<'_, '_>) -> Option<(Bounds, [Range<usize>; 4])> {
    let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| number(xml, name));
    let (x, y, width, height) = (x?, y?, width?, height?);
    let bounds = Bounds { x: x.0, y: y.0, width: width.0, height: height.0 };
    (bounds.width > 0.0 && bounds.height > 0.0).then_some((bounds, [x.1, y.1, width.1, height.1]))
}

fn number(xml: Xml<'_, '_>, name: &str) -> Option<(f64, Range<usize>)> {
    let attribute = xml.attribute_node(name)?;
    let value: f64 = attribute.value().trim().parse().ok()?;
    value.is_finite().then(|| (value, attribute.range_value()))
}

/// The name of the element that starts there, as it is written, with its prefix.
fn tag_at(text: &str, start: usize) -> &str {
    text[start + 1..].split(|c: char| c.is_whitespace() || c == '/' || c == '>').next().unwrap_or_default()
}

/// A reference without its prefix.
fn local(reference: &str) -> &str {
    let reference = reference.trim();
    reference.rsplit(':').next().unwrap_or(reference)
}

/// The document for display: bounds and points put right where the file means them otherwise than the specification,
/// and every other byte as it is. Not for export.
pub fn normalised_xml(document: &Document) -> String {
    let text = document.text();
    let Ok(tree) = document.tree() else { return text.to_owned() };
    let (drawing, written) = read(&tree);
    let Some(normal) = drawing.normalised() else { return text.to_owned() };
    let label_tags = written.label_tags.as_ref();
    // A label that the file places itself stays where it is.
    let label = |before: &Option<Label>, after: &Option<Label>| {
        let (label, bounds) = label_tags?;
        let placed =
            after.as_ref()?.bounds.filter(|_| before.as_ref().is_some_and(|label| label.bounds.is_none()))?;
        let Bounds { x, y, width, height } = placed;
        Some(format!(
            "<{label}><{bounds} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></{label}>"
        ))
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (at, (after, before)) in normal.shapes.iter().zip(&drawing.shapes).enumerate() {
        let Bounds { x, y, width, height } = after.bounds;
        edits.extend(
            written.bounds[at].iter().cloned().zip([x, y, width, height].map(|number| number.to_string())),
        );
        let end = written.after_bounds[at];
        edits.extend(label(&before.label, &after.label).map(|label| (end..end, label)));
    }
    for (at, (after, before)) in normal.edges.iter().zip(&drawing.edges).enumerate() {
        let range = written.points[at].clone();
        if after.points != before.points {
            let tag = tag_at(text, range.start);
            let mut points = String::new();
            for Point { x, y } in &after.points {
                // Writing to a string cannot fail.
                let _ = write!(points, "<{tag} x=\"{x}\" y=\"{y}\"/>");
            }
            edits.push((range.clone(), points));
        }
        edits.extend(label(&before.label, &after.label).map(|label| (range.end..range.end, label)));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut normal = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, edit) in edits {
        if range.start < copied {
            continue;
        }
        normal.push_str(&text[copied..range.start]);
        normal.push_str(&edit);
        copied = range.end;
    }
    normal.push_str(&text[copied..]);
    normal
}

#[cfg(test)]
mod tests;
