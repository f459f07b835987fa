//! Statistics of scored cases, in the files and words that SAS Model Manager publishes.

use serde_json::{Map, Value, json};

/// Cutoffs of the ROC table and bins of the lift table, a partition.
const CUTOFFS: usize = 100;
const BINS: usize = 20;

/// Files that say how well a fitted model does, wherever they lie in a package: with another fit they say nothing.
const OF_A_FIT: [&str; 7] = [
    "dmcas_fitstat.json",
    "dmcas_roc.json",
    "dmcas_lift.json",
    "dmcas_misc.json",
    "dmcas_relativeimportance.json",
    "groupmetrics.json",
    "maxdifferences.json",
];

/// Whether a file of a package holds statistics of its fitted model.
#[must_use]
pub fn is_assessment(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    OF_A_FIT.contains(&name.as_str())
}

/// A partition of cases: its name (`TRAIN`, `VALIDATE`, `TEST`), the number SAS gives it, and probability and event of each case.
pub type Partition<'a> = (&'a str, u32, Vec<(f64, bool)>);

/// `dmcas_fitstat.json`, `dmcas_roc.json`, `dmcas_lift.json` and `dmcas_misc.json` of a model whose cases were scored: names and
/// contents. What a partition of one class has no number for is null.
#[must_use]
pub fn assessed(partitions: &[Partition<'_>]) -> Vec<(String, String)> {
    let mut fit = Vec::new();
    let (mut roc, mut lift, mut misc) = (Vec::new(), Vec::new(), Vec::new());
    for (name, indicator, scored) in partitions {
        fit.push(fit_row(name, *indicator, scored));
        roc.extend(roc_rows(name, *indicator, scored));
        lift.extend(lift_rows(name, *indicator, scored));
        misc.extend(confusion_rows(name, scored));
    }
    [("dmcas_fitstat", fit), ("dmcas_roc", roc), ("dmcas_lift", lift), ("dmcas_misc", misc)]
        .into_iter()
        .map(|(name, rows)| (format!("{name}.json"), table(name, rows)))
        .collect()
}

/// `dmcas_fitstat.json` with no more than is known: statistics of one partition by their published names.
#[must_use]
pub fn fit_statistics_file(partition: &str, indicator: u32, statistics: &[(&str, f64)]) -> (String, String) {
    let mut row = Map::new();
    row.insert("_DataRole_".to_owned(), json!(partition));
    row.insert("_PartInd_".to_owned(), json!(indicator));
    row.extend(statistics.iter().map(|(name, value)| ((*name).to_owned(), json!(rounded(*value)))));
    ("dmcas_fitstat.json".to_owned(), table("dmcas_fitstat", vec![Value::Object(row)]))
}

/// The shape all these files share.
pub(crate) fn table(name: &str, rows: Vec<Value>) -> String {
    let mut columns = Map::new();
    for (index, (column, value)) in rows.first().and_then(Value::as_object).into_iter().flatten().enumerate()
    {
        let (kind, length) = if value.is_string() { ("char", 32) } else { ("num", 8) };
        let label = crate::statistic_label(column).unwrap_or(column);
        let description = json!({"parameter": column, "type": kind, "label": label, "length": length,
            "order": index + 1, "values": [column], "preformatted": false});
        columns.insert(column.clone(), description);
    }
    let data: Vec<Value> = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| json!({"dataMap": row, "rowNumber": index + 1}))
        .collect();
    let document = json!({"name": name, "revision": 0, "order": 0, "version": 1, "xInteger": false, "yInteger": false,
        "parameterMap": columns, "data": data});
    let mut text = serde_json::to_string_pretty(&document).expect("a value with text keys is always JSON");
    text.push('\n');
    text
}

pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e8).round() / 1e8
}

