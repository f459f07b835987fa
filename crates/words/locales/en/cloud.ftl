# The cloud behind the runs room: what its facts say, what its rules say no with, its notices and failures.

told-cleanup-not-needed = nothing of the run has to be removed
told-cleanup-required = something of the run may have to be removed
told-cleanup-in-progress = is removing what the run made
told-cleanup-proven = proved that nothing the run made is there any more
told-reconciled = found in the bucket what was approved
told-differs = found { $objects ->
        [one] one object
       *[other] { $objects } objects
    } in the bucket that { $objects ->
        [one] is
       *[other] are
    } not what was approved
told-target-added = named the target { $target } ({ $kind })
told-target-removed = removed the target { $target }
told-sweep-asked = is deleting what a run left behind: { $resource }
told-sweep-proven = proved that { $resource } is gone
deed-manage-targets = manage targets and sweep what runs left behind
run-kind-retrain = retraining
refusal-bad-target = The target `{ $target }` cannot stand: { $why }.
    .hint = Mend what it names, then add the target again.
target-needs-project = it needs a cloud project
target-needs-region = it needs a region
target-local-endpoint = Spark on this machine has no endpoint
target-needs-cluster = it needs the name of the cluster
target-needs-limit = its clusters need the limit `{ $limit }`, of 14 days at most
target-needs-runtime = its batches need a runtime version (`runtime_version`)
target-shape-unreadable = its shape is no object
target-endpoint-elsewhere = its endpoint `{ $endpoint }` is neither `https://`, nor this machine, nor `sandbox`
target-endpoint-credentials = its endpoint holds more than an address, and credentials are never kept in a workspace
target-services-many = it gives more than { $max } services an address of their own
target-in-use = the run `{ $run }` is not closed yet; cancel it, or wait until it is
target-no-bucket = a migration goes to a bucket, not to Spark on this machine
run-place-differs = the run goes to `{ $wanted }`, and its target `{ $target }` is at `{ $own }`
live-run-owns = The live run `{ $run }` owns `{ $resource }`
sweep-not-asked = The deletion of `{ $resource }` was proven, or never asked for,
run-not-ended = The run is { $state }, and nothing is proven to be gone before it has ended
no-such-retraining = The run `{ $run }` is no retraining that succeeded, or was counted
found-that = The same was found in `{ $bucket }`
noun-target = target
noun-target-name = target name
noun-kind-of-target = kind of target
noun-leftover = leftover
noun-upload = upload
noun-retraining-of-this-model = retraining of this model
noun-version-of-the-run = version of the run
noun-place-of-the-run = place that still holds what was migrated by the run
notice-cloud-run-unknown = Run is in a state nobody here knows: { $kind } of { $label }
notice-cloud-run-late = Run is late: { $kind } of { $label }
notice-cloud-run-leaking = Run is leaking: { $kind } of { $label }
notice-leak = Leaking: { $name }
notice-not-approved = What runs is not what was approved: { $label }
notice-rehearsal = Rehearsal: { $title }
to-retrain = Training again

# A configuration on premise, mapped to a cluster: what was there, what it became, and why.
map-table = node table
map-table-has = { $nodes ->
        [one] one node
       *[other] { $nodes } nodes
    }
