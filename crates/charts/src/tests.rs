//! Golden drawings, and the promise that labels never meet or leave the frame.

use crate::curves::{calibration_in, ks_in, lift_in, roc_in};
use crate::distributions::{distribution_in, psi_in};
use crate::matrices::{confusion_in, heatmap_in};
use crate::plot::Frame;
use crate::trends::trend_in;
use crate::*;
use proptest::prelude::*;

fn gallery() -> Vec<(&'static str, Size, serde_json::Value)> {
    let text = include_str!("../tests/gallery.json");
    let figures: serde_json::Value = serde_json::from_str(text).unwrap();
    [
        ("roc", 420.0, 320.0),
        ("lift", 420.0, 280.0),
        ("ks", 420.0, 280.0),
        ("calibration", 320.0, 280.0),
        ("trend", 560.0, 260.0),
        ("psi", 420.0, 240.0),
        ("distribution", 420.0, 220.0),
        ("heatmap", 520.0, 220.0),
        ("confusion", 300.0, 220.0),
        ("sparkline", 96.0, 24.0),
    ]
    .into_iter()
    .map(|(name, width, height)| (name, Size { width, height }, figures[name].clone()))
    .collect()
}

fn draw(name: &str, figure: serde_json::Value, size: Size, mode: Mode) -> Drawing {
    macro_rules! of {
        ($draw:ident) => {
            $draw(&serde_json::from_value(figure).unwrap(), size, mode)
        };
    }
    match name {
        "roc" => of!(roc),
        "lift" => of!(lift),
        "ks" => of!(ks),
        "calibration" => of!(calibration),
        "trend" => of!(trend),
        "psi" => of!(psi),
        "distribution" => of!(distribution),
        "heatmap" => of!(heatmap),
        "confusion" => of!(confusion),
        _ => of!(sparkline),
    }
}

#[test]
fn drawings_are_as_they_were() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let renew = std::env::var_os("RENEW_GOLDEN").is_some();
    for (name, size, figure) in gallery() {
        for (mode, suffix) in [(Mode::Screen, "screen"), (Mode::Print, "print")] {
            let drawing = draw(name, figure.clone(), size, mode);
            let path = folder.join(format!("{name}-{suffix}.svg"));
            if renew {
                std::fs::write(&path, &drawing.svg).unwrap();
            }
            let golden = std::fs::read_to_string(&path).unwrap();
            assert!(
                golden == drawing.svg,
                "{name}-{suffix}.svg differs; look at it, and renew it by RENEW_GOLDEN=1 cargo test -p charts"
            );
        }
    }
}

#[test]
fn a_drawing_can_be_read_out_and_follows_the_theme() {
    for (name, size, figure) in gallery() {
        let screen = draw(name, figure.clone(), size, Mode::Screen);
        let print = draw(name, figure, size, Mode::Print);
        for part in ["role=\"img\"", "<title id=", "<desc id=", "aria-labelledby"] {
            assert!(screen.svg.contains(part), "{name} has no {part}");
        }
        assert!(screen.svg.contains("var(--") && !print.svg.contains("var("), "{name}");
        assert!(!screen.hits.is_empty() && screen.description.ends_with('.'), "{name}");
        let inside = |h: &Hit| h.x >= 0.0 && h.y >= 0.0 && h.x <= size.width && h.y <= size.height;
        assert!(screen.hits.iter().all(inside), "{name}");
    }
}

#[test]
fn texts_from_outside_cannot_leave_their_element() {
    let figure = PsiFigure {
        title: "</title><script>alert(1)</script>\u{0}".to_owned(),
        bars: vec![PsiBar { name: "<a&\"b>".to_owned(), psi: Some(0.2), psi_excluding_missing: None }],
    };
    let svg = psi(&figure, Size { width: 400.0, height: 120.0 }, Mode::Screen).svg;
    assert!(!svg.contains("<script") && !svg.contains('\u{0}') && svg.contains("&lt;a&amp;&quot;b&gt;"));
}

fn check(frame: Size, boxes: &[Rect]) -> Result<(), TestCaseError> {
    let size = Frame::new("", frame, Mode::Print).size();
    for (i, a) in boxes.iter().enumerate() {
        prop_assert!(a.x >= -0.01 && a.y >= -0.01, "{a:?} leaves the frame");
        prop_assert!(
            a.x + a.width <= size.width + 0.01 && a.y + a.height <= size.height + 0.01,
            "{a:?} leaves {size:?}"
        );
        for b in &boxes[..i] {
            prop_assert!(!a.overlaps(b, 0.0), "{a:?} meets {b:?}");
        }
    }
    Ok(())
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -1.0..2.0f64, 1 => -1e9..1e9f64, 1 => Just(f64::NAN), 1 => Just(0.0), 1 => Just(f64::INFINITY)]
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[A-Z]{1,10}", 1 => "\\PC{0,60}", 1 => "[a-z ]{30,80}"]
}

