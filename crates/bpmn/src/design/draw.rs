//! Where things are drawn: shapes, edges and labels, written as the document's dialect means them.

use super::add::New;
use super::tag::{Lines, Names};
use super::{Rectangle, Spot, element as find, is};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{self, Bounds, Patch, Point, insert, insert_after, set_bounds, set_waypoints};
use crate::geometry::{self, DIAGRAM, Dialect};
use crate::sentence::sentence;
use roxmltree::Node as Xml;

/// Decimals of a pixel that are written.
const DECIMALS: f64 = 100.0;

fn rounded(value: f64) -> Result<f64, Error> {
    if !value.is_finite() || value.abs() > 1e7 {
        return Err(Error::BadEdit(sentence!(
            "edit-no-place",
            "{value} is no place in a drawing",
            value = value.to_string()
        )));
    }
    Ok((value * DECIMALS).round() / DECIMALS)
}

fn checked(bounds: Rectangle) -> Result<geometry::Bounds, Error> {
    if bounds.width <= 0.0 || bounds.height <= 0.0 {
        return Err(Error::BadEdit(sentence!("edit-shape-size", "a shape has a width and a height")));
    }
    Ok(geometry::Bounds {
        x: rounded(bounds.x)?,
        y: rounded(bounds.y)?,
        width: rounded(bounds.width)?,
        height: rounded(bounds.height)?,
    })
}

/// The bounds to be written for a shape that is shown there.
fn written(
    document: &Document,
    node: Xml<'_, '_>,
    bounds: Rectangle,
    dialect: &Dialect,
) -> Result<Bounds, Error> {
    let shown = checked(bounds)?;
    let id = node.attribute("id").unwrap_or_default();
    let bounds =
        dialect.on(document).write(id, node.tag_name().name(), node.attribute("attachedToRef"), shown);
    Ok(Bounds { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height })
}

pub(super) fn shape(
    document: &Document,
    id: &str,
    bounds: Rectangle,
    dialect: &Dialect,
) -> Result<Document, Error> {
    document.patched(|tree| {
        let root = tree.root_element();
        let bounds = written(document, find(root, id)?, bounds, dialect)?;
        set_bounds(root, tree.input_text(), id, bounds)
    })
}

pub(super) fn edge(document: &Document, id: &str, points: &[Spot]) -> Result<Document, Error> {
    let points = checked_points(points)?;
    document.patched(|tree| set_waypoints(tree.root_element(), tree.input_text(), id, &points))
}

fn checked_points(points: &[Spot]) -> Result<Vec<Point>, Error> {
    if points.len() < 2 {
        return Err(Error::BadEdit(sentence!("edit-points", "an edge needs at least two points")));
    }
    points.iter().map(|point| Ok(Point { x: rounded(point.x)?, y: rounded(point.y)? })).collect()
}

/// The plane that shows an element, or a new one.
fn plane<'t>(root: Xml<'t, 't>) -> Option<Xml<'t, 't>> {
    root.descendants().find(|node| node.has_tag_name((DIAGRAM, "BPMNPlane")))
}

/// The document with a plane to draw on.
fn with_plane(document: &Document) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        if plane(root).is_some() {
            return Ok(Vec::new());
        }
        let process = root.children().find(|node| is(node, "process"));
        let process = process.and_then(|process| process.attribute("id"));
        let process = process.ok_or_else(|| {
            Error::BadEdit(sentence!("edit-nothing-to-draw", "there is no process to draw"))
        })?;
        let names = Names::at(root);
        let made = names.diagram("BPMNDiagram").with("id", &super::fresh_id(root, "diagram")).child(
            names
                .diagram("BPMNPlane")
                .with("id", &super::fresh_id(root, "plane"))
                .with("bpmnElement", process),
        );
        insert(root, text, None, &made.write(&Lines::inside(root)))
    })
}

/// The plane that a new part goes on: the one that its neighbours are on, so that a drill-down stays whole.
fn plane_of<'t>(root: Xml<'t, 't>, neighbour: &str) -> Result<Xml<'t, 't>, Error> {
    let drawn = root.descendants().find(|node| {
        node.tag_name().namespace() == Some(DIAGRAM)
            && node.attribute("bpmnElement") == Some(neighbour)
            && !node.has_tag_name((DIAGRAM, "BPMNPlane"))
    });
    let own = root.descendants().find(|node| {
        node.has_tag_name((DIAGRAM, "BPMNPlane")) && node.attribute("bpmnElement") == Some(neighbour)
    });
    own.or_else(|| drawn.and_then(|drawn| drawn.parent_element()))
        .or_else(|| plane(root))
        .ok_or_else(|| Error::NotFound("BPMNPlane".to_owned()))
}