map-table-is = { $nodes } × { $cores } cores, { $gb } GB
map-why-alike = all nodes are alike
map-why-unlike = the nodes differ; the cluster gets as many cores and as much memory in all, on machines that are alike
map-workers = workers
map-single = none: a single node
map-why-single = asked for: driver and executors share one machine, for small data and rehearsals
map-master = master
map-why-master = the driver and YARN’s own services; one master, for the cluster lives as long as its run
map-life = cluster life
map-life-before = always on
map-life-after = idle { $idle } min, at most { $age } h
map-why-life = a cluster of a run deletes itself even when nobody is left to do it
map-why-image = the image with Spark { $spark }
map-why-other-image = no image carries Spark { $wanted }; this one has { $spark }
map-finding-spark-version = Spark { $wanted } becomes { $spark }: rehearse the package on it before the first run.
map-node-vcpus = { $cores } vCPUs per node
map-node-memory = { $gb } GB per node
map-why-yarn = what YARN may use of a node counts, not what it has
map-node = node
map-node-is = { $cores } cores, { $gb } GB
map-why-node = the smallest n2 with { $cores } vCPUs and the memory of `{ $shape }`
map-nodes = nodes
map-why-nodes = { $total } cores in all, { $vcpus } on each worker, two workers at least
map-left-master = the cluster is the master
map-left-mode = Dataproc decides it
map-left-jars = the image brings Spark’s jars
map-left-kerberos = there is no Kerberos; the service account is the identity
map-left-events = Dataproc keeps event logs in the staging bucket
map-left-history = Dataproc has its own history server
map-left-path = a path of the old machines
map-left-address = an address of the old machines
map-left-class-path = a path of the old machines; bring jars by `gs://`
map-left-credential = it looks like a credential and does not leave this machine
map-finding-credential = `{ $name }` in `spark-defaults.conf` looks like a credential; it was left out.
map-left-hdfs = it points into the old HDFS; data of a run is in its bucket
map-finding-hdfs = `{ $name }` points to `{ $value }`; name the place in the bucket.
map-why-kept = as it was
map-why-fewer-cores = a worker has { $vcpus } vCPUs
map-why-less-memory = a worker has { $gb } GB and YARN takes its part
map-why-no-size = as it was; it is not a size this mapping understands
map-left-pyspark = left to the target, which runs a PySpark of its own
map-left-py4j = left out: PySpark brings its own
map-packages = PIP_PACKAGES and its init action
map-why-packages = derived from the package’s own file, not kept in code
# Rules of schedules.
rule-unreadable = `{ $rule }` is no rule.
    .hint = Write `every 4 weeks on Monday at 02:00 in Europe/Zurich`, `every 2 days at 06:30`, `every month on day 1 at 02:00`, `every 6 hours`, or cron: `0 2 * * 1 in Europe/Zurich`.
rule-too-long = The rule is longer than 200 bytes.
    .hint = Write it shorter.
rule-no-zone = The time zone of `{ $rule }` is no name.
    .hint = Name one as `Europe/Zurich`, or `UTC`.
rule-never-due = `{ $rule }` is never due.
    .hint = See its days and months.
rule-too-often = Two times of `{ $rule }` are less than five minutes apart.
    .hint = Each is a run and an entry in the ledger; choose a slower rule.
# What the runs room fails with.
upload-count = { $count } files are to be uploaded.
    .hint = Name 1 to { $most } files.
upload-sets-off = `{ $member }` may not request runs, and data in a bucket sets runs off.
    .hint = An administrator can grant a role that may.
upload-twice = Two of the files are called `{ $name }`.
    .hint = Rename one of them.
upload-under-way = An upload `{ $name }` is under way.
    .hint = Wait until it has ended, or stop it.
upload-stopped = The upload into `{ $bucket }` was stopped; what had arrived is there.
    .hint = Upload the same files again to go on.
upload-folder-unreadable = The folder `{ $path }` cannot be read.
    .hint = See its owner and permissions.
upload-too-deep = `{ $path }` lies more than { $most } folders deep.
    .hint = Upload a folder further down.
nothing-scores-there = No approved version lies ready in `{ $bucket }`, so there is nothing to score with.
    .hint = Migrate one there first; or upload the files without scoring them.
no-place-to-score = The package’s configuration does not say where the data to score lies in this bucket.
    .hint = It is `data.datatoscore_path`; upload the files without scoring them, or migrate a version that says so.
sandbox-not-running = The sandbox of this desk does not run.
    .hint = Start it in the settings, or with `countersign sandbox`; what waits for it goes on then.
