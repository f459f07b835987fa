//! On-premise configurations as shapes. Every decision is told in the reader's words, and kept as the message behind them.

use std::collections::BTreeMap;

use ::runs::dataproc::mapping::{self, Mapping, OnPremise, Told};
use governance::fact::MappedDecision;
use serde_json::Value;
use words::{Said, Words, said};

use super::super::preflight::{finding_row, said_of};
use super::super::{from_runs, prices};
use super::{MapConfiguration, MappedShape, MappingDecision, machine_vcpus, region, shape_row, told};
use crate::{App, Failure};

/// A text, or what is to be said in its place.
enum Part {
    Plain(String),
    Said(Said),
}

impl From<Told> for Part {
    fn from(told: Told) -> Self {
        match told {
            Told::Plain(text) => Self::Plain(text),
            Told::Said(reason) => Self::Said(said_of(&reason)),
        }
    }
}

/// Maps an on-premise configuration to a shape, every decision with its reason. Nothing is recorded.
///
/// # Errors
/// [`crate::Code::Usage`] for numbers that describe no cluster, and for files that are not what they are given as.
pub async fn map_configuration(app: &App, request: MapConfiguration) -> Result<MappedShape, Failure> {
    let words = app.words();
    let mut source = OnPremise {
        nodes: request.nodes,
        cores: request.cores,
        memory_gb: request.memory_gb,
        spark_version: request.spark_version.trim().to_owned(),
        spark_defaults: request.spark_defaults,
        yarn_site: request.yarn_site,
        requirements: request.requirements.lines().map(str::to_owned).collect(),
    };
    let mut decisions = Vec::new();
    if !request.node_table.trim().is_empty() {
        let nodes = mapping::nodes(&request.node_table).map_err(|error| from_runs(&error))?;
        decisions.push(decision(
            words,
            Part::Said(said!("map-table")),
            Part::Said(said!("map-table-has", nodes = nodes.count)),
            Part::Said(said!("map-table-is", nodes = nodes.count, cores = nodes.cores, gb = nodes.memory_gb)),
            if nodes.alike { said!("map-why-alike") } else { said!("map-why-unlike") },
        ));
        (source.nodes, source.cores, source.memory_gb) = (nodes.count, nodes.cores, nodes.memory_gb);
    }
    let Mapping { mut template, rows, findings } =
        mapping::map(&source).map_err(|error| from_runs(&error))?;
    decisions.extend(rows.into_iter().map(|row| {
        decision(words, row.source.into(), row.value.into(), row.result.into(), said_of(&row.reason))
    }));
    if request.single_node {
        let cores = u64::from(template.workers.count) * machine_vcpus(&template.workers.machine_type);
        template.workers.count = 0;
        decisions.push(decision(
            words,
            Part::Said(said!("map-workers")),
            Part::Plain(format!("{cores} vCPUs")),
            Part::Said(said!("map-single")),
            said!("map-why-single"),
        ));
    }
    let shape = shape_row(&template);
    let prices = prices::table(&app.desk)?;
    let mut told = told(&shape, region(request.region.as_deref()), &prices, words);
    // What the mapping itself found comes first, before what the shape says of itself.
    told.findings.splice(0..0, findings.iter().map(|finding| finding_row(finding, words)));
    Ok(MappedShape { shape, decisions, told })
}

fn decision(words: &Words, source: Part, value: Part, result: Part, reason: Said) -> MappingDecision {
    let mut behind = BTreeMap::new();
    let mut text = |name: &str, part: Part| match part {
        Part::Plain(text) => text,
        Part::Said(said) => {
            let text = words.say(&said);
            if let Ok(said) = serde_json::to_value(said) {
                behind.insert(name.to_owned(), said);
            }
            text
        }
    };
    MappingDecision {
        source: text("source", source),
        value: text("value", value),
        result: text("result", result),
        reason: text("reason", Part::Said(reason)),
        said: behind,
    }
}

/// A decision as it is kept: in English, with the messages behind it.
pub(super) fn kept(row: MappingDecision) -> MappedDecision {
    let said = row.said.clone();
    let row = in_words(row, Words::english());
    MappedDecision { source: row.source, value: row.value, result: row.result, reason: row.reason, said }
}

