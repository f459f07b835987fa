//! Serverless batches: `projects/*/locations/*/batches`. A batch is a job without a cluster, in other words.

use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;
use runs::RunKey;
use runs::bucket::FolderBucket;
use serde_json::{Value, json};

use super::{Look, Operation, Place, Records, TYPES, staging_bucket, unique};
use crate::answer::{Answer, Refusal};
use crate::{Call, House};

/// Everything under `/v1/projects/{project}/locations/{region}`.
pub(crate) async fn answer(
    house: &Arc<House>,
    call: &Call,
    project: &str,
    region: &str,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let place = Place { house, project, region };
    let found = match (&call.method, rest) {
        (&Method::POST, ["batches"]) => place.create_batch(call).await,
        (&Method::GET, ["batches"]) => place.list_batches(call).await,
        (&Method::GET, ["batches", id]) => {
            let found = place.get_batch(id).await;
            place.looked_at(&format!("batches/{id}")).await;
            found
        }
        (&Method::DELETE, ["batches", id]) => place.delete_job(&format!("batches/{id}")).await,
        _ => Err(Refusal::not_found(&format!(
            "no such method of Dataproc batches here: {} {}",
            call.method,
            rest.join("/")
        ))),
    };
    found.map(|value| Answer::json(&value))
}

impl Place<'_> {
    async fn create_batch(&self, call: &Call) -> Result<Value, Refusal> {
        let mut resource = call.json()?;
        let now = Timestamp::now();
        let batch_id = match call.query("batchId").filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => unique("batch"),
        };
        let fits = (4..=63).contains(&batch_id.len())
            && batch_id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !fits {
            return Err(Refusal::invalid(&format!("Invalid batch id: '{batch_id}'")));
        }
        if resource["pysparkBatch"]["mainPythonFileUri"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::invalid("this sandbox runs `pysparkBatch`es with a `mainPythonFileUri`"));
        }
        let id = self.id(&format!("batches/{batch_id}"));
        let request_id = call.query("requestId").unwrap_or_default().to_owned();
        let mut records = self.house.dataproc.records.lock().await;
        if let Some(earlier) = records.jobs.get(&id) {
            let operation = earlier.resource["operation"].as_str().unwrap_or_default();
            let operation = operation.rsplit('/').next().unwrap_or_default().to_owned();
            if !request_id.is_empty() && earlier.request_id == request_id {
                return self.operation(&records, &operation, now);
            }
            return Err(Refusal::exists(&format!("Already exists: Batch projects/{id}")));
        }
        let staging = &resource["environmentConfig"]["executionConfig"]["stagingBucket"];
        let output_bucket = staging.as_str().map_or_else(|| staging_bucket(self.project), str::to_owned);
        FolderBucket::create(&output_bucket, &self.house.buckets_folder().join(&output_bucket))
            .map_err(Refusal::of)?;
        let (uuid, operation) = (unique(&id), unique(&format!("batch {id}")));
        let place = format!("projects/{}/locations/{}", self.project, self.region);
        resource["name"] = json!(format!("{place}/batches/{batch_id}"));
        resource["uuid"] = json!(uuid);
        resource["createTime"] = json!(now.to_string());
        resource["operation"] = json!(self.operation_name(&operation));
        let key = RunKey::derive(&["sandbox", &id, &uuid]);
        let output_prefix =
            format!("google-cloud-dataproc-metainfo/{uuid}/jobs/srvls-batch-{uuid}/driveroutput");
        let job = self.submitted(key, request_id, (output_bucket, output_prefix), resource);
        records.jobs.insert(id.clone(), job.clone());
        let made = Operation { kind: "BATCH".into(), cluster: id.clone(), uuid, at: now };
        records.operations.insert(operation.clone(), made);
        self.house.dataproc.save(&records)?;
        let answer = self.operation(&records, &operation, now);
        drop(records);
        self.begin(&id, &job);
        answer
    }

    async fn get_batch(&self, batch_id: &str) -> Result<Value, Refusal> {
        Ok(resource(&self.look(&format!("batches/{batch_id}")).await?))
    }

    async fn list_batches(&self, call: &Call) -> Result<Value, Refusal> {
        let wanted = super::label_filter(call.query("filter").unwrap_or_default(), super::Grammar::Aip160)?;
        let ids: Vec<String> = {
            let records = self.house.dataproc.records.lock().await;
            let prefix = self.id("batches/");
            records.jobs.keys().filter_map(|id| id.strip_prefix(&prefix).map(str::to_owned)).collect()
        };
        let mut batches = Vec::new();
        for id in ids {
            let batch = self.get_batch(&id).await?;
            if super::carries(&batch["labels"], &wanted) {
                batches.push(batch);
            }
        }
        Ok(json!({ "batches": batches }))
    }

    /// Cancelling the operation that makes a batch cancels the batch.
    pub(super) async fn cancel_operation(&self, operation_id: &str) -> Result<Value, Refusal> {
        let batch = {
            let records = self.house.dataproc.records.lock().await;
            let missing = || self.missing("Operation", &format!("operations/{operation_id}"));
            let operation = records.operations.get(operation_id).ok_or_else(missing)?;
            let inside = operation.cluster.strip_prefix(&self.id(""));
            inside.filter(|id| id.starts_with("batches/")).map(str::to_owned)
        };
        let batch =
            batch.ok_or_else(|| Refusal::precondition("only operations of batches can be cancelled"))?;
        self.cancel_job(&batch).await?;
        Ok(json!({}))
    }

    /// The operation that makes a batch; done when the batch is over.
    pub(super) fn batch_operation(&self, records: &Records, id: &str, operation: &Operation) -> Value {
        let job = records.jobs.get(&operation.cluster);
        let done = job.is_none_or(|job| job.ended.is_some() || job.failed.is_some());
        let mut value = json!({
            "name": self.operation_name(id),
            "metadata": {
                "@type": format!("{TYPES}.BatchOperationMetadata"),
                "batch": job.map(|job| job.resource["name"].clone()),
                "batchUuid": operation.uuid,
                "operationType": "BATCH",
                "createTime": operation.at.to_string(),
            },
            "done": done,
        });
        if let Some(job) = job.filter(|_| done) {
            let unstarted = || ("ERROR".to_owned(), job.failed.clone().unwrap_or_default(), job.submitted_at);
            let (state, details, since) = job.ended.clone().unwrap_or_else(unstarted);
            if state == "DONE" {
                let looked =
                    Look { job: job.clone(), state, details, since, running_since: None, over: true };
                value["response"] = response(&looked);
            } else {
                // The code of ABORTED in google.rpc.Code.
                let word = if state == "CANCELLED" { "CANCELLED" } else { "FAILED" };
                value["error"] =
                    json!({ "code": 10, "message": format!("Batch job is {word}. Detail: {details}") });
            }
        }
        value
    }
}

