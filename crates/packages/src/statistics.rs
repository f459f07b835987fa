//! Published statistics: `dmcas_fitstat.json`, `dmcas_roc.json`, `dmcas_lift.json` and their relatives.
//!
//! All share one shape, written by SAS and by sasctl: `parameterMap` describes the columns, `data` lists rows, each with
//! a `dataMap` from column to value. Values are numbers, numbers as strings (so that SAS Model Manager does not compare
//! them as missing), `"."`, `"None"` or null. Columns are named in any case.

mod identities;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Refused;
use crate::text;

pub(crate) use identities::inconsistencies;
pub use identities::{Inconsistency, Why};

/// Fit statistics of one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitStatistics {
    /// `TRAIN`, `VALIDATE`, `TEST`, or what the package says.
    pub partition: String,
    /// Statistics in the order of the file.
    pub statistics: Vec<Statistic>,
    /// Columns that hold no statistic, as written.
    pub other: Map<String, Value>,
}

impl FitStatistics {
    /// The value of a statistic, by its name in any case (`_GINI_`).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.statistics.iter().find(|it| it.name.eq_ignore_ascii_case(name)).and_then(|it| it.value)
    }
}

/// One published number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistic {
    /// Name as published, for example `_GINI_`.
    pub name: String,
    /// What it is called on screens.
    pub label: String,
    /// Its value; absent where the package has none.
    pub value: Option<f64>,
}

/// ROC points of one partition, by rising false positive rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RocCurve {
    /// `TRAIN`, `VALIDATE`, `TEST`, …
    pub partition: String,
    /// Points.
    pub points: Vec<RocPoint>,
}

/// A point of a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RocPoint {
    /// Probability at and above which a case counts as an event.
    pub cutoff: Option<f64>,
    /// Share of events found.
    pub sensitivity: f64,
    /// Share of non-events taken for events (one minus specificity).
    pub false_positive_rate: f64,
    /// Kolmogorov–Smirnov distance at the cutoff, as published.
    pub ks: Option<f64>,
    /// Accuracy at the cutoff, as published.
    pub accuracy: Option<f64>,
    /// F1 at the cutoff, as published.
    pub f1: Option<f64>,
}

/// Lift points of one partition, by rising depth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiftCurve {
    /// `TRAIN`, `VALIDATE`, `TEST`, …
    pub partition: String,
    /// Points.
    pub points: Vec<LiftPoint>,
}

/// A point of a lift curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiftPoint {
    /// Share of cases, best first, in percent.
    pub depth_percent: f64,
    /// Lift within this bin.
    pub lift: Option<f64>,
    /// Lift of all cases down to this depth.
    pub cumulative_lift: Option<f64>,
    /// Gain at this depth.
    pub gain: Option<f64>,
    /// Share of the events in this bin, in percent.
    pub response_percent: Option<f64>,
    /// Share of the events down to this depth, in percent.
    pub cumulative_response_percent: Option<f64>,
}

/// Importance of one input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The input.
    pub variable: String,
    /// Importance relative to the largest, or as the package says.
    pub importance: f64,
}

/// A statistics table as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatisticsTable {
    /// The file.
    pub file: String,
    /// Its name: `dmcas_misc`, `groupMetrics`, …
    pub name: String,
    /// Columns with their labels, in order.
    pub columns: Vec<(String, String)>,
    /// Rows: column to value, as written.
    pub rows: Vec<Map<String, Value>>,
}

