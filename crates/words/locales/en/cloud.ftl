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
noun-retraining-of-this-model = retraining of this model
noun-version-of-the-run = version of the run
noun-place-of-the-run = place that still holds what was migrated by the run
notice-cloud-run-late = Run is late: { $kind } of { $label }
notice-cloud-run-leaking = Run is leaking: { $kind } of { $label }
notice-leak = Leaking: { $name }
notice-not-approved = What runs is not what was approved: { $label }
notice-rehearsal = Rehearsal: { $title }
to-retrain = Training again