no-bucket = There is no bucket `{ $name }`.
    .hint = Create it first: a folder bucket is a folder of that name in `{ $folder }`; a bucket in the cloud is reached by a target there.
bucket-runs-nothing = A bucket runs nothing.
    .hint = Name a target that runs Spark; list the targets to see which there are.
target-shape-broken = The shape of the target `{ $target }` cannot be read: { $why }.
    .hint = Remove the target and add it again.
sandbox-runs-already = The sandbox of this desk runs already.
    .hint = Stop it first, or use it as it is.
sandbox-no-speed = `{ $speed }` is no speed.
    .hint = Name a number above 0; 1 is as fast as the cloud.
sandbox-served-elsewhere = Another program serves the sandbox of this desk.
    .hint = End that program: `countersign sandbox` ends with Ctrl-C.
no-bucket-name = `{ $name }` is no name of a bucket.
    .hint = It has 3 to 222 lower case letters, digits, `-`, `_` and `.`.
fault-needs = A fault `{ $kind }` needs { $what }.
    .hint = Say it, then try again.
no-such-fault = `{ $name }` is no fault the sandbox knows.
    .hint = Use one of status, latency, { $known }.
shape-not-taken = The shape of `{ $target }` would not be taken: { $why }.
    .hint = Mend what it names, then add the target again.
no-such-service = No service `{ $service }` is called from here.
    .hint = Name one of `{ $known }`.
service-no-place = The service `{ $service }` has no address.
    .hint = Give it as `storage=https://storage.example.com`.
holds-credential = `{ $name }` looks like a credential ({ $place }), and what is written into the ledger stays there for everybody.
    .hint = Leave it out: give what runs a service account that may read what it needs, or let the script read it from its environment.
migration-no-job = A migration is no job.
    .hint = Use the command `migrate`.
upload-name-unreadable = The name `{ $file }` is not UTF-8.
    .hint = Rename the file.
prices-none = No price table is named.
    .hint = Name a table, or ask for the one that comes with this version.
prices-too-large = A price table has { $most } bytes at most.
    .hint = Leave out regions that are not used.
run-no-limit = { $seconds } s is no limit for a run.
    .hint = Name 60 seconds to 14 days.

