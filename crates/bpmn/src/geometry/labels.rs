//! Where names go beside events, gateways and edges: on the side where they cover nothing.

use super::{Bounds, Drawing, Label, Point, Role};

/// Larger drawings leave their labels to whoever draws them.
const PARTS_MAX: usize = 4000;

/// About how wide a letter is, and a line high, in pixels at the size at which names are drawn.
const LETTER_WIDTH: f64 = 6.2;
const LINE_HEIGHT: f64 = 14.0;

/// No label is wider, in pixels.
const WIDTH_MAX: f64 = 110.0;

/// Between a label and what it names, in pixels.
const GAP: f64 = 6.0;

/// So many of an edge's longest stretches are considered.
const STRETCHES: usize = 3;

/// Gives every label that has no place one.
pub(super) fn place(drawing: &mut Drawing) {
    if drawing.shapes.len() + drawing.edges.len() > PARTS_MAX {
        return;
    }
    let mut taken = Taken::of(drawing);
    for shape in &mut drawing.shapes {
        let room = beside(shape.bounds);
        put(&mut taken, shape.plane, &mut shape.label, |size| room(size).to_vec());
    }
    for edge in &mut drawing.edges {
        let points = edge.points.clone();
        put(&mut taken, edge.plane, &mut edge.label, |size| along(&points, size));
    }
}

/// Puts a label where it covers least; the first of equals, as the places come in order of preference.
fn put(
    taken: &mut Taken,
    plane: usize,
    label: &mut Option<Label>,
    places: impl Fn((f64, f64)) -> Vec<Bounds>,
) {
    let Some(label) = label.as_mut().filter(|label| label.bounds.is_none()) else { return };
    let size = size(&label.text);
    let best = places(size)
        .into_iter()
        .map(|place| (taken.covered(plane, place), place))
        .reduce(|best, other| if other.0 < best.0 { other } else { best });
    if let Some((_, place)) = best {
        taken.areas.push((plane, place));
        label.bounds = Some(place);
    }
}

/// About how much room a name needs, wrapped at words.
fn size(text: &str) -> (f64, f64) {
    let letters = |count: usize| count as f64 * LETTER_WIDTH;
    let (mut line, mut widest, mut lines) = (0, 0, 1);
    for word in text.split(' ').map(|word| word.chars().count()) {
        if line > 0 && letters(line + 1 + word) > WIDTH_MAX {
            lines += 1;
            line = word;
        } else {
            line += word + usize::from(line > 0);
        }
        widest = widest.max(line);
    }
    (letters(widest).min(WIDTH_MAX * 2.0).ceil() + 4.0, f64::from(lines) * LINE_HEIGHT)
}

/// Below, to the right, above and to the left of a shape.
fn beside(shape: Bounds) -> impl Fn((f64, f64)) -> [Bounds; 4] {
    move |(width, height)| {
        let (middle_x, middle_y) = (shape.x + shape.width / 2.0, shape.y + shape.height / 2.0);
        let at = |x: f64, y: f64| Bounds { x: x.round(), y: y.round(), width, height };
        [
            at(middle_x - width / 2.0, shape.y + shape.height + GAP),
            at(shape.x + shape.width + GAP, middle_y - height - GAP),
            at(middle_x - width / 2.0, shape.y - GAP - height),
            at(shape.x - GAP - width, middle_y - height - GAP),
        ]
    }
}

/// Beside the middle of an edge's longest stretches, on both sides.
fn along(points: &[Point], (width, height): (f64, f64)) -> Vec<Bounds> {
    let mut stretches: Vec<(Point, Point)> = points.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let length = |(from, to): &(Point, Point)| (to.x - from.x).hypot(to.y - from.y);
    stretches.sort_by(|one, other| length(other).total_cmp(&length(one)));
    stretches
        .into_iter()
        .take(STRETCHES)
        .flat_map(|(from, to)| {
            let (x, y) = ((from.x + to.x) / 2.0, (from.y + to.y) / 2.0);
            let at = |x: f64, y: f64| Bounds { x: x.round(), y: y.round(), width, height };
            match (to.x - from.x).abs() > (to.y - from.y).abs() {
                true => [at(x - width / 2.0, y - GAP / 2.0 - height), at(x - width / 2.0, y + GAP / 2.0)],
                false => [at(x + GAP, y - height / 2.0), at(x - GAP - width, y - height / 2.0)],
            }
        })
        .collect()
}

/// What a label should not cover, by diagram.
struct Taken {
    areas: Vec<(usize, Bounds)>,
    lines: Vec<(usize, Point, Point)>,
}

impl Taken {
    fn of(drawing: &Drawing) -> Self {
        // Pools, lanes and groups surround what they hold and are written upon.
        let solid = |role: Role| role != Role::Other;
        let shapes = drawing.shapes.iter().filter(|shape| solid(shape.role));
        let areas = shapes.map(|shape| (shape.plane, shape.bounds)).collect();
        let lines = drawing
            .edges
            .iter()
            .flat_map(|edge| edge.points.windows(2).map(|pair| (edge.plane, pair[0], pair[1])))
            .collect();
        Self { areas, lines }
    }

    /// How many things a place would cover.
    fn covered(&self, plane: usize, place: Bounds) -> usize {
        let areas =
            self.areas.iter().filter(|(other, area)| *other == plane && overlap(*area, place)).count();
        let lines =
            self.lines.iter().filter(|(other, from, to)| *other == plane && crosses(*from, *to, place));
        areas + lines.count()
    }
}

fn overlap(one: Bounds, other: Bounds) -> bool {
    one.x < other.x + other.width
        && other.x < one.x + one.width
        && one.y < other.y + other.height
        && other.y < one.y + one.height
}

/// Whether a line passes through an area: Liang and Barsky, "A new concept and method for line clipping" (1984).
fn crosses(from: Point, to: Point, area: Bounds) -> bool {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enters, mut leaves) = (0.0f64, 1.0f64);
    for (step, room) in [
        (-dx, from.x - area.x),
        (dx, area.x + area.width - from.x),
        (-dy, from.y - area.y),
        (dy, area.y + area.height - from.y),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enters = enters.max(room / step);
        } else {
            leaves = leaves.min(room / step);
        }
    }
    enters < leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_areas() {
        let area = Bounds { x: 10.0, y: 10.0, width: 20.0, height: 10.0 };
        let point = |x: f64, y: f64| Point { x, y };
        let rows = [
            (point(0.0, 15.0), point(50.0, 15.0), true),
            (point(0.0, 0.0), point(50.0, 40.0), true),
            (point(15.0, 12.0), point(16.0, 13.0), true),
            (point(0.0, 25.0), point(50.0, 25.0), false),
            (point(0.0, 15.0), point(9.0, 15.0), false),
            (point(5.0, 0.0), point(5.0, 50.0), false),
        ];
        for (from, to, wanted) in rows {
            assert_eq!(crosses(from, to, area), wanted, "{from:?} {to:?}");
            assert_eq!(crosses(to, from, area), wanted, "{to:?} {from:?}");
        }
    }

    #[test]
    fn names_need_room_by_their_words() {
        assert_eq!(size("End").1, LINE_HEIGHT);
        assert_eq!(size("Model performance is not good").1, 2.0 * LINE_HEIGHT);
        assert!(size(&"x".repeat(500)).0 <= WIDTH_MAX * 2.0 + 4.0);
    }
}
