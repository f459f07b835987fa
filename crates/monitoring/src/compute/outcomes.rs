//! Performance and fairness of the baseline and of every period.

mod judge;

use super::{Data, enough, in_parallel};
use crate::error::Error;
use crate::options::Options;
use crate::report::{Remark, Report, Scoring};
use crate::table::{Chunk, Kind, MISSING, Source};
use judge::judge;

/// Levels of a group column beyond which it is no group column.
const GROUP_LEVELS_MAX: usize = 100;

/// What the target means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// A number that equals this.
    EventNumber(f64),
    /// A text that equals this.
    EventText(String),
    /// A truth value, however it is spelled.
    EventTruth(bool),
    /// A number to be predicted.
    Regression,
}

impl Target {
    /// Whether each row is the event, `None` where the target is missing; levels that are no event are noted.
    pub(crate) fn read(&self, chunk: Chunk<'_>, others: &mut Others, out: &mut Vec<Option<bool>>) {
        out.clear();
        match chunk {
            Chunk::Numeric(values) => {
                let event = self.event_number();
                // Nearly every row is one of two values.
                let mut last = event;
                out.extend(values.iter().map(|&v| {
                    if v == event {
                        return Some(true);
                    }
                    if v.is_nan() {
                        return None;
                    }
                    if v != last {
                        last = v;
                        if matches!(self, Self::EventNumber(_)) {
                            others.see_number(v, event);
                        }
                    }
                    Some(false)
                }));
            }
            Chunk::Text { codes, levels } => {
                levels.iter().for_each(|level| others.see_text(level, self));
                let is_event: Vec<bool> = levels.iter().map(|l| self.is_event(l)).collect();
                out.extend(codes.iter().map(|&c| (c != MISSING).then(|| is_event[c as usize])));
            }
        }
    }

    /// The same, for whoever asks for nothing else.
    pub(crate) fn events(&self, chunk: Chunk<'_>) -> Vec<Option<bool>> {
        let mut out = Vec::new();
        self.read(chunk, &mut Others::default(), &mut out);
        out
    }

    /// The number that is the event; NaN where none is.
    fn event_number(&self) -> f64 {
        match self {
            Self::EventNumber(event) => *event,
            Self::EventTruth(event) => f64::from(u8::from(*event)),
            Self::EventText(_) | Self::Regression => f64::NAN,
        }
    }

    /// Whether a level of a text target is the event.
    fn is_event(&self, level: &str) -> bool {
        match self {
            Self::EventNumber(event) => level.parse::<f64>().is_ok_and(|v| v == *event),
            Self::EventText(event) => level == event,
            Self::EventTruth(event) => truth(level).or_else(|| truth_of_number(level)) == Some(*event),
            Self::Regression => false,
        }
    }
}

/// Levels of a target that are not the event, the first few: of two classes there is one.
#[derive(Debug, Default)]
pub(crate) struct Others(Vec<String>);

impl Others {
    /// As many are named.
    const NAMED_MAX: usize = 4;

    fn see_number(&mut self, value: f64, event: f64) {
        if value != event && !value.is_nan() && self.0.len() < Self::NAMED_MAX {
            let text = crate::table::number_text(value);
            if !self.0.contains(&text) {
                self.0.push(text);
            }
        }
    }