# How runs go. What is written down of a run is English, and is recognised and said again in the reader's language: a
# sentence that another crate writes stands here exactly as it does there.
said-and-then = { $said } { $then }
went-stopped-before = stopped before it began
went-stopped-asked = stopped on request
went-stopped-because = stopped on request; { $why }
went-stopped-elsewhere = it was stopped at the engine, and nobody asked for that here
went-uploading = uploading to { $bucket }
went-reading-back = reading back every object
went-preparing = making the environment and comparing the files with what was approved
went-reading-outputs = reading the declared outputs
went-no-outputs = the package's configuration declares no outputs, so nothing can be verified; name them under `output`
went-output-wrong = output `{ $output }` { $problem } (`{ $path }`)
went-verified = outputs verified: { $outputs }
went-lost = { $what } does not exist; somebody else may have deleted it
went-silent = the engine did not answer for { $seconds } s: { $why }
went-there-already = { $place } holds exactly this version already; nothing was sent
went-there-cleared = { $place } holds exactly this version already; nothing was sent, and { $count } objects that are not part of it were removed
went-migrated = { $objects } objects verified in { $place } ({ $sent } sent, { $kept } already right, { $removed } removed), ready at generation { $generation }
run-failed-preparation = it could not be started: { $message }
run-failed-exit = the script ended with exit code { $code }
run-failed-signal = signal { $signal } ended the script
run-failed-deadline = it ran longer than its limit of { $limit } s and was stopped
run-failed-engine = the engine says: { $message }
run-failed-lost = it vanished: { $message }
output-missing = is missing
output-many = has more than { $most } files
output-incomplete = is incomplete: Spark's `_temporary` folder is still there
output-empty = is empty
output-stale = is stale: it was written at { $written }, before the run started at { $since }
output-folder = is a folder and was to be a file
output-rows = has { $rows } rows and was to have at least { $least }
output-columns = has no column { $missing }; it has { $there }
output-large = is larger than the { $most } bytes that are read through; write Parquet
output-part = cannot be read: `{ $part }` { $why }
cleanup-required-of = what the engine makes under the run's key
cleanup-asking = asking for its removal
cleanup-nothing-there = the engine answers that nothing of it is there
cleanup-deleting = its deletion is under way
cleanup-stopping = its job is being stopped
differs-missing = it is missing
differs-changed = it holds other content than was approved
differs-rewritten = it was written again since, with the same content
differs-foreign = it is not part of the version
differs-not-ready = there is no readable `{ $marker }`
differs-other-version = `{ $marker }` lists version `{ $version }`
differs-further = and { $more } further objects differ
differs-at = `{ $path }`: { $how }
differs-more = { $before }; and { $more } more
notice-late-body = It runs for { $ran } min and is stopped after { $limit } min.
notice-unknown-body = The engine says `{ $word }`, which this version does not know. The run is watched on, and is stopped after { $limit } min.
notice-leaking-body = What it made is not proven to be gone after { $minutes } min: { $why }
notice-leak-body = `{ $resource }` is { $state } and no live run owns it. Sweep it to stop paying for it.
notice-leak-cost-body = `{ $resource }` is { $state } and no live run owns it, { $amount } { $currency } so far. Sweep it to stop paying for it.
notice-differs-body = In `{ $bucket }`: { $named }.
target-spark-here = Apache Spark on this machine, in a virtual environment that is made when it is first needed
target-folders = Folder buckets of this desk
target-local-is = Apache Spark on this machine
target-cluster-is = A Dataproc cluster for each run, { $project } in { $region }
target-existing-is = The Dataproc cluster `{ $cluster }`, { $project } in { $region }
target-workflow-is = A Dataproc workflow for each run, { $project } in { $region }
target-serverless-is = A Dataproc Serverless batch for each run, { $project } in { $region }
target-java = Java { $version } at { $home }
target-no-folder = there is no folder `{ $folder }` yet; make it, and a folder in it for each bucket