impl StatisticsTable {
    /// Reads the shared shape. Unknown columns stay.
    pub(crate) fn from_json(entry: &str, json: Value) -> Result<Self, Refused> {
        let bad = |why: &str| Refused::BadContents { entry: text::shown(entry), why: why.to_owned() };
        let Value::Object(mut members) = json else { return Err(bad("an object with `data` is expected")) };
        let mut columns: Vec<(u64, String, String)> = Vec::new();
        for (name, column) in members.get("parameterMap").and_then(Value::as_object).into_iter().flatten() {
            let label = column.get("label").and_then(Value::as_str).unwrap_or(name);
            let order =
                column.get("order").and_then(text::number).map_or(u64::MAX, |order| order.max(0.0) as u64);
            columns.push((order, name.clone(), label.to_owned()));
        }
        columns.sort_by_key(|column| column.0);
        let Some(Value::Array(data)) = members.remove("data") else {
            return Err(bad("a list `data` of rows is expected"));
        };
        let mut rows = Vec::with_capacity(data.len());
        for (index, row) in data.into_iter().enumerate() {
            let Value::Object(mut row) = row else {
                return Err(bad(&format!("row {} is not an object", index + 1)));
            };
            match row.remove("dataMap") {
                Some(Value::Object(values)) => rows.push(values),
                // A table written plainly, without the wrapping.
                None => rows.push(row),
                Some(_) => return Err(bad(&format!("`dataMap` of row {} is not an object", index + 1))),
            }
        }
        let stem = entry.rsplit('/').next().unwrap_or(entry);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let name = members
            .get("name")
            .and_then(Value::as_str)
            .filter(|it| !it.is_empty())
            .unwrap_or(stem)
            .to_owned();
        let columns = columns.into_iter().map(|(_, name, label)| (name, label)).collect();
        Ok(Self { file: entry.to_owned(), name, columns, rows })
    }

    fn label(&self, name: &str) -> String {
        let published =
            self.columns.iter().find(|(column, _)| column == name).map(|(_, label)| label.as_str());
        published.or_else(|| statistic_label(name)).unwrap_or(name).to_owned()
    }

    /// One row a partition, as fit statistics.
    pub(crate) fn fit_statistics(&self) -> Vec<FitStatistics> {
        let read = |row: &Map<String, Value>| {
            let mut other = Map::new();
            let mut statistics = Vec::new();
            let mut names: Vec<&String> = row.keys().collect();
            let position = |name: &String| self.columns.iter().position(|(column, _)| column == name);
            names.sort_by_key(|name| position(name).unwrap_or(usize::MAX));
            for name in names {
                let is_key = ["_DataRole_", "_PartInd_", "_formattedPartition_"]
                    .iter()
                    .any(|key| key.eq_ignore_ascii_case(name));
                let value = &row[name];
                if is_key || (text::number(value).is_none() && !is_missing(value)) {
                    other.insert(name.clone(), value.clone());
                } else {
                    let label = self.label(name);
                    statistics.push(Statistic { name: name.clone(), label, value: text::number(value) });
                }
            }
            FitStatistics { partition: partition(row), statistics, other }
        };
        let mut all: Vec<FitStatistics> = self.rows.iter().map(read).collect();
        // SAS writes a row for every partition there could be; one without a number was not there.
        all.retain(|it| it.statistics.iter().any(|statistic| statistic.value.is_some()));
        all
    }

    /// Rows as ROC curves.
    pub(crate) fn roc(&self) -> Vec<RocCurve> {
        let point = |row: &Map<String, Value>| {
            let specificity = || column(row, "_Specificity_").map(|it| 1.0 - it);
            let false_positive_rate =
                column(row, "_OneMinusSpecificity_").or_else(|| column(row, "_FPR_")).or_else(specificity)?;
            Some(RocPoint {
                cutoff: column(row, "_Cutoff_"),
                sensitivity: column(row, "_Sensitivity_").or_else(|| column(row, "_TPR_"))?,
                false_positive_rate,
                ks: column(row, "_KS_"),
                accuracy: column(row, "_ACC_"),
                f1: column(row, "_F1_"),
            })
        };
        let mut curves: Vec<RocCurve> = Vec::new();
        for (partition, points) in self.by_partition(point) {
            curves.push(RocCurve { partition, points });
        }
        for curve in &mut curves {
            curve.points.sort_by(|a, b| {
                a.false_positive_rate
                    .total_cmp(&b.false_positive_rate)
                    .then(a.sensitivity.total_cmp(&b.sensitivity))
            });
        }
        curves
    }

