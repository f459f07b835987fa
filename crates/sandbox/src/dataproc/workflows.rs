//! Workflow templates: `projects/*/regions/*/workflowTemplates`. A workflow makes its cluster, runs its jobs one after
//! another and deletes the cluster, whatever became of them.
//!
//! Nothing runs in the background: whenever anybody asks for anything here, the workflows that are not over go as far as
//! they can.

use axum::http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Operation, Place, Records, TYPES, unique};
use crate::Call;
use crate::answer::Refusal;

/// A workflow that was started.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Workflow {
    /// As it was when it was started; a change of the template later is none of it.
    template: Value,
    /// Full name of the template.
    name: String,
    cluster: String,
    cluster_operation: String,
    started_at: Timestamp,
    /// Step and job of each job that was submitted, in order.
    jobs: Vec<(String, String)>,
    /// Set when no further job is to run.
    finishing: bool,
    /// Why it failed.
    problem: Option<String>,
    ended_at: Option<Timestamp>,
}

impl Place<'_> {
    fn template_name(&self, id: &str) -> String {
        format!("projects/{}/regions/{}/workflowTemplates/{id}", self.project, self.region)
    }

    /// Everything under `workflowTemplates`; `None` where the request is for something else.
    pub(super) async fn workflow_templates(
        &self,
        call: &Call,
        rest: &[&str],
    ) -> Option<Result<Value, Refusal>> {
        Some(match (&call.method, rest) {
            (&Method::POST, ["workflowTemplates"]) => self.create_template(call).await,
            (&Method::GET, ["workflowTemplates"]) => self.list_templates().await,
            (&Method::GET, ["workflowTemplates", id]) => self.get_template(id).await,
            (&Method::PUT, ["workflowTemplates", id]) => self.update_template(call, id).await,
            (&Method::DELETE, ["workflowTemplates", id]) => self.delete_template(id).await,
            (&Method::POST, ["workflowTemplates:instantiateInline"]) => match self.inline(call) {
                Ok((template, request)) => self.start_workflow(template, &request).await,
                Err(refusal) => Err(refusal),
            },
            (&Method::POST, ["workflowTemplates", id]) if id.ends_with(":instantiate") => {
                self.instantiate(call, id.trim_end_matches(":instantiate")).await
            }
            _ => return None,
        })
    }

    async fn create_template(&self, call: &Call) -> Result<Value, Refusal> {
        let mut template = call.json()?;
        let id = template["id"].as_str().unwrap_or_default().to_owned();
        let fits = (3..=50).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && id.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !fits {
            return Err(Refusal::invalid(&format!("Invalid workflow template id: '{id}'")));
        }
        check(&template)?;
        let name = self.template_name(&id);
        let mut records = self.house.dataproc.records.lock().await;
        if records.templates.contains_key(&name) {
            return Err(Refusal::exists(&format!("Already exists: Workflow template {name}")));
        }
        let now = Timestamp::now().to_string();
        template["name"] = json!(name);
        template["version"] = json!(1);
        template["createTime"] = json!(now);
        template["updateTime"] = json!(now);
        records.templates.insert(name, template.clone());
        self.house.dataproc.save(&records)?;
        Ok(template)
    }

    async fn list_templates(&self) -> Result<Value, Refusal> {
        let records = self.house.dataproc.records.lock().await;
        let prefix = self.template_name("");
        let templates: Vec<&Value> = records
            .templates
            .iter()
            .filter(|(name, _)| name.starts_with(&prefix))
            .map(|(_, one)| one)
            .collect();
        Ok(json!({ "templates": templates }))
    }

    async fn get_template(&self, id: &str) -> Result<Value, Refusal> {
        let records = self.house.dataproc.records.lock().await;
        let found = records.templates.get(&self.template_name(id)).cloned();
        found.ok_or_else(|| self.missing("Workflow template", &format!("workflowTemplates/{id}")))
    }

    async fn update_template(&self, call: &Call, id: &str) -> Result<Value, Refusal> {
        let mut template = call.json()?;
        check(&template)?;
        let name = self.template_name(id);
        let mut records = self.house.dataproc.records.lock().await;
        let missing = || self.missing("Workflow template", &format!("workflowTemplates/{id}"));
        let before = records.templates.get(&name).ok_or_else(missing)?;
        let version = before["version"].as_i64().unwrap_or(0);
        if template["version"].as_i64() != Some(version) {
            return Err(Refusal::precondition(&format!("the template is at version {version}")));
        }
        template["name"] = json!(name);
        template["id"] = json!(id);
        template["version"] = json!(version + 1);
        template["createTime"] = before["createTime"].clone();
        template["updateTime"] = json!(Timestamp::now().to_string());
        records.templates.insert(name, template.clone());
        self.house.dataproc.save(&records)?;
        Ok(template)
    }

    async fn delete_template(&self, id: &str) -> Result<Value, Refusal> {
        let mut records = self.house.dataproc.records.lock().await;
        if records.templates.remove(&self.template_name(id)).is_none() {
            return Err(self.missing("Workflow template", &format!("workflowTemplates/{id}")));
        }
        self.house.dataproc.save(&records)?;
        Ok(json!({}))
    }

    async fn instantiate(&self, call: &Call, id: &str) -> Result<Value, Refusal> {
        let body = call.json()?;
        let template = self.get_template(id).await?;
        let wanted = body["version"].as_i64().filter(|version| *version != 0);
        if wanted.is_some_and(|version| template["version"].as_i64() != Some(version)) {
            return Err(Refusal::precondition("the template has another version"));
        }
        if body["parameters"].as_object().is_some_and(|parameters| !parameters.is_empty()) {
            return Err(Refusal::invalid("this sandbox instantiates workflow templates without parameters"));
        }
        self.start_workflow(template, body["requestId"].as_str().unwrap_or_default()).await
    }

    fn inline(&self, call: &Call) -> Result<(Value, String), Refusal> {
        let mut template = call.json()?;
        check(&template)?;
        let id = template["id"].as_str().filter(|id| !id.is_empty()).unwrap_or("inline").to_owned();
        template["name"] = json!(self.template_name(&id));
        Ok((template, call.query("requestId").unwrap_or_default().to_owned()))
    }

    async fn start_workflow(&self, template: Value, request_id: &str) -> Result<Value, Refusal> {
        let now = Timestamp::now();
        let request = (!request_id.is_empty()).then(|| self.id(&format!("workflowTemplates?{request_id}")));
        {
            let records = self.house.dataproc.records.lock().await;
            if let Some(earlier) = request.as_ref().and_then(|request| records.requests.get(request)) {
                return self.operation(&records, earlier, now);
            }
        }
        let managed = &template["placement"]["managedCluster"];
        let prefix = managed["clusterName"].as_str().unwrap_or_default();
        let cluster = format!("{prefix}-{}", &unique(prefix)[..8]);
        let mut labels = managed["labels"].as_object().cloned().unwrap_or_default();
        labels.insert("goog-dataproc-cluster-name".to_owned(), json!(cluster));
        let body = json!({ "projectId": self.project, "clusterName": cluster, "config": managed["config"], "labels": labels });
        let made = self.create_cluster(&Call::inner(&body)).await?;
        let cluster_operation =
            made["name"].as_str().and_then(|name| name.rsplit('/').next()).unwrap_or_default().to_owned();
        let mut records = self.house.dataproc.records.lock().await;
        let uuid =
            records.clusters.get(&self.id(&cluster)).map(|cluster| cluster.uuid.clone()).unwrap_or_default();
        let operation = unique(&format!("workflow {cluster}"));
        let name = template["name"].as_str().unwrap_or_default().to_owned();
        let workflow = Workflow {
            template,
            name,
            cluster: cluster.clone(),
            cluster_operation,
            started_at: now,
            jobs: Vec::new(),
            finishing: false,
            problem: None,
            ended_at: None,
        };
        records.workflows.insert(operation.clone(), workflow);
        let made = Operation { kind: "WORKFLOW".into(), cluster: self.id(&cluster), uuid, at: now };
        records.operations.insert(operation.clone(), made);
        if let Some(request) = request {
            records.requests.insert(request, operation.clone());
        }
        self.house.dataproc.save(&records)?;
        self.operation(&records, &operation, now)
    }

    /// Lets every workflow of this place go as far as it can. One caller at a time: two would submit a job twice.
    pub(super) async fn go_on(&self) -> Result<(), Refusal> {
        let Ok(_turn) = self.house.dataproc.stepping.try_lock() else { return Ok(()) };
        let waiting: Vec<String> = {
            let records = self.house.dataproc.records.lock().await;
            let prefix = self.template_name("");
            let live = records
                .workflows
                .iter()
                .filter(|(_, one)| one.ended_at.is_none() && one.name.starts_with(&prefix));
            live.map(|(id, _)| id.clone()).collect()
        };
        for id in waiting {
            self.step(&id).await?;
        }
        Ok(())
    }

    async fn step(&self, id: &str) -> Result<(), Refusal> {
        let Some(mut workflow) = self.house.dataproc.records.lock().await.workflows.get(id).cloned() else {
            return Ok(());
        };
        let now = Timestamp::now();
        let state = {
            let records = self.house.dataproc.records.lock().await;
            let cluster = records.clusters.get(&self.id(&workflow.cluster));
            cluster.and_then(|cluster| cluster.state(now, self.pace())).map(|(state, _)| state)
        };
        if !workflow.finishing {
            match state {
                Some("CREATING") => return Ok(()),
                Some("RUNNING") => self.run_next(&mut workflow, now).await?,
                Some("ERROR") => workflow.fail("the cluster could not be made"),
                _ => workflow.fail("the cluster was deleted"),
            }
        }
        if workflow.finishing {
            match state {
                None => workflow.ended_at = Some(now),
                Some("DELETING") => {}
                Some(_) => {
                    // Somebody else may be deleting it at this moment: that will do.
                    let _ = self.delete_cluster(&Call::inner(&Value::Null), &workflow.cluster).await;
                }
            }
        }
        let mut records = self.house.dataproc.records.lock().await;
        records.workflows.insert(id.to_owned(), workflow);
        self.house.dataproc.save(&records)
    }

    /// Looks at the job that runs; submits the next when it is done.
    async fn run_next(&self, workflow: &mut Workflow, now: Timestamp) -> Result<(), Refusal> {
        let limit = workflow.template["dagTimeout"]
            .as_str()
            .and_then(|text| text.strip_suffix('s')?.parse::<i64>().ok());
        let late = limit.is_some_and(|limit| now.as_second() - workflow.started_at.as_second() > limit);
        if let Some((step, job)) = workflow.jobs.last() {
            let (step, job) = (step.clone(), job.clone());
            if late {
                self.cancel_job(&job).await?;
                workflow.fail("the workflow took longer than its dagTimeout");
                return Ok(());
            }
            let looked = self.look(&job).await?;
            if !looked.over {
                return Ok(());
            }
            if looked.state != "DONE" {
                workflow.fail(&format!("step {step} ended in {}", looked.state));
                return Ok(());
            }
        }
        let steps = workflow.template["jobs"].as_array().cloned().unwrap_or_default();
        let Some(next) = steps.get(workflow.jobs.len()) else {
            workflow.finishing = true;
            return Ok(());
        };
        let step = next["stepId"].as_str().unwrap_or_default().to_owned();
        let job_id = format!("{step}-{}", &unique(&step)[..13]);
        let mut job = next.clone();
        if let Some(fields) = job.as_object_mut() {
            fields.remove("stepId");
            fields.remove("prerequisiteStepIds");
        }
        job["reference"] = json!({ "projectId": self.project, "jobId": job_id });
        job["placement"] = json!({ "clusterName": workflow.cluster });
        let submitted = self.submit_job(&Call::inner(&json!({ "job": job }))).await;
        // It may be there although looking at it failed at that moment: then it runs, and is looked at again.
        let there = self.house.dataproc.records.lock().await.jobs.contains_key(&self.id(&job_id));
        match submitted {
            Err(refusal) if !there => {
                workflow.fail(&format!("step {step} was refused: {}", refusal.message()))
            }
            _ => workflow.jobs.push((step, job_id)),
        }
        Ok(())
    }

    /// The operation of a workflow; done when its cluster is gone.
    pub(super) fn workflow_operation(&self, records: &Records, id: &str, operation: &Operation) -> Value {
        let Some(workflow) = records.workflows.get(id) else {
            return json!({ "name": self.operation_name(id), "done": true });
        };
        let steps = workflow.template["jobs"].as_array().cloned().unwrap_or_default();
        let nodes: Vec<Value> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| {
                let job = workflow.jobs.get(at);
                let last = at + 1 == workflow.jobs.len();
                let state = match (job, last, workflow.finishing, &workflow.problem) {
                    (None, _, _, None) => "BLOCKED",
                    (Some(_), true, false, _) => "RUNNING",
                    (None, _, _, Some(_)) | (Some(_), true, true, Some(_)) => "FAILED",
                    (Some(_), _, _, _) => "COMPLETED",
                };
                let mut node = json!({ "stepId": step["stepId"], "state": state });
                if let Some((_, job)) = job {
                    node["jobId"] = json!(job);
                }
                node
            })
            .collect();
        let done = workflow.ended_at.is_some();
        let state = match (done, workflow.jobs.is_empty()) {
            (true, _) => "DONE",
            (false, true) => "PENDING",
            (false, false) => "RUNNING",
        };
        let mut metadata = json!({
            "@type": format!("{TYPES}.WorkflowMetadata"),
            "template": workflow.name,
            "createCluster": { "operationId": workflow.cluster_operation, "done": !workflow.jobs.is_empty() || workflow.finishing },
            "graph": { "nodes": nodes },
            "state": state,
            "clusterName": workflow.cluster,
            "clusterUuid": operation.uuid,
            "startTime": workflow.started_at.to_string(),
        });
        if let Some(version) = workflow.template["version"].as_i64() {
            metadata["version"] = json!(version);
        }
        if let Some(at) = workflow.ended_at {
            metadata["endTime"] = json!(at.to_string());
            metadata["deleteCluster"] = json!({ "done": true });
        }
        let mut value = json!({ "name": self.operation_name(id), "metadata": metadata, "done": done });
        match (&workflow.problem, done) {
            (Some(problem), true) => value["error"] = json!({ "code": 9, "message": problem }),
            (None, true) => {
                value["response"] = json!({ "@type": "type.googleapis.com/google.protobuf.Empty" })
            }
            (_, false) => {}
        }
        value
    }
}

