//! A job of the service in the words of this machine's Spark.

use std::collections::BTreeMap;

use runs::{RunFile, RunSpec};
use serde_json::Value;

use super::{JOB_DEADLINE_S, Job};

/// What Spark on this machine is asked to run for a job or a batch.
pub(super) fn spec_of(job: &Job) -> Result<RunSpec, String> {
    let is_batch = job.resource.get("pysparkBatch").is_some();
    let pyspark = &job.resource[if is_batch { "pysparkBatch" } else { "pysparkJob" }];
    let wanted = if is_batch { &job.resource["runtimeConfig"]["properties"] } else { &pyspark["properties"] };
    let list = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
    };
    let at = |uri: &str| uri.parse().map(RunFile::at).map_err(|e: runs::Error| e.to_string());
    let files_of =
        |field: &str| list(&pyspark[field]).iter().map(|uri| at(uri)).collect::<Result<Vec<_>, _>>();
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let mut environment: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in wanted.as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default().to_owned();
        // What the service would hand to the driver is handed to it directly.
        let variable =
            name.strip_prefix("spark.yarn.appMasterEnv.").or(name.strip_prefix("spark.dataproc.driverEnv."));
        match variable {
            Some(variable) => environment.insert(variable.to_owned(), value),
            None => properties.insert(name.clone(), value),
        };
    }
    Ok(RunSpec {
        key: job.key.clone(),
        main: at(pyspark["mainPythonFileUri"].as_str().unwrap_or_default())?,
        args: list(&pyspark["args"]),
        files: files_of("fileUris")?,
        python_files: files_of("pythonFileUris")?,
        properties,
        environment,
        requirements: job.packages.clone(),
        outputs: Vec::new(),
        deadline_s: JOB_DEADLINE_S,
        labels: BTreeMap::new(),
    })
}