    /// Rows as lift curves.
    pub(crate) fn lift(&self) -> Vec<LiftCurve> {
        let point = |row: &Map<String, Value>| {
            Some(LiftPoint {
                depth_percent: column(row, "_Depth_")?,
                lift: column(row, "_Lift_"),
                cumulative_lift: column(row, "_CumLift_"),
                gain: column(row, "_Gain_"),
                response_percent: column(row, "_Resp_"),
                cumulative_response_percent: column(row, "_CumResp_"),
            })
        };
        let mut curves: Vec<LiftCurve> = Vec::new();
        for (partition, mut points) in self.by_partition(point) {
            points.sort_by(|a: &LiftPoint, b| a.depth_percent.total_cmp(&b.depth_percent));
            curves.push(LiftCurve { partition, points });
        }
        curves
    }

    /// Rows as importance, largest first.
    pub(crate) fn importance(&self) -> Vec<Importance> {
        let read = |row: &Map<String, Value>| {
            Some(Importance {
                variable: cell(row, "Variable").or_else(|| cell(row, "_VARIABLE_")).and_then(text::scalar)?,
                importance: column(row, "RelativeImportance").or_else(|| column(row, "Importance"))?,
            })
        };
        let mut all: Vec<Importance> = self.rows.iter().filter_map(read).collect();
        all.sort_by(|a, b| b.importance.total_cmp(&a.importance));
        all
    }

    /// Points by partition, partitions in the order they first appear.
    fn by_partition<P>(&self, point: impl Fn(&Map<String, Value>) -> Option<P>) -> Vec<(String, Vec<P>)> {
        let mut groups: Vec<(String, Vec<P>)> = Vec::new();
        for row in &self.rows {
            let Some(point) = point(row) else { continue };
            let partition = partition(row);
            match groups.iter_mut().find(|(name, _)| *name == partition) {
                Some((_, points)) => points.push(point),
                None => groups.push((partition, vec![point])),
            }
        }
        groups
    }
}

fn cell<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    row.get(name)
        .or_else(|| row.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn column(row: &Map<String, Value>, name: &str) -> Option<f64> {
    cell(row, name).and_then(text::number)
}

fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            let text = text.trim();
            text.is_empty()
                || text == "."
                || ["none", "nan", "null", "inf", "-inf"].iter().any(|it| text.eq_ignore_ascii_case(it))
        }
        _ => false,
    }
}

/// The partition of a row: its data role, or the partition indicator as sasctl numbers them (0 validation, 1 training,
/// 2 test).
fn partition(row: &Map<String, Value>) -> String {
    let role = cell(row, "_DataRole_").and_then(text::scalar).filter(|role| !role.is_empty());
    let indicator = || {
        let number = column(row, "_PartInd_").or_else(|| column(row, "_formattedPartition_"))?;
        Some(match number {
            0.0 => "VALIDATE".to_owned(),
            1.0 => "TRAIN".to_owned(),
            2.0 => "TEST".to_owned(),
            other => format!("PARTITION {other}"),
        })
    };
    role.map(|role| role.to_ascii_uppercase()).or_else(indicator).unwrap_or_else(|| "ALL".to_owned())
}

