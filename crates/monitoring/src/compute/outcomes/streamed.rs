//! Performance of a period larger than memory: a byte a row for the outcome, and tie groups of the score, merged piece by
//! piece and rounded together when they grow beyond what memory is meant to hold.

use super::{Judged, Others, Target};
use crate::error::Error;
use crate::options::Options;
use crate::performance::{Dropped, TieGroups, performance};
use crate::report::Scoring;
use crate::table::{Chunk, Kind, MISSING, Source};

const UNKNOWN: u8 = 0;
const EVENT: u8 = 1;
const OTHER: u8 = 2;

/// `None` where the period is small enough to be read whole, or where weights or groups want its rows side by side.
pub(super) fn judge(options: &Options, target: &Target, source: &Source) -> Result<Option<Judged>, Error> {
    let (Some(name), Some(score)) = (&options.target, &options.score) else { return Ok(None) };
    let is_number = source.field(score).is_some_and(|f| f.kind == Kind::Numeric);
    if source.rows() <= options.rows_in_memory_max
        || !is_number
        || source.field(name).is_none()
        || options.weight.is_some()
        || !options.groups.is_empty()
        || *target == Target::Regression
    {
        return Ok(None);
    }
    let mut outcomes: Vec<u8> = Vec::with_capacity(source.rows() as usize);
    let mut others_seen = Others::default();
    source.read(name, false, &mut |chunk| {
        match chunk {
            Chunk::Numeric(values) => {
                let event = match target {
                    Target::EventNumber(event) => *event,
                    Target::EventTruth(event) => f64::from(u8::from(*event)),
                    Target::EventText(_) | Target::Regression => f64::NAN,
                };
                let mut last = event;
                outcomes.extend(values.iter().map(|&v| {
                    if v.is_nan() {
                        return UNKNOWN;
                    }
                    if v == event {
                        return EVENT;
                    }
                    if v != last {
                        last = v;
                        others_seen.see_number(v, event);
                    }
                    OTHER
                }));
            }
            Chunk::Text { codes, levels } => {
                levels.iter().for_each(|level| others_seen.see_text(level, target));
                let of_level: Vec<u8> =
                    levels.iter().map(|l| if target.is_event(l) { EVENT } else { OTHER }).collect();
                outcomes
                    .extend(codes.iter().map(|&c| if c == MISSING { UNKNOWN } else { of_level[c as usize] }));
            }
        }
        Ok(())
    })?;
    let piece = (options.rows_in_memory_max / 4).max(1) as usize;
    let groups_max = options.rows_in_memory_max as usize;
    let mut dropped = Dropped::default();
    let mut groups = TieGroups::default();
    let (mut events, mut others): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut flush = |events: &mut Vec<f64>, others: &mut Vec<f64>| {
        let next = TieGroups::unweighted(events.drain(..), others.drain(..));
        groups = groups.merge(&if groups.rounded { next.rounded() } else { next });
        if groups.scores.len() > groups_max && !groups.rounded {
            groups = groups.rounded();
        }
    };
    let mut row = 0;
    source.read(score, false, &mut |chunk| {
        let Chunk::Numeric(values) = chunk else { return Ok(()) };
        for &v in values {
            match outcomes[row] {
                UNKNOWN => dropped.target += 1,
                _ if v.is_nan() => dropped.score += 1,
                EVENT => events.push(v),
                _ => others.push(v),
            }
            row += 1;
        }
        if events.len() + others.len() >= piece {
            flush(&mut events, &mut others);
        }
        Ok(())
    })?;
    flush(&mut events, &mut others);
    let rows = source.rows();
    Ok(Some(Judged {
        scoring: Scoring::Binary(Box::new(performance(&groups, dropped, options.cutoff))),
        labelled: (rows - dropped.target) as f64 / rows as f64,
        rows,
        others: others_seen,
        grouped_by: Vec::new(),
        fairness: Vec::new(),
        warnings: Vec::new(),
    }))
}