/// Counts at a cutoff: events and others at or above it.
fn above(scored: &[(f64, bool)], cutoff: f64) -> (f64, f64) {
    let (mut events, mut others) = (0.0, 0.0);
    for (probability, event) in scored {
        if *probability >= cutoff {
            *(if *event { &mut events } else { &mut others }) += 1.0;
        }
    }
    (events, others)
}

fn counts(scored: &[(f64, bool)]) -> (f64, f64) {
    let events = scored.iter().filter(|(_, event)| *event).count() as f64;
    (events, scored.len() as f64 - events)
}

fn fit_row(name: &str, indicator: u32, scored: &[(f64, bool)]) -> Value {
    let count = scored.len() as f64;
    let (events, others) = counts(scored);
    let truth = |event: bool| f64::from(u8::from(event));
    let mean =
        |of: &dyn Fn(f64, bool) -> f64| scored.iter().map(|&(p, event)| of(p, event)).sum::<f64>() / count;
    let ase = mean(&|p, event| (truth(event) - p).powi(2));
    let misclassified = mean(&|p, event| truth((p >= 0.5) != event));
    let log_loss = mean(&|p, event| -(if event { p } else { 1.0 - p }).max(1e-15).ln());

    // Pairs of an event and another case: how often the event has the higher probability.
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut concordant, mut tied, mut others_below) = (0.0, 0.0, 0.0);
    let (mut ks, mut ks_cutoff, mut events_below) = (0.0_f64, 0.0, 0.0);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        // Everything from this probability on would be taken for an event.
        let separation = (events - events_below) / events - (others - others_below) / others;
        if separation > ks {
            (ks, ks_cutoff) = (separation, group[0].0);
        }
        let (here_events, here_others) = counts(group);
        concordant += here_events * others_below;
        tied += here_events * here_others;
        others_below += here_others;
        events_below += here_events;
    }
    let pairs = events * others;
    let discordant = pairs - concordant - tied;
    let area = (concordant + tied / 2.0) / pairs;
    let (true_events, false_events) = above(scored, 0.5);
    json!({
        "_DataRole_": name, "_PartInd_": indicator, "_formattedPartition_": format!("{indicator:>12}"),
        "_NObs_": count, "_ASE_": rounded(ase), "_DIV_": count, "_RASE_": rounded(ase.sqrt()),
        "_MCE_": rounded(misclassified), "_MCLL_": rounded(log_loss), "_KS_": rounded(ks), "_C_": rounded(area),
        "_GINI_": rounded(2.0 * area - 1.0), "_GAMMA_": rounded((concordant - discordant) / (concordant + discordant)),
        "_TAU_": rounded((concordant - discordant) / (count * (count - 1.0) / 2.0)), "_KSCut_": rounded(ks_cutoff),
        "_KSPostCutoff_": rounded(true_events / events - false_events / others),
    })
}

fn roc_rows(name: &str, indicator: u32, scored: &[(f64, bool)]) -> Vec<Value> {
    let (events, others) = counts(scored);
    let row = |index: usize| {
        let cutoff = index as f64 / CUTOFFS as f64;
        let (tp, fp) = above(scored, cutoff);
        let (fn_, tn) = (events - tp, others - fp);
        let share = |part: f64, whole: f64| if whole > 0.0 { rounded(part / whole) } else { 0.0 };
        json!({
            "_DataRole_": name, "_PartInd_": indicator, "_Cutoff_": cutoff, "_TP_": tp, "_FP_": fp, "_FN_": fn_, "_TN_": tn,
            "_Sensitivity_": share(tp, events), "_Specificity_": share(tn, others), "_OneMinusSpecificity_": share(fp, others),
            "_FPR_": share(fp, others), "_FDR_": share(fp, tp + fp), "_ACC_": share(tp + tn, events + others),
            "_F1_": share(2.0 * tp, 2.0 * tp + fp + fn_), "_FHALF_": share(1.25 * tp, 1.25 * tp + 0.25 * fn_ + fp),
            "_MiscEvent_": share(fp + fn_, events + others), "_KS_": rounded(tp / events - fp / others),
        })
    };
    (0..CUTOFFS).map(row).collect()
}