/// A kept decision in the reader's words.
pub(super) fn row(kept: &MappedDecision, words: &Words) -> MappingDecision {
    let row = MappingDecision {
        source: kept.source.clone(),
        value: kept.value.clone(),
        result: kept.result.clone(),
        reason: kept.reason.clone(),
        said: kept.said.clone(),
    };
    in_words(row, words)
}

fn in_words(mut row: MappingDecision, words: &Words) -> MappingDecision {
    for (name, said) in &row.said {
        let text = match name.as_str() {
            "source" => &mut row.source,
            "value" => &mut row.value,
            "result" => &mut row.result,
            "reason" => &mut row.reason,
            _ => continue,
        };
        // A message of a later program is told as it was kept.
        match said_from(said) {
            Some(said) if Words::english().knows(&said.id) => *text = words.say(&said),
            _ => {}
        }
    }
    row
}

fn said_from(value: &Value) -> Option<Said> {
    serde_json::from_value(value.clone()).ok()
}

#[cfg(test)]
mod tests {
    use words::Locale;

    use super::*;

    #[test]
    fn every_reason_of_a_mapping_is_said_in_both_languages() {
        let left = [
            "spark.master yarn",
            "spark.submit.deployMode cluster",
            "spark.yarn.jars x",
            "spark.yarn.keytab x",
            "spark.eventLog.dir x",
            "spark.history.fs x",
            "spark.local.dir /x",
            "spark.driver.host x",
            "spark.driver.extraClassPath /x",
            "spark.ssl.keyPassword x",
            "spark.sql.warehouse.dir hdfs://x/y",
            "spark.executor.cores 99",
            "spark.executor.memory 999g",
            "spark.sql.shuffle.partitions 64",
        ];
        let yarn = "<configuration><property><name>yarn.nodemanager.resource.cpu-vcores</name><value>12</value></property>\
                    <property><name>yarn.nodemanager.resource.memory-mb</name><value>40960</value></property></configuration>";
        let mut source = OnPremise {
            nodes: 3,
            cores: 16,
            memory_gb: 128,
            spark_version: "3.0.1".into(),
            spark_defaults: left.join("\n"),
            yarn_site: yarn.into(),
            requirements: vec!["pyspark==3.0.1".into(), "py4j".into(), "pandas".into()],
        };
        let mut reasons = Vec::new();
        for (version, memory) in [("3.0.1", "999g"), ("3.5.1", "much")] {
            source.spark_version = version.into();
            source.spark_defaults = left.join("\n").replace("999g", memory);
            let mapping = mapping::map(&source).unwrap();
            reasons.extend(mapping.findings.into_iter().map(|finding| finding.reason));
            for row in mapping.rows {
                reasons.push(row.reason);
                for told in [row.source, row.value, row.result] {
                    if let Told::Said(reason) = told {
                        reasons.push(reason);
                    }
                }
            }
        }
        let ids: std::collections::BTreeSet<&str> = reasons.iter().map(|reason| &*reason.id).collect();
        assert!(ids.len() > 25, "{ids:?}");
        for reason in reasons {
            for locale in Locale::ALL {
                assert!(Words::of(locale).knows(&reason.id), "{} in {locale}", reason.id);
            }
            let text = Words::of(Locale::PtBr).say(&said_of(&reason));
            assert!(!text.contains('$') && !text.contains('{'), "{text}");
        }
    }

    #[test]
    fn what_one_kept_in_portuguese_another_reads_in_english() {
        let portuguese = Words::of(Locale::PtBr);
        let plain = Part::Plain("spark.master".into());
        let seen = decision(
            portuguese,
            plain,
            Part::Plain("yarn".into()),
            Part::Plain(String::new()),
            said!("map-left-master"),
        );
        let kept = kept(seen.clone());
        assert_eq!(kept.reason, Words::english().say(&said!("map-left-master")));
        assert_ne!(kept.reason, seen.reason);
        assert_eq!(row(&kept, portuguese).reason, seen.reason);
        assert_eq!(kept.source, "spark.master");
    }
}