fn any_size() -> impl Strategy<Value = Size> {
    (10.0..900.0f64, 10.0..600.0f64).prop_map(|(width, height)| Size { width, height })
}

fn any_curve() -> impl Strategy<Value = Curve> {
    (any_name(), prop::collection::vec([any_number(), any_number()], 0..40))
        .prop_map(|(name, points)| Curve { name, points })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn curves_keep_their_labels(
        size in any_size(),
        title in any_name(),
        curves in prop::collection::vec(any_curve(), 0..6),
        areas in prop::collection::vec(any_number(), 0..6),
        widest in any::<bool>().prop_map(|b| b.then_some([0.4, 0.3])),
    ) {
        let new = || Frame::new(&title, size, Mode::Screen);
        let points = |i: usize| curves.get(i).map(|c| c.points.clone()).unwrap_or_default();
        let ks = KsFigure { title: title.clone(), events: points(0), others: points(1), widest };
        check(size, &ks_in(&ks, new()).1)?;
        let bins = points(0).iter().map(|p| CalibrationPoint { predicted: p[0], observed: p[1], n: 3.0 }).collect();
        check(size, &calibration_in(&CalibrationFigure { title: title.clone(), points: bins }, new()).1)?;
        let lift = LiftFigure { title: title.clone(), measure: "lift".to_owned(), curves: curves.clone(), chance: Some(1.0) };
        check(size, &lift_in(&lift, new()).1)?;
        check(size, &roc_in(&RocFigure { title: title.clone(), curves, areas }, new()).1)?;
    }

    #[test]
    fn trends_keep_their_labels(
        size in any_size(),
        title in any_name(),
        metric in any_name(),
        points in prop::collection::vec((any_name(), prop::option::of(any_number()), any::<bool>()), 0..40),
        threshold in prop::option::of(any_number()),
        events in prop::collection::vec((0usize..45, any_name()), 0..5),
        ahead in prop::collection::vec((any_name(), any_number()), 0..12),
    ) {
        let points = points.into_iter().map(|(label, value, provisional)| TrendPoint {
            label,
            value,
            interval: value.map(|v| [v - 0.1, v + 0.1]),
            provisional,
        });
        let figure = TrendFigure {
            title: title.clone(),
            metric,
            points: points.collect(),
            threshold,
            events: events.into_iter().map(|(at, text)| Moment { at, text }).collect(),
            ahead: ahead.into_iter().map(|(label, value)| Ahead { label, value, low: value - 0.2, high: value + 0.2 }).collect(),
        };
        check(size, &trend_in(&figure, Frame::new(&title, size, Mode::Print)).1)?;
        let values = figure.points.iter().map(|p| p.value).collect();
        let small = sparkline(&SparklineFigure { title, values, threshold }, size, Mode::Screen);
        prop_assert!(!small.svg.contains("NaN") && !small.svg.contains("inf"));
    }

    #[test]
    fn tables_keep_their_labels(
        size in any_size(),
        title in any_name(),
        rows in prop::collection::vec((any_name(), prop::collection::vec(prop::option::of(any_number()), 0..14)), 0..30),
        periods in prop::collection::vec(any_name(), 0..14),
    ) {
        let new = || Frame::new(&title, size, Mode::Screen);
        let bars = rows.iter().map(|(name, v)| PsiBar {
            name: name.clone(),
            psi: v.first().copied().flatten(),
            psi_excluding_missing: v.get(1).copied().flatten(),
        });
        check(size, &psi_in(&PsiFigure { title: title.clone(), bars: bars.collect() }, new()).1)?;
        let bins = rows.iter().map(|(label, v)| DistributionBin {
            label: label.clone(),
            reference: v.first().copied().flatten().unwrap_or(0.1),
            current: v.get(1).copied().flatten().unwrap_or(0.2),
        });
        let figure = DistributionFigure {
            title: title.clone(),
            reference: title.clone(),
            current: "now".to_owned(),
            bins: bins.collect(),
        };
        check(size, &distribution_in(&figure, new()).1)?;
        let cells = ConfusionFigure { title: title.clone(), tp: 3.0, fp: 1e7, fn_: 0.0, tn: 2.0 };
        check(size, &confusion_in(&cells, new()).1)?;
        let (drawing, boxes) = heatmap_in(&HeatmapFigure { title: title.clone(), periods, rows }, new());
        check(size, &boxes)?;
        prop_assert!(!drawing.svg.contains("NaN"));
    }
}