fn lift_rows(name: &str, indicator: u32, scored: &[(f64, bool)]) -> Vec<Value> {
    let (events, others) = counts(scored);
    let rate = events / (events + others);
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut rows = Vec::with_capacity(BINS);
    let mut found_before = 0.0;
    for bin in 0..BINS {
        let (first, last) = (bin * sorted.len() / BINS, (bin + 1) * sorted.len() / BINS);
        let (here, _) = counts(&sorted[first..last]);
        let found = found_before + here;
        let cumulative_rate = found / last as f64;
        rows.push(json!({
            "_DataRole_": name, "_PartInd_": indicator, "_Depth_": 100.0 * (bin + 1) as f64 / BINS as f64,
            "_NObs_": last - first, "_NEvents_": here,
            "_Lift_": rounded(here / (last - first) as f64 / rate), "_CumLift_": rounded(cumulative_rate / rate),
            "_Gain_": rounded(cumulative_rate / rate - 1.0),
            "_Resp_": rounded(100.0 * here / events), "_CumResp_": rounded(100.0 * found / events),
            "_PctResp_": rounded(100.0 * here / (last - first) as f64), "_CumPctResp_": rounded(100.0 * cumulative_rate),
        }));
        found_before = found;
    }
    rows
}

fn confusion_rows(name: &str, scored: &[(f64, bool)]) -> Vec<Value> {
    let (events, others) = counts(scored);
    let (tp, fp) = above(scored, 0.5);
    let row = |outcome: &str, correct: bool, count: f64| {
        let text = if correct { "CORRECT" } else { "INCORRECT" };
        json!({"_DataRole_": name, "_cutoffSource_": "Default", "_cutoff_": 0.5, "Outcome": outcome, "CorrectText": text,
            "_Count_": count})
    };
    vec![row("1", true, tp), row("0", false, events - tp), row("0", true, others - fp), row("1", false, fp)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_a_table_counted_by_hand() {
        // Events at 0.9, 0.6 and 0.4; others at 0.6, 0.2, 0.1 and 0.05.
        let scored =
            [(0.9, true), (0.6, true), (0.4, true), (0.6, false), (0.2, false), (0.1, false), (0.05, false)];
        let row = fit_row("TEST", 2, &scored);
        let close = |name: &str, expected: f64| {
            let value = row[name].as_f64().unwrap();
            assert!((value - expected).abs() < 1e-6, "{name}: {value} is not {expected}");
        };
        // Of twelve pairs ten are right, one is tied, one is wrong.
        close("_C_", 10.5 / 12.0);
        close("_GINI_", 9.0 / 12.0);
        close("_GAMMA_", 9.0 / 11.0);
        close("_TAU_", 9.0 / 21.0);
        // At 0.4 all events and one other are above.
        close("_KS_", 0.75);
        close("_KSCut_", 0.4);
        close("_MCE_", 2.0 / 7.0);
        close("_KSPostCutoff_", 2.0 / 3.0 - 0.25);
        close("_ASE_", (0.01 + 0.16 + 0.36 + 0.36 + 0.04 + 0.01 + 0.0025) / 7.0);
    }

    #[test]
    fn lift_ends_at_one_and_finds_everything() {
        let scored: Vec<(f64, bool)> = (0..100).map(|n| (f64::from(n) / 100.0, n >= 80)).collect();
        let rows = lift_rows("TEST", 2, &scored);
        assert_eq!((rows[0]["_Lift_"].as_f64(), rows[3]["_CumResp_"].as_f64()), (Some(5.0), Some(100.0)));
        assert_eq!((rows[19]["_CumLift_"].as_f64(), rows[19]["_Gain_"].as_f64()), (Some(1.0), Some(0.0)));
    }
}
