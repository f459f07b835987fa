//! Lift: events found among the rows of highest score.

use super::TieGroups;
use serde::{Deserialize, Serialize};

/// One bin of the lift table, named as SAS names its columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LiftBin {
    /// Nominal depth up to the end of this bin, in per cent.
    pub depth: f64,
    /// Rows in the bin.
    pub n: f64,
    /// Events in the bin, ties shared pro rata.
    pub n_events: f64,
    /// Share of all events in the bin, per cent.
    pub resp: f64,
    /// Share of all events up to here, per cent.
    pub cum_resp: f64,
    /// Event rate in the bin, per cent.
    pub pct_resp: f64,
    /// Event rate up to here, per cent.
    pub cum_pct_resp: f64,
    /// `resp` over the bin's nominal depth.
    pub lift: f64,
    /// `cum_resp` over the nominal depth.
    pub cum_lift: f64,
    /// Score of the bin's last row.
    pub value: Option<f64>,
    /// Events a perfect score would find in the bin.
    pub n_events_best: f64,
    /// Share of all events up to here for a perfect score, per cent.
    pub cum_resp_best: f64,
    /// Cumulative lift of a perfect score.
    pub cum_lift_best: f64,
    /// `cum_lift − 1`.
    pub gain: f64,
    /// `cum_lift_best − 1`.
    pub gain_best: f64,
}

/// Bins of `ceil(N/bins)` rows, as SAS `percentile.assess`.
pub(crate) fn sas(groups: &TieGroups, bins: usize) -> Vec<LiftBin> {
    let n = groups.events_total() + groups.others_total();
    table(groups, bins, (n / bins as f64).ceil())
}

/// Bins of exactly N/bins rows, split within a row where N does not divide.
pub(crate) fn exact(groups: &TieGroups, bins: usize) -> Vec<LiftBin> {
    let n = groups.events_total() + groups.others_total();
    table(groups, bins, n / bins as f64)
}

fn table(groups: &TieGroups, bins: usize, size: f64) -> Vec<LiftBin> {
    let events = groups.events_total();
    let n = events + groups.others_total();
    if n <= 0.0 {
        return Vec::new();
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let mut descending = groups.iter().rev();
    let mut group = descending.next();
    // Rows and events of the groups wholly above the current one.
    let (mut rows_above, mut events_above) = (0.0, 0.0);
    let (mut cum_rows, mut cum_events, mut cum_best) = (0.0, 0.0, 0.0);
    let nominal = 100.0 / bins as f64;
    (1..=bins)
        .map(|i| {
            let end = if i == bins { n } else { (size * i as f64).min(n) };
            while let Some((_, e, o)) = group {
                if rows_above + e + o >= end {
                    break;
                }
                rows_above += e + o;
                events_above += e;
                group = descending.next();
            }
            let (found, value) = match group {
                Some((score, e, o)) => (events_above + (end - rows_above) * e / (e + o), Some(score)),
                None => (events, groups.scores.first().copied()),
            };
            let (rows_bin, events_bin) = (end - cum_rows, found - cum_events);
            let best = end.min(events);
            let best_bin = best - cum_best;
            (cum_rows, cum_events, cum_best) = (end, found, best);
            let depth = nominal * i as f64;
            let (resp, cum_resp) = (share(events_bin, events), share(found, events));
            let cum_resp_best = share(best, events);
            let (cum_lift, cum_lift_best) = (cum_resp / depth, cum_resp_best / depth);
            let gain = |lift: f64| if events > 0.0 { lift - 1.0 } else { 0.0 };
            LiftBin {
                depth,
                n: rows_bin,
                n_events: events_bin,
                resp,
                cum_resp,
                pct_resp: share(events_bin, rows_bin),
                cum_pct_resp: share(found, end),
                lift: resp / nominal,
                cum_lift,
                value: value.filter(|v| v.is_finite()),
                n_events_best: best_bin,
                cum_resp_best,
                cum_lift_best,
                gain: gain(cum_lift),
                gain_best: gain(cum_lift_best),
            }
        })
        .collect()
}