    fn see_text(&mut self, level: &str, target: &Target) {
        let text = match (target, level.parse::<f64>()) {
            // Whatever is spelled as a truth value is one of two.
            (Target::EventTruth(_) | Target::Regression, _) => return,
            (Target::EventNumber(_), Ok(number)) => crate::table::number_text(number),
            _ => level.to_owned(),
        };
        if !target.is_event(level) && self.0.len() < Self::NAMED_MAX && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    /// What a reader should know: all these count as no event.
    fn warning(&self, label: &str, column: &str, event: &str) -> Option<Remark> {
        (self.0.len() > 1).then(|| {
            let levels = self.0.join(", ");
            Remark::new(
                "warning-target-levels",
                &[("period", &label), ("column", &column), ("event", &event), ("levels", &levels)],
                format!(
                    "`{label}` holds more than two levels in column `{column}`: besides the event `{event}` there are {levels}; all of them count as no event"
                ),
            )
        })
    }
}

/// What is wrong with the outcomes of a table where one class is missing.
fn one_class(scoring: &Scoring, label: &str, column: &str, event: &str) -> Option<Remark> {
    let performance = scoring.binary().filter(|p| p.n_obs > 0)?;
    if performance.n_events == 0 {
        return Some(Remark::new(
            "warning-no-event",
            &[("period", &label), ("event", &event), ("column", &column)],
            format!("`{label}` holds no event `{event}` in column `{column}`"),
        ));
    }
    (performance.n_events == performance.n_obs).then(|| {
        Remark::new(
            "warning-only-events",
            &[("period", &label), ("event", &event), ("column", &column)],
            format!("`{label}` holds nothing but the event `{event}` in column `{column}`"),
        )
    })
}

fn truth(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn truth_of_number(text: &str) -> Option<bool> {
    match text.parse::<f64>() {
        Ok(1.0) => Some(true),
        Ok(0.0) => Some(false),
        _ => None,
    }
}

/// Decides what the target means, from the option and the data.
pub(crate) fn target(options: &Options, data: &Data) -> Result<Option<Target>, Error> {
    let Some(name) = &options.target else {
        return match options.event {
            Some(_) => {
                let text = "an event level without a target column; name it by `--target`";
                Err(Error::usage("event-without-target", &[], text.to_owned()))
            }
            None => Ok(None),
        };
    };
    let sources = || data.series.sources.iter().map(|s| &**s).chain(data.reference.as_deref());
    let holders: Vec<&Source> = sources().filter(|s| s.field(name).is_some()).collect();
    let Some(first) = holders.first() else {
        return data.baseline_source().require(name, "target").map(|_| None);
    };
    let text = holders.iter().any(|s| s.field(name).is_some_and(|f| f.kind == Kind::Text));
    if let Some(event) = &options.event {
        let event = event.trim();
        // Truth values are written `true`, `True`, `TRUE` and 1, by whoever wrote them: any of these means the same.
        if let (true, Some(wanted)) = (text, truth(event).or_else(|| truth_of_number(event))) {
            let levels = first_levels(first, name)?;
            if !levels.is_empty() && levels.iter().all(|l| truth(l).is_some()) {
                return Ok(Some(Target::EventTruth(wanted)));
            }
        }
        return Ok(Some(match event.parse::<f64>() {
            Ok(number) => Target::EventNumber(number),
            Err(_) => Target::EventText(event.to_owned()),
        }));
    }
    if text {
        let levels = first_levels(first, name)?;
        let levels = levels.join(", ");
        return Err(Error::usage(
            "target-without-event",
            &[("column", name), ("levels", &levels)],
            format!("the target `{name}` holds texts ({levels}); say which is the event by `--event`"),
        ));
    }
    for source in holders {
        let mut is_binary = true;
        enough(source.read(name, false, &mut |chunk| {
            if let Chunk::Numeric(values) = chunk {
                is_binary = values.iter().all(|v| v.is_nan() || *v == 0.0 || *v == 1.0);
            }
            if is_binary { Ok(()) } else { Err(Error::Stopped) }
        }))?;
        if !is_binary {
            return Ok(Some(Target::Regression));
        }
    }
    Ok(Some(Target::EventNumber(1.0)))
}

/// The first few levels of a column, read no further than it takes.
fn first_levels(source: &Source, name: &str) -> Result<Vec<String>, Error> {
    const LEVELS_MAX: usize = 8;
    let mut seen: Vec<String> = Vec::new();
    enough(source.read(name, true, &mut |chunk| {
        if let Chunk::Text { levels, .. } = chunk {
            for level in levels {
                if seen.len() < LEVELS_MAX && !seen.contains(level) {
                    seen.push(level.clone());
                }
            }
        }
        if seen.len() < LEVELS_MAX { Ok(()) } else { Err(Error::Stopped) }
    }))?;
    Ok(seen)
}

/// Fills performance and fairness of all periods, and the baseline's performance.
pub(super) fn fill(options: &Options, data: &Data, report: &mut Report) -> Result<(), Error> {
    if let Some(score) = &options.score
        && !data.series.sources.iter().any(|s| s.field(score).is_some())
    {
        data.series.sources[0].require(score, "score")?;
    }
    if let Some(weight) = &options.weight {
        for source in &data.series.sources {
            source.require(weight, "weight")?;
        }
    }
    for group in &options.groups {
        data.series.sources[0].require(group, "group")?;
    }
    for (period, source) in report.periods.iter_mut().zip(&data.series.sources) {
        period.rows = source.rows();
    }
    let Some(target) = target(options, data)? else { return Ok(()) };
    let name = options.target.as_deref().unwrap_or_default();
    let event = options.event.as_deref().unwrap_or("1");
    let mut warnings = Vec::new();
    if let Some(reference) = &data.reference {
        if let Some(weight) = options.weight.as_ref().filter(|w| reference.field(w).is_none()) {
            warnings.push(Remark::new(
                "warning-baseline-no-weight",
                &[("baseline", &report.reference.label), ("column", weight)],
                format!(
                    "the baseline `{}` has no weights `{weight}`: each of its rows counts once, those of the periods by their weights",
                    report.reference.label
                ),
            ));
        }
        if reference.field(name).is_none() {
            warnings.push(Remark::new(
                "warning-baseline-no-target",
                &[("baseline", &report.reference.label), ("column", &name)],
                format!(
                    "the baseline `{}` has no target `{name}`: decay is against the first period",
                    report.reference.label
                ),
            ));
        } else if let Some(score) = options.score.as_ref().filter(|s| reference.field(s).is_none()) {
            warnings.push(Remark::new(
                "warning-baseline-no-score",
                &[("baseline", &report.reference.label), ("column", score)],
                format!(
                    "the baseline `{}` has no score `{score}`: decay is against the first period",
                    report.reference.label
                ),
            ));
        } else {
            let mut judged = in_parallel(&data.watch, 1, |_| judge(options, &target, reference, false))?;
            let judged = judged.pop().ok_or(Error::Stopped)?;
            warnings.extend(judged.others.warning(&report.reference.label, name, event));
            let scoring = judged.scoring;
            warnings.extend(one_class(&scoring, &report.reference.label, name, event));
            report.reference.performance = Some(scoring);
        }
    }
    let judged = in_parallel(&data.watch, data.series.len(), |period| {
        let source = &data.series.sources[period];
        if options.score.as_ref().is_some_and(|s| source.field(s).is_none()) {
            return Ok(None);
        }
        judge(options, &target, source, true).map(Some)
    })?;
    for (i, period) in judged.into_iter().enumerate() {
        let Some(period) = period else { continue };
        let out = &mut report.periods[i];
        out.rows = period.rows;
        out.labelled = Some(period.labelled);
        out.provisional = 1.0 - period.labelled > options.unlabelled_share_max;
        warnings.extend(one_class(&period.scoring, &out.label, name, event));
        warnings.extend(period.others.warning(&out.label, name, event));
        for group in options.groups.iter().filter(|it| !period.grouped_by.contains(it)) {
            warnings.push(Remark::new(
                "warning-no-group",
                &[("period", &out.label), ("column", group)],
                format!("`{}` has no column `{group}`: fairness by it is undefined", out.label),
            ));
        }
        out.performance = Some(period.scoring);
        out.fairness.0 = period.fairness;
        warnings.extend(period.warnings);
    }
    let score = options.score.as_deref().unwrap_or_default();
    warnings.extend(report.periods.iter().filter(|p| p.performance.is_none()).map(|p| {
        Remark::new(
            "warning-no-score",
            &[("period", &p.label), ("column", &score)],
            format!("`{}` has no score column `{score}`", p.label),
        )
    }));
    report.warn(warnings);
    Ok(())
}
