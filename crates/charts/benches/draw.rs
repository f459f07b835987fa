//! How long figures take to be drawn: each is drawn again whenever its place in the window changes.
//!
//! `cargo bench -p charts`; the goal is two milliseconds a figure.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macro writes the functions; a benchmark may stop"
)]

use charts::{Drawing, Look, Mode, Size};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use words::{Locale, Words};

fn draw(name: &str, figure: Value, look: &Look<'_>) -> Drawing {
    macro_rules! of {
        ($($kind:ident)*) => {
            match name {
                $(stringify!($kind) => charts::$kind(&serde_json::from_value(figure).unwrap(), look),)*
                other => panic!("there is no figure `{other}`"),
            }
        };
    }
    of!(roc lift gain ks calibration predicted trend psi distribution heatmap confusion sparkline phases workload)
}

/// What draws a figure of the gallery.
fn kind(name: &str) -> &str {
    match name {
        "scores" => "ks",
        "versions" => "trend",
        other => other,
    }
}

fn figures(bench: &mut Criterion) {
    let gallery: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("../tests/gallery.json")).unwrap();
    let words = Words::new(Locale::PtBr);
    let say = |key: &str, values: &[(&str, &str)]| {
        let values: Vec<(&str, words::Value)> =
            values.iter().map(|(name, value)| (*name, (*value).into())).collect();
        words.get(key, &values)
    };
    let look =
        Look { size: Size { width: 900.0, height: 420.0 }, mode: Mode::Screen, say: &say, decimal: ',' };
    let mut all: Vec<(String, String, Value)> =
        gallery.into_iter().map(|(name, figure)| (name.clone(), kind(&name).to_owned(), figure)).collect();
    // The largest that a report of twelve periods and twenty-five variables draws.
    let rows: Vec<Value> = (0..25)
        .map(|row| {
            serde_json::json!([
                format!("VARIABLE_{row}"),
                (0..12).map(|c| f64::from(row * c) / 600.0).collect::<Vec<_>>()
            ])
        })
        .collect();
    let periods: Vec<String> = (0..12).map(|q| format!("2025 Q{q}")).collect();
    let large = serde_json::json!({ "title": "PSI", "periods": periods, "rows": rows });
    all.push(("heatmap of 25 by 12".to_owned(), "heatmap".to_owned(), large));
    for (label, name, figure) in all {
        bench.bench_function(&label, |b| b.iter(|| draw(&name, figure.clone(), &look)));
    }
}

criterion_group!(benches, figures);
criterion_main!(benches);
