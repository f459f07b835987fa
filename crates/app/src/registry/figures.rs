//! Figures of a version: the points its package published, drawn in Rust.

use charts::{Curve, LiftFigure, Mode, RocFigure};
use packages::Package;
use words::said;

use super::{Figure, FigureOf, find_version, import, version_ref};
use crate::drawing::{self, Ink};
use crate::{App, Code, Failure};

/// Versions overlaid in one figure, at most.
const OVERLAID_MAX: usize = 4;

/// A published curve: what it is called, and its points.
struct Named {
    name: String,
    points: Vec<[f64; 2]>,
}

/// Draws the ROC or the lift of a version, one curve a partition, with others overlaid.
///
/// # Errors
/// [`Code::NotFound`] when no package has such points; [`Code::Usage`] for another kind or size.
pub async fn figure(app: &App, request: FigureOf) -> Result<Figure, Failure> {
    let ink = Ink::new(request.width, request.height, request.language.as_deref(), Mode::Screen)?;
    let session = app.session()?;
    let alone = request.with.is_empty();
    let mut curves = Vec::new();
    for name in std::iter::once(&request.version).chain(&request.with).take(OVERLAID_MAX) {
        let version = find_version(&session, name)?;
        let package = import::reading(&session, &version.package).await?;
        let of = version_ref(&session, version.id.as_str())?;
        let label = |partition: &str| match alone {
            true => partition.to_owned(),
            false => format!("{} {} {partition}", of.model_name, of.number),
        };
        let published = match request.kind.as_str() {
            "roc" => roc_points(&package),
            "lift" => lift_points(&package),
            other => {
                return Err(Failure::said(Code::Usage, said!("no-such-figure", other = other.to_string())));
            }
        };
        // Side by side, one partition a version says more than a bundle of lines.
        let taken = if alone { published.len() } else { 1 };
        let last = published.len().saturating_sub(taken);
        curves.extend(
            published.into_iter().skip(last).map(|curve| Named { name: label(&curve.name), ..curve }),
        );
    }
    if curves.is_empty() {
        return Err(Failure::not_found("figure", &request.kind));
    }
    let drawn = |curve: &Named| Curve { name: curve.name.clone(), points: curve.points.clone() };
    let (drawn_figure, columns) = if request.kind == "roc" {
        let figure = RocFigure {
            title: "ROC".to_owned(),
            curves: curves.iter().map(drawn).collect(),
            areas: curves.iter().map(area).collect(),
        };
        let columns = ["figure-curve", "chart-roc-x", "chart-roc-y"];
        (ink.draw(|look| charts::roc(&figure, look)), columns)
    } else {
        let figure = LiftFigure {
            title: "Lift".to_owned(),
            measure: ink.say("figure-lift"),
            curves: curves.iter().map(drawn).collect(),
            chance: Some(1.0),
        };
        (ink.draw(|look| charts::lift(&figure, look)), ["figure-curve", "figure-depth", "figure-lift"])
    };
    let rows = curves
        .iter()
        .flat_map(|curve| {
            curve.points.iter().map(|[x, y]| vec![curve.name.clone(), ink.number(*x, 4), ink.number(*y, 4)])
        })
        .collect();
    Ok(drawing::figure(drawn_figure, columns.map(|key| ink.say(key)).to_vec(), rows))
}

fn roc_points(package: &Package) -> Vec<Named> {
    package
        .roc
        .iter()
        .map(|curve| {
            let mut points: Vec<[f64; 2]> =
                curve.points.iter().map(|point| [point.false_positive_rate, point.sensitivity]).collect();
            // Published grids often leave the corners out, where every curve begins and ends.
            points.extend([[0.0, 0.0], [1.0, 1.0]]);
            points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
            points.dedup();
            Named { name: curve.partition.clone(), points }
        })
        .collect()
}

fn lift_points(package: &Package) -> Vec<Named> {
    package
        .lift
        .iter()
        .map(|curve| Named {
            name: curve.partition.clone(),
            points: curve
                .points
                .iter()
                .filter_map(|point| Some([point.depth_percent, point.cumulative_lift.or(point.lift)?]))
                .collect(),
        })
        .collect()
}

/// Area under the points by trapezoids.
fn area(curve: &Named) -> f64 {
    curve.points.windows(2).map(|pair| (pair[1][0] - pair[0][0]) * (pair[1][1] + pair[0][1]) / 2.0).sum()
}