/// What the operation that made a batch answers with.
pub(super) fn response(looked: &Look) -> Value {
    let mut batch = resource(looked);
    batch["@type"] = json!(format!("{TYPES}.Batch"));
    batch
}

/// A batch in the service's form and words.
fn resource(looked: &Look) -> Value {
    let word = match looked.word() {
        "DONE" => "SUCCEEDED",
        "ERROR" => "FAILED",
        "CANCEL_PENDING" | "CANCEL_STARTED" => "CANCELLING",
        "SETUP_DONE" => "PENDING",
        other => other,
    };
    let job = &looked.job;
    let mut resource = job.resource.clone();
    resource["state"] = json!(word);
    resource["stateTime"] = json!(looked.since.to_string());
    if !looked.details.is_empty() {
        resource["stateMessage"] = json!(looked.details);
    }
    let mut history = vec![json!({ "state": "PENDING", "stateStartTime": job.submitted_at.to_string() })];
    if let Some(at) = looked.running_since.filter(|_| word != "RUNNING") {
        history.push(json!({ "state": "RUNNING", "stateStartTime": at.to_string() }));
    }
    resource["stateHistory"] = json!(history);
    resource["runtimeInfo"] =
        json!({ "outputUri": format!("gs://{}/{}", job.output_bucket, job.output_prefix) });
    resource
}