pub(super) fn new_shape(document: &Document, new: &New<'_>, dialect: &Dialect) -> Result<Document, Error> {
    let document = with_plane(document)?;
    document.patched(|tree| {
        let root = tree.root_element();
        let node = find(root, new.id)?;
        let bounds = written(&document, node, new.bounds, dialect)?;
        let plane = plane_of(root, new.host.unwrap_or(new.into))?;
        let names = Names::at(plane);
        let style = root
            .descendants()
            .find(|node| node.tag_name().name() == "Bounds")
            .and_then(|bounds| bounds.attribute("x"))
            .unwrap_or("");
        let number = |value: f64| edit::number(value, style);
        let rectangle = names
            .drawing("Bounds")
            .with("x", &number(bounds.x)?)
            .with("y", &number(bounds.y)?)
            .with("width", &number(bounds.width)?)
            .with("height", &number(bounds.height)?);
        let mut shape = names
            .diagram("BPMNShape")
            .with("id", &super::fresh_id(root, &format!("{}_shape", new.id)))
            .with("bpmnElement", new.id);
        if matches!(new.kind, super::Kind::SubProcess | super::Kind::EventSubProcess) {
            shape = shape.with("isExpanded", "true");
        }
        if new.kind == super::Kind::Exclusive {
            shape = shape.with("isMarkerVisible", "true");
        }
        // Edges are drawn over shapes where a file writes them last.
        insert_after(
            plane,
            tree.input_text(),
            &["BPMNShape"],
            &shape.child(rectangle).write(&Lines::inside(plane)),
        )
    })
}

pub(super) fn new_edge(document: &Document, id: &str, points: &[Spot]) -> Result<Document, Error> {
    let points = checked_points(points)?;
    let document = with_plane(document)?;
    document.patched(|tree| {
        let root = tree.root_element();
        let flow = find(root, id)?;
        let plane = plane_of(root, flow.attribute("sourceRef").unwrap_or_default())?;
        let names = Names::at(plane);
        let style = root
            .descendants()
            .find(|node| node.tag_name().name() == "waypoint")
            .and_then(|point| point.attribute("x"))
            .unwrap_or("");
        let mut waypoints = Vec::new();
        for point in &points {
            let (x, y) = (edit::number(point.x, style)?, edit::number(point.y, style)?);
            waypoints.push(names.interchange("waypoint").with("x", &x).with("y", &y));
        }
        let edge = names
            .diagram("BPMNEdge")
            .with("id", &super::fresh_id(root, &format!("{id}_edge")))
            .with("bpmnElement", id)
            .children(waypoints);
        insert(plane, tree.input_text(), None, &edge.write(&Lines::inside(plane)))
    })
}

pub(super) fn label(document: &Document, id: &str, bounds: Rectangle) -> Result<Document, Error> {
    let bounds = checked(bounds)?;
    document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        let drawn = root.descendants().find(|node| {
            (node.has_tag_name((DIAGRAM, "BPMNShape")) || node.has_tag_name((DIAGRAM, "BPMNEdge")))
                && node.attribute("bpmnElement") == Some(id)
        });
        let drawn = drawn.ok_or_else(|| Error::NotFound(id.to_owned()))?;
        let names = Names::at(drawn);
        let values = [("x", bounds.x), ("y", bounds.y), ("width", bounds.width), ("height", bounds.height)];
        let label = drawn.children().find(|node| node.has_tag_name((DIAGRAM, "BPMNLabel")));
        let known = label.and_then(|label| label.children().find(|node| node.tag_name().name() == "Bounds"));
        if let Some(known) = known {
            let mut patches: Vec<Patch> = Vec::new();
            for (name, value) in values {
                patches.extend(edit::set_number(known, text, name, value)?);
            }
            return Ok(patches);
        }
        let mut rectangle = names.drawing("Bounds");
        for (name, value) in values {
            rectangle = rectangle.with(name, &edit::number(value, "")?);
        }
        match label {
            Some(label) => insert(label, text, None, &rectangle.write(&Lines::inside(label))),
            None => {
                let made = names.diagram("BPMNLabel").child(rectangle);
                insert_after(
                    drawn,
                    text,
                    &["extension", "Bounds", "waypoint"],
                    &made.write(&Lines::inside(drawn)),
                )
            }
        }
    })
}