impl Workflow {
    fn fail(&mut self, why: &str) {
        self.finishing = true;
        self.problem.get_or_insert_with(|| why.to_owned());
    }
}

/// What this sandbox can carry out: a managed cluster, and PySpark jobs in an order that their prerequisites allow.
fn check(template: &Value) -> Result<(), Refusal> {
    let managed = &template["placement"]["managedCluster"];
    let prefix = managed["clusterName"].as_str().unwrap_or_default();
    let fits = (2..=35).contains(&prefix.len())
        && prefix.starts_with(|c: char| c.is_ascii_lowercase())
        && !prefix.ends_with('-')
        && prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        return Err(Refusal::invalid(
            "this sandbox needs a `managedCluster` with a `clusterName` of 2 to 35 characters",
        ));
    }
    let jobs = template["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    if jobs.is_empty() {
        return Err(Refusal::invalid("a workflow needs at least one job"));
    }
    let mut before: Vec<&str> = Vec::new();
    for job in jobs {
        let step = job["stepId"].as_str().unwrap_or_default();
        if step.is_empty() || before.contains(&step) {
            return Err(Refusal::invalid(&format!("the stepId '{step}' is empty or there twice")));
        }
        let wanted = job["prerequisiteStepIds"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for prerequisite in wanted {
            if !before.contains(&prerequisite) {
                return Err(Refusal::invalid(&format!(
                    "step '{step}' needs '{prerequisite}' and this sandbox runs steps in their order"
                )));
            }
        }
        if job["pysparkJob"]["mainPythonFileUri"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::invalid("this sandbox runs `pysparkJob`s with a `mainPythonFileUri`"));
        }
        before.push(step);
    }
    Ok(())
}