/// What a statistic is called on screens, by its published name in any case.
#[must_use]
pub fn statistic_label(name: &str) -> Option<&'static str> {
    const LABELS: [(&str, &str); 18] = [
        ("_ASE_", "Average squared error"),
        ("_RASE_", "Root average squared error"),
        ("_DIV_", "Divisor for ASE"),
        ("_NObs_", "Observations"),
        ("_MCE_", "Misclassification rate"),
        ("_MCLL_", "Multi-class log loss"),
        ("_KS_", "KS (Youden)"),
        ("_KSCut_", "KS cutoff"),
        ("_KSPostCutoff_", "ROC separation"),
        ("_C_", "Area under ROC"),
        ("_GINI_", "Gini coefficient"),
        ("_GAMMA_", "Gamma"),
        ("_TAU_", "Tau"),
        ("_MAE_", "Mean absolute error"),
        ("_RMAE_", "Root mean absolute error"),
        ("_MSLE_", "Mean squared logarithmic error"),
        ("_RMSLE_", "Root mean squared logarithmic error"),
        ("_RSQ_", "R squared"),
    ];
    LABELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table(rows: Value) -> StatisticsTable {
        StatisticsTable::from_json("dmcas_x.json", json!({"name": "dmcas_x", "data": rows, "parameterMap": {
            "_GINI_": {"label": "Gini Coefficient", "order": 2}, "_C_": {"label": "Area Under ROC", "order": "1"}}}))
        .unwrap()
    }

    #[test]
    fn numbers_as_strings_and_an_all_null_validation_row() {
        let read = table(json!([
            {"dataMap": {"_GINI_": null, "_C_": ".", "_DataRole_": "VALIDATE", "_PartInd_": null}, "rowNumber": 1},
            {"dataMap": {"_GINI_": "0.7042", "_C_": 0.8521, "_DataRole_": "TRAIN", "_note_": "x"}, "rowNumber": 2},
            {"dataMap": {"_GINI_": 0.6944, "_C_": " 0.8472 ", "_PartInd_": "2"}, "rowNumber": 3}]))
        .fit_statistics();
        let told: Vec<_> =
            read.iter().map(|it| (it.partition.as_str(), it.get("_gini_"), it.get("_C_"))).collect();
        assert_eq!(told, [("TRAIN", Some(0.7042), Some(0.8521)), ("TEST", Some(0.6944), Some(0.8472))]);
        assert_eq!(read[0].other["_note_"], "x");
        assert_eq!(
            (read[0].statistics[0].name.as_str(), read[0].statistics[0].label.as_str()),
            ("_C_", "Area Under ROC")
        );
    }

    #[test]
    fn curves_are_sorted_and_told_apart_by_partition() {
        let read = table(json!([
            {"dataMap": {"_DataRole_": "TEST", "_Cutoff_": 0.1, "_Sensitivity_": 1, "_Specificity_": "0.2", "_Depth_": 10, "_CumLift_": "2"}},
            {"dataMap": {"_DataRole_": "TRAIN", "_Cutoff_": 0.1, "_Sensitivity_": 0.9, "_OneMinusSpecificity_": 0.5, "_Depth_": 5}},
            {"dataMap": {"_DataRole_": "TEST", "_Cutoff_": 0.9, "_Sensitivity_": "0.3", "_FPR_": 0.1, "_Depth_": 5, "_Lift_": 3}},
            {"dataMap": {"_DataRole_": "TEST", "_Cutoff_": "."}}]));
        let roc = read.roc();
        assert_eq!((roc.len(), roc[0].partition.as_str(), roc[0].points.len()), (2, "TEST", 2));
        assert_eq!(roc[0].points[0].cutoff, Some(0.9));
        assert!((roc[0].points[1].false_positive_rate - 0.8).abs() < 1e-12);
        let lift = read.lift();
        assert_eq!(lift[0].points.iter().map(|it| it.depth_percent).collect::<Vec<_>>(), [5.0, 10.0]);
    }

    #[test]
    fn importance_is_sorted() {
        let read = table(json!([{"dataMap": {"Variable": "A", "RelativeImportance": "0.2"}},
            {"dataMap": {"Variable": "B", "RelativeImportance": "1.0"}}, {"dataMap": {"Variable": "C", "RelativeImportance": ""}}]))
        .importance();
        assert_eq!(read.iter().map(|it| it.variable.as_str()).collect::<Vec<_>>(), ["B", "A"]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for json in [json!([]), json!({"data": 3}), json!({"data": [3]}), json!({"data": [{"dataMap": []}]})]
        {
            assert!(StatisticsTable::from_json("dmcas_roc.json", json).is_err());
        }
    }
}
