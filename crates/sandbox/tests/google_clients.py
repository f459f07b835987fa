"""Drives the sandbox with Google's own client libraries, unchanged. Prints OK at the end; any difference raises.

Arguments: the address of the sandbox, a scratch folder, and "spark" where jobs can run.
"""

import os
import sys
import time

import requests
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import dataproc_v1, storage

URL, SCRATCH, WITH_SPARK = sys.argv[1], sys.argv[2], sys.argv[3] == "spark"
os.environ["STORAGE_EMULATOR_HOST"] = URL
PROJECT, REGION = "my-project", "europe-west6"


def refused(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind:
        return
    raise AssertionError("%s was not raised" % kind)


def storage_contract():
    client = storage.Client(project=PROJECT, credentials=AnonymousCredentials())
    bucket = client.create_bucket("contract-bucket")
    refused(exceptions.Conflict, client.create_bucket, "contract-bucket")
    assert [b.name for b in client.list_buckets()].count("contract-bucket") == 1
    refused(exceptions.NotFound, client.get_bucket, "no-such-bucket")

    # One call, metadata, checksums.
    blob = bucket.blob("model/a b+é.py")
    blob.metadata = {"version": "1"}
    blob.upload_from_string("print(1)\n", content_type="text/x-python", if_generation_match=0, checksum="crc32c")
    assert blob.crc32c and blob.generation and blob.size == 9
    refused(exceptions.PreconditionFailed, blob.upload_from_string, "x", if_generation_match=0)
    again = bucket.get_blob("model/a b+é.py")
    assert again.content_type == "text/x-python" and again.metadata == {"version": "1"}, (again.content_type, again.metadata)
    assert again.download_as_bytes(checksum="crc32c") == b"print(1)\n"
    assert again.download_as_bytes(start=0, end=4) == b"print"
    first = again.generation
    again.upload_from_string("print(2)\n", if_generation_match=first)
    assert again.generation != first
    refused(exceptions.PreconditionFailed, again.delete, if_generation_match=first)
    assert bucket.get_blob("nothing") is None

    # A resumable session in several pieces, from a file and back.
    path = os.path.join(SCRATCH, "large")
    with open(path, "wb") as file:
        file.write(os.urandom(3 * 1024 * 1024 + 17))
    large = bucket.blob("data/large", chunk_size=1024 * 1024)
    large.upload_from_filename(path, checksum="crc32c")
    back = os.path.join(SCRATCH, "back")
    bucket.blob("data/large").download_to_filename(back, checksum="crc32c")
    assert open(path, "rb").read() == open(back, "rb").read()
    # The same with faults that the library is to survive by itself.
    for kind in ({"status": {"code": 503}}, "drop_before"):
        requests.post(URL + "/sandbox/v1/faults", json={"method": "PUT", "path": "/upload/", "after": 1, "kind": kind}).raise_for_status()
        shaky = bucket.blob("data/shaky", chunk_size=1024 * 1024)
        shaky.upload_from_filename(path, checksum="crc32c")
        assert bucket.get_blob("data/shaky").crc32c == large.crc32c

    # Listings with prefix, delimiter and pages.
    for n in range(5):
        bucket.blob("list/%d" % n).upload_from_string("x")
    bucket.blob("list/deep/x").upload_from_string("x")
    assert [b.name for b in client.list_blobs(bucket, prefix="list/", page_size=2)] == [
        "list/0", "list/1", "list/2", "list/3", "list/4", "list/deep/x"]
    page = client.list_blobs(bucket, prefix="list/", delimiter="/", max_results=100)
    assert len(list(page)) == 5 and page.prefixes == {"list/deep/"}
    copied = bucket.copy_blob(bucket.blob("list/0"), bucket, "list/copy")
    assert copied.size == 1
    target = bucket.blob("list/rewritten")
    assert target.rewrite(bucket.blob("list/1"))[0] is None
    assert bucket.test_iam_permissions(["storage.objects.create"]) == ["storage.objects.create"]
    # Whom a bucket tells of its objects.
    told = bucket.notification("ready-topic", topic_project=PROJECT, event_types=["OBJECT_FINALIZE"], blob_name_prefix="model/", payload_format="JSON_API_V1")
    told.create()
    assert told.notification_id and told.exists() and told.blob_name_prefix == "model/", told._properties
    (listed,) = bucket.list_notifications()
    assert (listed.topic_name, listed.topic_project, listed.event_types) == ("ready-topic", PROJECT, ["OBJECT_FINALIZE"]), listed._properties
    refused(exceptions.BadRequest, bucket.notification("ready-topic", topic_project=PROJECT, event_types=["OBJECT_READ"]).create)
    told.delete()
    refused(exceptions.NotFound, told.delete)
    assert list(bucket.list_notifications()) == []
    refused(exceptions.Conflict, bucket.delete)
    for blob in client.list_blobs(bucket):
        blob.delete()
    bucket.delete()
    refused(exceptions.NotFound, client.get_bucket, "contract-bucket")


def dataproc_contract():
    options = ClientOptions(api_endpoint=URL)
    credentials = AnonymousCredentials()
    clusters = dataproc_v1.ClusterControllerClient(transport="rest", client_options=options, credentials=credentials)
    jobs = dataproc_v1.JobControllerClient(transport="rest", client_options=options, credentials=credentials)
    where = {"project_id": PROJECT, "region": REGION}
    cluster = {
        "project_id": PROJECT, "cluster_name": "train-spark-demo", "labels": {"env": "rehearsal"},
        "config": {
            "gce_cluster_config": {"zone_uri": "europe-west6-b", "metadata": {"PIP_PACKAGES": "PyYAML"}},
            "master_config": {"num_instances": 1, "machine_type_uri": "n1-standard-4"},
            "worker_config": {"num_instances": 2, "machine_type_uri": "n1-standard-4"},
            "lifecycle_config": {"idle_delete_ttl": {"seconds": 86400}, "auto_delete_ttl": {"seconds": 864000}},
        },
    }
    request = {**where, "cluster": cluster, "request_id": "one"}
    operation = clusters.create_cluster(request=request)
    assert clusters.create_cluster(request=request).operation.name == operation.operation.name
    refused(exceptions.Conflict, clusters.create_cluster, request={**request, "request_id": "two"})
    refused(exceptions.BadRequest, jobs.submit_job, request={**where, "job": {
        "placement": {"cluster_name": "train-spark-demo"},
        "pyspark_job": {"main_python_file_uri": "gs://contract-jobs/train.py"}}})
    made = operation.result(timeout=60)
    assert made.status.state.name == "RUNNING" and made.config.config_bucket, made
    assert made.config.lifecycle_config.idle_delete_ttl.total_seconds() == 86400
    assert [c.cluster_name for c in clusters.list_clusters(request={**where, "filter": "labels.env = rehearsal"})] == ["train-spark-demo"]
    refused(exceptions.NotFound, clusters.get_cluster, request={**where, "cluster_name": "other"})

    if WITH_SPARK:
        store = storage.Client(project=PROJECT, credentials=AnonymousCredentials())
        bucket = store.create_bucket("contract-jobs")
        bucket.blob("train.py").upload_from_string("import sys\nprint('trained', sys.argv[1:], open('demo-config.yml').read())\n")
        bucket.blob("demo-config.yml").upload_from_string("bucket: gs://contract-jobs")
        job = {
            "reference": {"job_id": "batch-train-1"},
            "placement": {"cluster_name": "train-spark-demo"},
            "pyspark_job": {
                "main_python_file_uri": "gs://contract-jobs/train.py",
                "args": ["--configfile", "./demo-config.yml"],
                "file_uris": ["gs://contract-jobs/demo-config.yml"],
            },
        }
        submitted = jobs.submit_job(request={**where, "job": job, "request_id": "job-one"})
        assert jobs.submit_job(request={**where, "job": job, "request_id": "job-one"}).job_uuid == submitted.job_uuid
        refused(exceptions.Conflict, jobs.submit_job, request={**where, "job": job, "request_id": "job-two"})
        # The pattern of the seeds' cloud functions: poll until an end, then delete.
        until = time.time() + 200
        while True:
            seen = jobs.get_job(request={**where, "job_id": "batch-train-1"})
            if seen.status.state.name in ("DONE", "ERROR", "CANCELLED"):
                break
            assert time.time() < until, seen
            time.sleep(0.2)
        assert seen.status.state.name == "DONE", seen
        prefix = seen.driver_output_resource_uri
        name = prefix.split("/", 3)
        output = store.bucket(name[2]).blob(name[3] + ".000000000").download_as_text()
        assert output == "trained ['--configfile', './demo-config.yml'] bucket: gs://contract-jobs\n", output
        assert [j.reference.job_id for j in jobs.list_jobs(request=where)] == ["batch-train-1"]

    deletion = clusters.delete_cluster(request={**where, "cluster_name": "train-spark-demo"})
    deletion.result(timeout=60)
    refused(exceptions.NotFound, clusters.get_cluster, request={**where, "cluster_name": "train-spark-demo"})


def workflow_contract():
    options = ClientOptions(api_endpoint=URL)
    credentials = AnonymousCredentials()
    workflows = dataproc_v1.WorkflowTemplateServiceClient(transport="rest", client_options=options, credentials=credentials)
    clusters = dataproc_v1.ClusterControllerClient(transport="rest", client_options=options, credentials=credentials)
    jobs = dataproc_v1.JobControllerClient(transport="rest", client_options=options, credentials=credentials)
    where = {"project_id": PROJECT, "region": REGION}
    parent = "projects/%s/regions/%s" % (PROJECT, REGION)
    template = {
        "id": "train-workflow", "labels": {"env": "workflow"},
        "placement": {"managed_cluster": {
            "cluster_name": "train-workflow", "labels": {"env": "workflow"},
            "config": {"master_config": {"num_instances": 1, "machine_type_uri": "n1-standard-4"}},
        }},
        "jobs": [{"step_id": "train", "labels": {"env": "workflow"}, "pyspark_job": {"main_python_file_uri": "gs://contract-jobs/train.py", "args": ["--configfile", "./demo-config.yml"], "file_uris": ["gs://contract-jobs/demo-config.yml"]}}],
    }
    kept = workflows.create_workflow_template(parent=parent, template=template)
    assert kept.name == parent + "/workflowTemplates/train-workflow" and kept.version == 1, kept
    refused(exceptions.Conflict, workflows.create_workflow_template, parent=parent, template=template)
    assert [one.id for one in workflows.list_workflow_templates(parent=parent)] == ["train-workflow"]
    kept.labels["round"] = "two"
    changed = workflows.update_workflow_template(template=kept)
    assert changed.version == 2 and changed.labels["round"] == "two", changed
    refused(exceptions.BadRequest, workflows.update_workflow_template, template=kept)
    refused(exceptions.NotFound, workflows.get_workflow_template, name=parent + "/workflowTemplates/other")

    if WITH_SPARK:
        request = {"name": changed.name, "request_id": "workflow-one"}
        operation = workflows.instantiate_workflow_template(request=request)
        assert workflows.instantiate_workflow_template(request=request).operation.name == operation.operation.name
        operation.result(timeout=240)
        assert operation.metadata.state.name == "DONE" and operation.metadata.cluster_name.startswith("train-workflow-"), operation.metadata
        (node,) = operation.metadata.graph.nodes
        assert (node.step_id, node.state.name) == ("train", "COMPLETED"), node
        assert jobs.get_job(request={**where, "job_id": node.job_id}).status.state.name == "DONE"
        # The service deleted the cluster it had made.
        assert list(clusters.list_clusters(request={**where, "filter": "labels.env = workflow"})) == []
        inline = workflows.instantiate_inline_workflow_template(request={"parent": parent, "template": template, "request_id": "workflow-two"})
        inline.result(timeout=240)
        assert inline.metadata.state.name == "DONE", inline.metadata
    workflows.delete_workflow_template(name=changed.name)
    refused(exceptions.NotFound, workflows.delete_workflow_template, name=changed.name)


def batch_contract():
    options = ClientOptions(api_endpoint=URL)
    batches = dataproc_v1.BatchControllerClient(transport="rest", client_options=options, credentials=AnonymousCredentials())
    parent = "projects/%s/locations/%s" % (PROJECT, REGION)
    uris = {"main_python_file_uri": "gs://contract-batches/batch.py", "args": ["--configfile", "./demo-config.yml"], "file_uris": ["gs://contract-batches/demo-config.yml"]}
    # Every field of the lab's Airflow DAG.
    batch = {
        "labels": {"env": "batch"}, "pyspark_batch": uris,
        "runtime_config": {"version": "2.3", "container_image": "europe-docker.pkg.dev/my-project/spark/churn:1", "properties": {"spark.sql.shuffle.partitions": "2"}},
        "environment_config": {
            "execution_config": {"service_account": "s8s-lab-sa@my-project.iam.gserviceaccount.com", "subnetwork_uri": "projects/my-project/regions/europe-west6/subnetworks/spark-snet", "ttl": {"seconds": 3600}},
            "peripherals_config": {"spark_history_server_config": {"dataproc_cluster": "projects/my-project/regions/europe-west6/clusters/s8s-sphs"}},
        },
    }

    def create(batch_id, request_id, batch=batch):
        return batches.create_batch(request={"parent": parent, "batch": batch, "batch_id": batch_id, "request_id": request_id})

    refused(exceptions.BadRequest, create, "No", "batch-zero")
    refused(exceptions.BadRequest, create, "no-script", "batch-zero", {"pyspark_batch": {"args": ["x"]}})
    refused(exceptions.NotFound, batches.get_batch, name=parent + "/batches/other")

    # One that fails without running: it needs no Spark.
    requests.post(URL + "/sandbox/v1/faults", json={"kind": "job_error"}).raise_for_status()
    failing = create("batch-failing", "batch-failing-one")
    refused(exceptions.GoogleAPICallError, failing.result, timeout=60)
    failed = batches.get_batch(name=parent + "/batches/batch-failing")
    assert failed.state.name == "FAILED" and "asked for" in failed.state_message, failed
    assert failed.environment_config.execution_config.ttl.total_seconds() == 3600, failed
    refused(exceptions.Conflict, create, "batch-failing", "batch-failing-two")

    if WITH_SPARK:
        store = storage.Client(project=PROJECT, credentials=AnonymousCredentials())
        bucket = store.create_bucket("contract-batches")
        bucket.blob("batch.py").upload_from_string("import sys\nprint('scored', sys.argv[1:], open('demo-config.yml').read())\n")
        bucket.blob("demo-config.yml").upload_from_string("bucket: gs://contract-batches")
        operation = create("batch-score-1", "batch-one")
        assert create("batch-score-1", "batch-one").operation.name == operation.operation.name
        refused(exceptions.Conflict, create, "batch-score-1", "batch-two")
        done = operation.result(timeout=240)
        assert done.state.name == "SUCCEEDED" and done.uuid == operation.metadata.batch_uuid, done
        assert [one.state.name for one in done.state_history] == ["PENDING", "RUNNING"], done
        place = done.runtime_info.output_uri.split("/", 3)
        output = store.bucket(place[2]).blob(place[3] + ".000000000").download_as_text()
        assert output == "scored ['--configfile', './demo-config.yml'] bucket: gs://contract-batches\n", output
        # Stopped through its operation, which is the only way there is.
        bucket.blob("batch.py").upload_from_string("import time\ntime.sleep(3600)\n")
        endless = create("batch-endless", "batch-three")
        name = parent + "/batches/batch-endless"
        until = time.time() + 240
        while batches.get_batch(name=name).state.name == "PENDING":
            assert time.time() < until
            time.sleep(0.2)
        refused(exceptions.BadRequest, batches.delete_batch, name=name)
        # This client cannot cancel over REST (it looks for a body that its own table of methods leaves out): by hand.
        refused(KeyError, endless.cancel)
        requests.post("%s/v1/%s:cancel" % (URL, endless.operation.name), json={}).raise_for_status()
        while batches.get_batch(name=name).state.name != "CANCELLED":
            assert time.time() < until
            time.sleep(0.2)
        batches.delete_batch(name=name)
        refused(exceptions.NotFound, batches.get_batch, name=name)

    listed = list(batches.list_batches(request={"parent": parent, "filter": "labels.env = batch"}))
    assert "batch-failing" in [one.name.rsplit("/", 1)[-1] for one in listed], listed
    batches.delete_batch(name=parent + "/batches/batch-failing")
    refused(exceptions.NotFound, batches.delete_batch, name=parent + "/batches/batch-failing")


storage_contract()
dataproc_contract()
workflow_contract()
batch_contract()
print("OK")
