//! A report as a page of its own: one HTML file without anything outside it, that reads well and prints well, with the
//! figures in print mode and the tables behind them.

use std::fmt::Write;

use ::monitoring::Report;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use charts::SparklineFigure;

use super::figures::{Kind, Wish, draw};
use super::reading::{CourseRead, FairnessRead, ReportReading, Term};
use crate::drawing::Ink;
use words::said;

/// Width of a figure over the whole page, in CSS pixels.
const WIDE: f64 = 720.0;
/// Width of one of two figures side by side.
const HALF: f64 = 352.0;
/// Height of a row of bars or cells.
const ROW: f64 = 17.0;
/// Variables whose distribution is drawn.
const DISTRIBUTIONS: usize = 4;
/// Variables in the table of statistics.
const VARIABLES_MAX: usize = 60;

const STYLE: &str = include_str!("document.css");

/// Writes the page.
pub(super) fn html(reading: &ReportReading, report: &Report, ink: &mut Ink) -> String {
    let mut page = Page { out: String::with_capacity(512 * 1024), reading, report, ink };
    page.write();
    page.out
}

struct Page<'a> {
    out: String,
    reading: &'a ReportReading,
    report: &'a Report,
    ink: &'a mut Ink,
}

impl Page<'_> {
    fn write(&mut self) {
        let row = &self.reading.row;
        let title = format!("{} · {}", row.version_label, row.monitor_name);
        let language = self.ink.language();
        let fonts = [(400, charts::SANS), (600, charts::SANS_STRONG)].map(|(weight, font)| {
            format!(
                "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/ttf;base64,{}) format('truetype')}}",
                STANDARD.encode(font)
            )
        });
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">\
             <title>{}</title><style>{}{STYLE}</style></head><body>\n<header><p>{}</p><h1>{}</h1><p>{} · {} {} · {} {}</p></header>\n<main>\n",
            escape(&title),
            fonts.concat(),
            self.say("report-kind"),
            escape(&title),
            escape(&row.periods),
            self.say("report-baseline"),
            escape(&row.baseline),
            self.say("report-recorded"),
            escape(&row.recorded_at.chars().take(10).collect::<String>()),
        );
        self.overview();
        self.course();
        self.decay();
        self.performance();
        self.drift();
        self.fairness();
        self.alerts();
        self.provenance();
        self.definitions();
        self.out.push_str("</main></body></html>\n");
    }

    fn say(&self, key: &str) -> String {
        escape(&self.ink.say(key))
    }

    fn number(&self, value: Option<f64>, decimals: u32) -> String {
        value.map_or_else(|| "–".to_owned(), |v| self.ink.number(v, decimals as usize).replace('-', "−"))
    }

    fn percent(&self, share: Option<f64>) -> String {
        share.map_or_else(
            || "–".to_owned(),
            |v| format!("{} %", self.ink.number(100.0 * v, 1).replace('-', "−")),
        )
    }

    fn section(&mut self, key: &str) {
        let title = self.say(key);
        let _ = writeln!(self.out, "<section><h2>{title}</h2>");
    }

    fn overview(&mut self) {
        self.section("report-overview");
        let action = self.say(&format!("report-action-{}", self.reading.recommendation));
        let _ = write!(
            self.out,
            "<div class=\"advice {}\"><p><strong>{action}</strong></p><ul>",
            escape(&self.reading.recommendation)
        );
        for reason in &self.reading.reasons {
            let _ = write!(self.out, "<li>{}</li>", ticks(reason));
        }
        self.out.push_str("</ul></div>\n<dl class=\"numbers\">");
        let now = self.reading.now as usize;
        for metric in self.reading.metrics.iter().take(6) {
            let value = self.number(metric.values.get(now).copied().flatten(), metric.decimals);
            self.ink.resize(96.0, 24.0);
            let figure = SparklineFigure {
                title: metric.term.title.clone(),
                values: metric.values.clone(),
                threshold: None,
            };
            let spark = self.ink.draw(|look| charts::sparkline(&figure, look)).svg;
            let baseline = self.number(metric.baseline, metric.decimals);
            let below = match metric.undefined.get(now).and_then(Option::as_ref) {
                Some(why) => escape(why),
                None => format!("{} {baseline}", self.say("report-baseline")),
            };
            let _ = write!(
                self.out,
                "<div title=\"{}\"><dt>{}</dt><dd><b>{value}</b>{spark}<small>{below}</small></dd></div>",
                escape(&metric.term.definition),
                escape(&metric.term.title),
            );
        }
        self.out.push_str("</dl></section>\n");
    }

    fn figure(&mut self, wish: Wish, width: f64, height: f64) {
        self.ink.resize(width, height);
        // What cannot be drawn has no place on the page: the tables say why.
        let Ok(drawn) = draw(self.report, &wish, self.ink) else { return };
        let _ = write!(
            self.out,
            "<figure>{}<details><summary>{}</summary>",
            drawn.drawing.svg,
            self.say("report-table")
        );
        self.table(&drawn.columns, &drawn.rows);
        self.out.push_str("</details></figure>\n");
    }

    fn table(&mut self, columns: &[String], rows: &[Vec<String>]) {
        self.out.push_str("<table><thead><tr>");
        for column in columns {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", escape(column));
        }
        self.out.push_str("</tr></thead><tbody>");
        for row in rows {
            self.out.push_str("<tr>");
            for (i, cell) in row.iter().enumerate() {
                let cell = escape(cell);
                let _ = match i {
                    0 => write!(self.out, "<th scope=\"row\">{cell}</th>"),
                    _ => write!(self.out, "<td>{cell}</td>"),
                };
            }
            self.out.push_str("</tr>");
        }
        self.out.push_str("</tbody></table>\n");
    }

    fn course(&mut self) {
        self.section("report-course");
        self.figure(Wish::of(Kind::Trend), WIDE, 280.0);
        let columns: Vec<String> = std::iter::once(self.ink.say("report-metric"))
            .chain([self.reading.row.baseline.clone()])
            .chain(
                self.reading
                    .periods
                    .iter()
                    .map(|p| if p.provisional { format!("{} *", p.label) } else { p.label.clone() }),
            )
            .collect();
        let rows: Vec<Vec<String>> = self
            .reading
            .metrics
            .iter()
            .map(|m| {
                std::iter::once(m.term.title.clone())
                    .chain([self.number(m.baseline, m.decimals)])
                    .chain(m.values.iter().map(|v| self.number(*v, m.decimals)))
                    .collect()
            })
            .collect();
        self.table(&columns, &rows);
        if self.reading.periods.iter().any(|p| p.provisional) {
            let text = self.say("report-provisional");
            let _ = write!(self.out, "<p class=\"note\">* {text}</p>");
        }
        self.notes(&self.without_value());
        if let Some(course) = &self.reading.course {
            self.notes(&[self.crossing(course)]);
            for chart in &course.charts {
                let alarm = chart.alarm.clone().unwrap_or_else(|| self.ink.say("report-no-alarm"));
                self.notes(&[format!("{}: {alarm}. {}", chart.title, chart.explained)]);
            }
            let mut said = Vec::new();
            said.push(format!(
                "{}: {}",
                self.say("report-mann-kendall"),
                p_value(course.mann_kendall_p, self.ink)
            ));
            said.push(format!("{}: {}", self.say("report-slope"), self.number(course.slope, 4)));
            let _ = write!(self.out, "<p class=\"note\">{}</p>", said.join(" · "));
            self.notes(&course.notes);
        }
        self.out.push_str("</section>\n");
    }

    /// When the course meets its threshold, with the 80 % interval.
    fn crossing(&self, course: &CourseRead) -> String {
        let shown =
            |at: Option<f64>, open: &str| at.map_or_else(|| open.to_owned(), |at| self.ink.number(at, 1));
        let Some(threshold) = course.threshold else { return String::new() };
        let threshold = self.ink.number(threshold, 3);
        self.ink.words().say(&match course.crossing {
            None => said!("report-no-crossing", metric = &course.metric, threshold = threshold),
            Some(at) => said!(
                "report-crossing",
                metric = &course.metric,
                threshold = threshold,
                at = self.ink.number(at, 1),
                from = shown(course.crossing_from, "–"),
                to = shown(course.crossing_to, "∞"),
            ),
        })
    }

    /// Why numbers are missing, a sentence a period and reason.
    fn without_value(&self) -> Vec<String> {
        let mut reasons: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for (at, period) in self.reading.periods.iter().enumerate() {
            for metric in &self.reading.metrics {
                let Some(why) = metric.undefined.get(at).and_then(Option::as_deref) else { continue };
                let title = metric.term.title.as_str();
                match reasons.iter_mut().find(|(label, known, _)| *label == period.label && *known == why) {
                    Some((_, _, titles)) => titles.push(title),
                    None => reasons.push((&period.label, why, vec![title])),
                }
            }
        }
        reasons
            .into_iter()
            .map(|(label, why, titles)| format!("{label}, {}: {why}", titles.join(", ")))
            .collect()
    }

    /// Sentences below a table.
    fn notes(&mut self, of: &[String]) {
        for note in of.iter().filter(|note| !note.is_empty()) {
            let _ = write!(self.out, "<p class=\"note\">{}</p>", escape(note));
        }
    }

    fn decay(&mut self) {
        if self.reading.decay.iter().all(Option::is_none) {
            return;
        }
        self.section("report-decay");
        // A predicted number has an error, and no order to lose.
        let of_numbers = self.reading.decay.iter().flatten().all(|d| d.gini.is_none());
        let columns: Vec<String> = if of_numbers {
            ["figure-period", "report-loss-ase", "report-p-ase", "report-significant"].as_slice()
        } else {
            [
                "figure-period",
                "report-loss-gini",
                "report-p",
                "report-significant",
                "report-loss-ks",
                "report-loss-lift10",
                "report-mix",
                "report-relation",
            ]
            .as_slice()
        }
        .iter()
        .map(|key| self.ink.say(key))
        .collect();
        let rows: Vec<Vec<String>> = self
            .reading
            .periods
            .iter()
            .zip(&self.reading.decay)
            .filter_map(|(period, decay)| {
                let d = decay.as_ref()?;
                let significant = match d.significant {
                    None => "–".to_owned(),
                    Some(yes) => self.ink.say(if yes { "report-yes" } else { "report-no" }),
                };
                let loss = if of_numbers { d.ase } else { d.gini };
                let mut row =
                    vec![period.label.clone(), self.percent(loss), p_value(d.p, self.ink), significant];
                if !of_numbers {
                    row.extend([
                        self.percent(d.ks),
                        self.percent(d.lift10),
                        self.number(d.mix, 4),
                        self.number(d.relation, 4),
                    ]);
                }
                Some(row)
            })
            .collect();
        self.table(&columns, &rows);
        let against = self.reading.decay.iter().flatten().next().map_or("", |d| d.against.as_str());
        let text = self.say(if of_numbers { "report-decay-note-ase" } else { "report-decay-note" });
        let _ = write!(self.out, "<p class=\"note\">{text} {}.</p>", escape(against));
        let notes: std::collections::BTreeSet<&String> =
            self.reading.decay.iter().flatten().flat_map(|d| &d.notes).collect();
        let notes: Vec<String> = notes.into_iter().cloned().collect();
        self.notes(&notes);
        self.out.push_str("</section>\n");
    }

    fn performance(&mut self) {
        let kinds = [
            Kind::Roc,
            Kind::Lift,
            Kind::Gain,
            Kind::Ks,
            Kind::Calibration,
            Kind::Confusion,
            Kind::Predicted,
        ];
        if !kinds.iter().any(|kind| kind.can(self.report)) {
            return;
        }
        self.section("report-performance");
        self.out.push_str("<div class=\"halves\">");
        for kind in kinds {
            self.figure(Wish { baseline: true, ..Wish::of(kind) }, HALF, 280.0);
        }
        self.out.push_str("</div></section>\n");
    }

    fn drift(&mut self) {
        if self.reading.variables.is_empty() {
            return;
        }
        self.section("report-drift");
        let rows = self.reading.variables.len() as f64;
        self.figure(Wish::of(Kind::Heatmap), WIDE, (rows * ROW + 76.0).clamp(150.0, 1200.0));
        let statistics: Vec<&Term> = self.reading.statistics.iter().filter(|t| t.name != "missing").collect();
        let columns: Vec<String> = std::iter::once(self.ink.say("figure-variable"))
            .chain(statistics.iter().map(|t| t.title.clone()))
            .chain([self.ink.say("statistic-missing")])
            .collect();
        let table: Vec<Vec<String>> = self
            .reading
            .variables
            .iter()
            .take(VARIABLES_MAX)
            .filter_map(|v| {
                let d = v.periods.last()?.as_ref()?;
                let missing = format!("{} → {}", self.percent(d.missing_ref), self.percent(d.missing_cur));
                Some(vec![
                    v.name.clone(),
                    self.number(d.psi, 4),
                    self.number(d.psi_excluding_missing, 4),
                    self.number(d.psi_null_q95, 4),
                    self.number(d.js, 4),
                    self.number(d.hellinger, 4),
                    self.number(d.effect, 4),
                    self.number(d.wasserstein, 4),
                    match d.notable {
                        Some(true) => format!("{} *", p_value(d.q, self.ink)),
                        _ => p_value(d.q, self.ink),
                    },
                    missing,
                ])
            })
            .collect();
        self.table(&columns, &table);
        let drawn = self.reading.variables.iter().take(VARIABLES_MAX);
        let latest = || drawn.clone().filter_map(|v| Some((v, v.periods.last()?.as_ref()?)));
        if latest().any(|(_, d)| d.notable == Some(true)) {
            self.notes(&[self.ink.say("report-notable")]);
        }
        let reasons: Vec<String> =
            latest().filter_map(|(v, d)| Some(format!("{}: {}", v.name, d.why.as_ref()?))).collect();
        self.notes(&reasons);
        self.out.push_str("<div class=\"halves\">");
        let latest = self.reading.periods.last().map(|p| p.label.clone());
        if self.report.periods.iter().any(|p| p.drift.score.is_some()) {
            self.figure(Wish { period: latest.clone(), ..Wish::of(Kind::Distribution) }, HALF, 220.0);
        }
        let worst: Vec<String> =
            self.reading.variables.iter().take(DISTRIBUTIONS).map(|v| v.name.clone()).collect();
        for name in worst {
            let wish = Wish { period: latest.clone(), variable: Some(name), ..Wish::of(Kind::Distribution) };
            self.figure(wish, HALF, 220.0);
        }
        self.out.push_str("</div></section>\n");
    }

    fn fairness(&mut self) {
        let now = self.reading.now as usize;
        let of_now = self.reading.fairness.get(now).map_or(&[] as &[FairnessRead], Vec::as_slice);
        let Some(period) = self.reading.periods.get(now).filter(|_| !of_now.is_empty()) else { return };
        self.section("report-fairness");
        let columns = [
            "report-group",
            "figure-rows",
            "metric-event-rate",
            "report-selection-rate",
            "chart-roc-y",
            "chart-roc-x",
            "metric-c",
        ]
        .map(|key| self.ink.say(key));
        for fairness in of_now {
            let _ = write!(self.out, "<h3>{} · {}</h3>", escape(&fairness.column), escape(&period.label));
            let rows: Vec<Vec<String>> = fairness
                .groups
                .iter()
                .map(|g| {
                    vec![
                        g.name.clone(),
                        g.rows.to_string(),
                        self.percent(g.event_rate),
                        self.percent(g.selection_rate),
                        self.percent(g.tpr),
                        self.percent(g.fpr),
                        self.number(g.auc, 4),
                    ]
                })
                .collect();
            self.table(&columns, &rows);
            let of_parities =
                ["report-parity", "report-difference", "report-ratio"].map(|key| self.ink.say(key));
            let rows: Vec<Vec<String>> = fairness
                .parities
                .iter()
                .map(|p| vec![p.term.title.clone(), self.number(p.difference, 4), self.number(p.ratio, 4)])
                .collect();
            self.table(&of_parities, &rows);
            self.notes(&fairness.notes);
        }
        self.out.push_str("</section>\n");
    }

    fn alerts(&mut self) {
        self.section("report-alerts");
        if self.reading.alerts.is_empty() {
            let text = self.say("report-no-alerts");
            let _ = write!(self.out, "<p>{text}</p>");
        } else {
            let columns = ["figure-period", "report-level", "report-rule", "report-values"]
                .map(|key| self.ink.say(key));
            let rows: Vec<Vec<String>> = self
                .reading
                .alerts
                .iter()
                .map(|alert| {
                    let values: Vec<String> = alert
                        .values
                        .iter()
                        .map(|it| format!("{} {}", it.term.title, self.number(it.value, 4)))
                        .collect();
                    vec![
                        alert.period.clone(),
                        self.ink.say(&format!("report-level-{}", alert.level)),
                        alert.rule.clone(),
                        values.join(", "),
                    ]
                })
                .collect();
            self.table(&columns, &rows);
        }
        self.out.push_str("</section>\n");
    }

    fn provenance(&mut self) {
        self.section("report-data");
        if !self.reading.warnings.is_empty() {
            self.out.push_str("<ul>");
            for warning in &self.reading.warnings {
                let _ = write!(self.out, "<li>{}</li>", ticks(warning));
            }
            self.out.push_str("</ul>");
        }
        let row = &self.reading.row;
        let columns = ["report-file", "report-digest"].map(|key| self.ink.say(key));
        let rows: Vec<Vec<String>> = row
            .data
            .iter()
            .map(|read| vec![read.name.clone(), read.digest.clone()])
            .chain([vec![self.ink.say("report-itself"), row.blob.clone()]])
            .collect();
        self.table(&columns, &rows);
        let text = self.say("report-recorded-by");
        let _ = writeln!(
            self.out,
            "<p class=\"note\">{text} {} · {} · {} · {}</p></section>",
            escape(&row.recorded_by),
            escape(&row.recorded_at),
            escape(&row.id),
            escape(&row.version),
        );
    }

    fn definitions(&mut self) {
        self.section("report-definitions");
        self.out.push_str("<dl class=\"terms\">");
        let parities = self.reading.fairness.iter().flatten().next();
        let parities = parities.into_iter().flat_map(|it| &it.parities).map(|parity| &parity.term);
        let metrics = self.reading.metrics.iter().map(|m| &m.term);
        for term in metrics.chain(&self.reading.statistics).chain(parities) {
            let _ = write!(self.out, "<dt>{}</dt><dd>{}</dd>", escape(&term.title), escape(&term.definition));
        }
        self.out.push_str("</dl></section>\n");
    }
}

/// A p-value as people read it.
fn p_value(p: Option<f64>, ink: &Ink) -> String {
    match p {
        None => "–".to_owned(),
        Some(p) if p < 0.0001 => format!("< {}", ink.number(0.0001, 4)),
        Some(p) => ink.number(p, 4),
    }
}

/// Text with names in backticks set as code.
fn ticks(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('`').enumerate() {
        let part = escape(part);
        let _ = if i % 2 == 1 { write!(out, "<code>{part}</code>") } else { write!(out, "{part}") };
    }
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
