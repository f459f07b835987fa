//! Golden drawings, and the promise that labels never meet or leave the frame.

use crate::curves::{calibration_in, gain_in, ks_in, lift_in, predicted_in, roc_in};
use crate::distributions::{distribution_in, psi_in};
use crate::durations::{phases_in, workload_in};
use crate::matrices::{confusion_in, heatmap_in};
use crate::plot::Frame;
use crate::trends::trend_in;
use crate::*;
use proptest::prelude::*;
use words::{Locale, Value, Words};

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
        ("gain", 420.0, 300.0),
        ("phases", 480.0, 220.0),
        ("workload", 420.0, 200.0),
        ("predicted", 320.0, 280.0),
        ("scores", 420.0, 280.0),
        ("versions", 560.0, 260.0),
    ]
    .into_iter()
    .map(|(name, width, height)| (name, Size { width, height }, figures[name].clone()))
    .collect()
}

/// A look with the words of a language.
fn with<T>(size: Size, mode: Mode, locale: Locale, draw: impl FnOnce(&Look<'_>) -> T) -> T {
    let words = Words::new(locale);
    let say = |key: &str, values: &[(&str, &str)]| {
        let values: Vec<(&str, Value)> =
            values.iter().map(|(name, value)| (*name, (*value).into())).collect();
        words.get(key, &values)
    };
    draw(&Look { size, mode, say: &say, decimal: locale.decimal() })
}

fn draw(name: &str, figure: serde_json::Value, size: Size, mode: Mode, locale: Locale) -> Drawing {
    macro_rules! of {
        ($draw:ident) => {
            with(size, mode, locale, |look| $draw(&serde_json::from_value(figure).unwrap(), look))
        };
    }
    match name {
        "roc" => of!(roc),
        "lift" => of!(lift),
        "ks" | "scores" => of!(ks),
        "predicted" => of!(predicted),
        "calibration" => of!(calibration),
        "trend" | "versions" => of!(trend),
        "psi" => of!(psi),
        "distribution" => of!(distribution),
        "heatmap" => of!(heatmap),
        "confusion" => of!(confusion),
        "gain" => of!(gain),
        "phases" => of!(phases),
        "workload" => of!(workload),
        _ => of!(sparkline),
    }
}

#[test]
fn drawings_are_as_they_were() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let renew = std::env::var_os("RENEW_GOLDEN").is_some();
    for (name, size, figure) in gallery() {
        for (mode, suffix) in [(Mode::Screen, "screen"), (Mode::Print, "print")] {
            let drawing = draw(name, figure.clone(), size, mode, Locale::En);
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
        let screen = draw(name, figure.clone(), size, Mode::Screen, Locale::En);
        let print = draw(name, figure, size, Mode::Print, Locale::En);
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
    let size = Size { width: 400.0, height: 120.0 };
    let svg = with(size, Mode::Screen, Locale::En, |look| psi(&figure, look)).svg;
    assert!(!svg.contains("<script") && !svg.contains('\u{0}') && svg.contains("&lt;a&amp;&quot;b&gt;"));
}

#[test]
fn a_picture_is_a_png_of_the_size_asked_for_with_letters_in_it() {
    for (name, size, figure) in gallery() {
        let drawing = draw(name, figure, size, Mode::Print, Locale::PtBr);
        let picture = png(&drawing.svg, 2.0).unwrap();
        let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        assert_eq!(&picture[1..4], b"PNG", "{name}");
        assert_eq!((side(16), side(20)), ((2.0 * size.width) as u32, (2.0 * size.height) as u32), "{name}");
        if drawing.svg.contains("<text") {
            let without = drawing.svg.replace("<text", "<metadata").replace("</text", "</metadata");
            assert_ne!(png(&without, 2.0).unwrap(), picture, "{name} was written without letters");
        }
    }
    let screen = draw("roc", gallery()[0].2.clone(), gallery()[0].1, Mode::Screen, Locale::En);
    assert!(matches!(png(&screen.svg, 1.0), Err(Error::Themed)));
    assert!(matches!(png("<svg", 1.0), Err(Error::Unsupported(_))));
    assert!(matches!(png(&screen.svg.replace("var(--", ""), 1e6), Err(Error::Unsupported(_))));
}

#[test]
fn figures_speak_the_language_of_their_reader() {
    let figure = gallery().into_iter().find(|g| g.0 == "trend").unwrap();
    let drawing = draw("trend", figure.2, figure.1, Mode::Screen, Locale::PtBr);
    assert!(drawing.svg.contains("limite 0,248"), "{}", drawing.svg);
    assert!(drawing.description.contains("foi de 0,31"), "{}", drawing.description);
}

#[test]
fn a_title_is_written_on_paper_only_where_no_card_has_it() {
    let (_, size, figure) = gallery().remove(0);
    let seen =
        |mode| draw("roc", figure.clone(), size, mode, Locale::En).svg.contains(">ROC, last quarter</text>");
    assert!(seen(Mode::Print) && !seen(Mode::Screen));
}

fn check(frame: Size, boxes: &[Rect]) -> Result<(), TestCaseError> {
    let size = with(frame, Mode::Print, Locale::En, |look| Frame::new("", look).size());
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

/// Whether the drawing is a document, and all of its measures are numbers. A name may well hold `inf`.
fn is_measured(svg: &str) -> bool {
    let document = resvg::usvg::roxmltree::Document::parse(svg).unwrap();
    let measures = [
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "d",
        "points",
        "transform",
        "viewBox",
        "font-size",
        "stroke-width",
        "textLength",
    ];
    let mut attributes = document.descendants().flat_map(|node| node.attributes());
    attributes.all(|it| {
        !measures.contains(&it.name()) || !(it.value().contains("NaN") || it.value().contains("inf"))
    })
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[A-Z]{1,10}", 1 => "\\PC{0,60}", 1 => "[a-z ]{30,80}"]
}

fn any_size() -> impl Strategy<Value = Size> {
    (10.0..900.0f64, 10.0..600.0f64).prop_map(|(width, height)| Size { width, height })
}

fn any_mode() -> impl Strategy<Value = Mode> {
    any::<bool>().prop_map(|paper| if paper { Mode::Print } else { Mode::Screen })
}

fn any_locale() -> impl Strategy<Value = Locale> {
    prop::sample::select(&Locale::ALL[..])
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
        mode in any_mode(),
        locale in any_locale(),
        title in any_name(),
        curves in prop::collection::vec(any_curve(), 0..6),
        areas in prop::collection::vec(any_number(), 0..6),
        widest in any::<bool>().prop_map(|b| b.then_some([0.4, 0.3])),
        event_rate in prop::option::of(any_number()),
    ) {
        let points = |i: usize| curves.get(i).map(|c| c.points.clone()).unwrap_or_default();
        let ks = KsFigure { title: title.clone(), events: points(0), others: points(1), widest };
        let bins = points(0).iter().map(|p| CalibrationPoint { predicted: p[0], observed: p[1], n: 3.0 }).collect();
        let calibration = CalibrationFigure { title: title.clone(), points: bins };
        let bins = points(1).iter().map(|p| PredictedPoint { predicted: 900.0 * p[0], actual: 900.0 * p[1], n: 3.0 }).collect();
        let predicted = PredictedFigure { title: title.clone(), points: bins };
        let lift = LiftFigure { title: title.clone(), measure: "lift".to_owned(), curves: curves.clone(), chance: Some(1.0) };
        let gain = GainFigure { title: title.clone(), curves: curves.clone(), event_rate };
        let roc = RocFigure { title, curves, areas };
        for labels in with(size, mode, locale, |look| [
            ks_in(&ks, look).1,
            calibration_in(&calibration, look).1,
            predicted_in(&predicted, look).1,
            lift_in(&lift, look).1,
            gain_in(&gain, look).1,
            roc_in(&roc, look).1,
        ]) {
            check(size, &labels)?;
        }
    }

    #[test]
    fn trends_keep_their_labels(
        size in any_size(),
        mode in any_mode(),
        locale in any_locale(),
        title in any_name(),
        metric in any_name(),
        points in prop::collection::vec((any_name(), prop::option::of(any_number()), any::<bool>()), 0..40),
        threshold in prop::option::of(any_number()),
        events in prop::collection::vec((0usize..45, any_name()), 0..5),
        ahead in prop::collection::vec((any_name(), any_number()), 0..12),
        others in prop::collection::vec((any_name(), prop::collection::vec(prop::option::of(any_number()), 0..40)), 0..4),
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
            others: others.into_iter().map(|(name, values)| TrendOther { name, values }).collect(),
        };
        check(size, &with(size, mode, locale, |look| trend_in(&figure, look).1))?;
        let values = figure.points.iter().map(|p| p.value).collect();
        let small = SparklineFigure { title, values, threshold };
        let svg = with(size, mode, locale, |look| sparkline(&small, look)).svg;
        prop_assert!(is_measured(&svg));
    }

    #[test]
    fn rows_and_cells_keep_their_labels(
        size in any_size(),
        mode in any_mode(),
        locale in any_locale(),
        title in any_name(),
        rows in prop::collection::vec((any_name(), prop::collection::vec(prop::option::of(any_number()), 0..14)), 0..30),
        periods in prop::collection::vec(any_name(), 0..14),
        counts in prop::collection::vec((any_name(), 0u64..200, any::<u64>()), 0..20),
    ) {
        let value = |v: &[Option<f64>], at: usize| v.get(at).copied().flatten();
        let bars = rows.iter().map(|(name, v)| PsiBar {
            name: name.clone(),
            psi: value(v, 0),
            psi_excluding_missing: value(v, 1),
        });
        let bars = PsiFigure { title: title.clone(), bars: bars.collect() };
        let bins = rows.iter().map(|(label, v)| DistributionBin {
            label: label.clone(),
            reference: value(v, 0).unwrap_or(0.1),
            current: value(v, 1).unwrap_or(0.2),
        });
        let bins = DistributionFigure {
            title: title.clone(),
            reference: title.clone(),
            current: "now".to_owned(),
            bins: bins.collect(),
        };
        let cells = ConfusionFigure { title: title.clone(), tp: 3.0, fp: 1e7, fn_: 0.0, tn: 2.0 };
        let durations = rows.iter().map(|(name, v)| Phase {
            name: name.clone(),
            median: value(v, 0).unwrap_or(f64::NAN),
            p90: value(v, 1),
            limit: value(v, 2),
            n: 9,
            late: v.len() as u64,
        });
        let durations =
            PhasesFigure { title: title.clone(), unit: "days".to_owned(), phases: durations.collect() };
        let shares = counts.into_iter().map(|(name, late, open)| Share { name, late, soon: late / 2, open });
        let shares = WorkloadFigure { title: title.clone(), shares: shares.collect() };
        let heat = HeatmapFigure { title, periods, rows };
        for (drawing, labels) in with(size, mode, locale, |look| [
            psi_in(&bars, look),
            distribution_in(&bins, look),
            confusion_in(&cells, look),
            heatmap_in(&heat, look),
            phases_in(&durations, look),
            workload_in(&shares, look),
        ]) {
            check(size, &labels)?;
            prop_assert!(is_measured(&drawing.svg));
        }
    }
}
