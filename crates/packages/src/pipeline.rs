//! Saved Spark pipelines: fitted, or only described.

use serde_json::Value;

use crate::package::Warning;
use crate::text;

/// Whether a path is the metadata of a saved pipeline, and not of one of its stages. Spark 3 writes
/// `metadata/part-00000`, Spark 4 `metadata/part-00000-<uuid>-c000.txt`.
pub(crate) fn is_pipeline_metadata(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or_default(), parts.next());
    name.starts_with("part-00000") && folder == Some("metadata") && !parts.any(|part| part == "stages")
}

/// Warns of a pipeline that was saved before it was fitted: it cannot score.
pub(crate) fn check(shown_at: &str, metadata: &[u8]) -> Option<Warning> {
    let line = text::decode(metadata);
    let json: Value = serde_json::from_str(line.lines().next()?).ok()?;
    let class = json.get("class")?.as_str()?;
    (class == "org.apache.spark.ml.Pipeline").then(|| {
        let version = json.get("sparkVersion").and_then(Value::as_str).unwrap_or("of unknown version");
        let message = format!(
            "`{}` holds an unfitted Spark pipeline (saved by Spark {}): it describes how to train and cannot score until \
             a training run has fitted it",
            text::shown(shown_at),
            text::shown(version)
        );
        Warning::new("unfitted-pipeline", Some(shown_at), message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_and_unfitted_are_told_apart() {
        let meta =
            |class: &str| format!("{{\"class\":\"{class}\",\"sparkVersion\":\"3.0.1\",\"uid\":\"x\"}}\n");
        let warned = check("p.zip", meta("org.apache.spark.ml.Pipeline").as_bytes()).unwrap();
        assert!(
            warned.message.contains("unfitted") && warned.message.contains("3.0.1"),
            "{}",
            warned.message
        );
        assert_eq!(check("p.zip", meta("org.apache.spark.ml.PipelineModel").as_bytes()), None);
        assert_eq!(check("p.zip", b"not json"), None);
        assert!(is_pipeline_metadata("metadata/part-00000") && is_pipeline_metadata("m/metadata/part-00000"));
        assert!(is_pipeline_metadata("metadata/part-00000-14da3a53-51eb-c000.txt"));
        assert!(!is_pipeline_metadata("stages/0_x/metadata/part-00000"));
    }
}