# What a look before a run finds: the end of a sentence, without a full stop.
finding-at-line = `{ $file }`, line { $line }: { $what }
finding-in-file = `{ $file }`: { $what }
finding-and = { $before }; { $next }
finding-detail = { $detail }
finding-old-java = Java { $version } is too old for Spark; install a newer one
finding-requirements = the package's requirements cannot be installed: { $detail }
finding-file = a file of the run cannot be read: { $detail }
finding-not-approved = `{ $file }` is not what was approved; migrate the approved version again
finding-output = the output `{ $output }` has no place: { $detail }
finding-output-place = the output `{ $output }` is at `{ $at }` and has to be in a bucket
finding-property = Spark ignores the property `{ $name }`: it does not start with `spark.`
finding-runtime-version = a runtime version is needed (`2.3`): the default changes under a run
finding-packages-batch = the package names requirements and a batch installs none: put them into a container image
finding-packages-cluster = the package names requirements and this cluster is as it is; see that it has { $packages }
finding-age-before-deadline = the run may take { $deadline } s and its cluster deletes itself after { $age } s
finding-cluster-state = the cluster `{ $cluster }` is { $state } and takes no job; start it with `gcloud dataproc clusters start { $cluster } --region={ $region }`
finding-cluster = { $detail }; `gcloud dataproc clusters list --region={ $region }` shows what there is
finding-idle-limit = the idle limit is { $limit } s; Dataproc takes { $least } s to 14 days
finding-age-limit = the age limit is { $limit } s; Dataproc takes 600 s to 14 days
finding-masters = a cluster has 1 or 3 masters, not { $count }
finding-workers = a cluster has no workers (single node) or at least two, not one
finding-image = an image version is needed (`2.3-debian12`): the default changes under a run
finding-provision-deadline = the cluster needs a deadline to be up (900 s, say)
finding-pip-packages = `{ $package }` is no plain requirement; `PIP_PACKAGES` is split at spaces
finding-region = bucket `{ $bucket }` is in `{ $location }` and the target in `{ $region }`: every byte would travel between them, and be paid for; make a bucket in `{ $region }` or name another target
finding-dataproc-api = the Dataproc API is off in cloud project `{ $project }`; turn it on with `gcloud services enable dataproc.googleapis.com --project={ $project }`
finding-dataproc-role = Dataproc does not let you in in cloud project `{ $project }` ({ $detail }); the least role that does is `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`
finding-dataproc-project = Dataproc knows no cloud project `{ $project }` in this region ({ $detail }); `gcloud projects list` shows yours
finding-storage-api = the Cloud Storage API is off in cloud project `{ $project }`; turn it on with `gcloud services enable storage.googleapis.com --project={ $project }`
finding-bucket-missing = there is no bucket `{ $bucket }`; make it with `gcloud storage buckets create gs://{ $bucket } --project={ $project } --location={ $region }`
finding-permissions = in cloud project `{ $project }` you lack `{ $permissions }`; the least role that has them is `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`
finding-permissions-unseen = whether you may do in cloud project `{ $project }` what this takes cannot be seen ({ $detail }); with the API on it can: `gcloud services enable cloudresourcemanager.googleapis.com --project={ $project }`
finding-act-as = you may not run anything as the service account `{ $account }`; the least role that may is `{ $role }`: `gcloud iam service-accounts add-iam-policy-binding { $account } --project={ $project } --member=user:YOU --role={ $role }`
finding-no-account = there is no service account `{ $account }`; `gcloud iam service-accounts list --project={ $project }` shows those there are, or leave it empty for the project’s own
finding-act-as-unseen = whether you may run something as the service account `{ $account }` cannot be seen ({ $detail }); with the API on it can: `gcloud services enable iam.googleapis.com --project={ $project }`
finding-quota-small = the quota `{ $metric }` of cloud project `{ $project }` in `{ $region }` is { $limit }, and this takes { $needed }: it would never start; ask for a larger one at https://console.cloud.google.com/iam-admin/quotas?project={ $project }, or name a smaller shape
finding-quota-used = of the quota `{ $metric }` of cloud project `{ $project }` in `{ $region }`, { $used } of { $limit } are in use, and this takes { $needed }: it will not start before something there ends
finding-quota-unseen = whether the quotas of cloud project `{ $project }` suffice cannot be seen ({ $detail }); the least role that shows them is `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`, with the API on: `gcloud services enable compute.googleapis.com --project={ $project }`
finding-told-elsewhere = what is written below `{ $prefix }` of bucket `{ $bucket }` is also told to { $topics }: whoever listens there may start a run of their own beside the one that this desk starts; `gcloud storage buckets notifications list gs://{ $bucket }` shows it, and `gcloud storage buckets notifications delete` ends it
finding-bucket = the bucket cannot be written: { $detail }
finding-stale-object = `{ $object }` lies where the version is to be and is not part of it; if an earlier version left it, migration removes it, otherwise remove it, or allow its removal with the migration (`--remove-foreign`)
finding-wrong-bucket = `{ $path }` does not point into bucket `{ $bucket }`; correct the path or name the other bucket
finding-computed-path = `{ $path }` is put together when it runs; whether it points into `{ $bucket }` cannot be checked
finding-other-encoding = it is not UTF-8 text; it is migrated as it is, and what can be read of it was looked at: save it as UTF-8 so that nothing is missed
finding-import = `{ $module }` is imported and no requirements file of the package names `{ $package }`; add it
finding-private-key = a private key is written here; take it out and let the script read it from its environment
finding-credential = `{ $name }` is given a literal value that looks like a credential; take it out and let the script read it from its environment
finding-no-outputs = the package's configuration declares no outputs, so nothing could be verified; name them under `output`
