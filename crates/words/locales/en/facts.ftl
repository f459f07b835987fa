# What the ledger tells, a sentence a fact (after the name of its author), and why a slot counts for nothing.

told-member-added = added { $member } as { $roles }
told-roles-granted = granted { $roles } to { $member }
told-roles-revoked = took { $roles } from { $member }
told-key-enrolled = enrolled a key of { $member } ({ $key })
told-key-revoked = revoked the key { $key }: { $reason }
told-project-created = created the project { $name }
told-model-registered = named the model { $name }
told-version-registered = registered version { $number } ({ $files ->
        [one] one file
       *[other] { $files } files
    })
told-version-replaced = replaced the contents of a version ({ $files ->
        [one] one file
       *[other] { $files } files
    })
told-champion-set = named the champion
told-challenger-set = named a challenger
told-place-cleared = took a version's place away
told-definition-imported = imported the definition { $name } (version { $number })
told-definition-bound = bound { $calls ->
        [one] one call
       *[other] { $calls } calls
    } and { $parties ->
        [one] one party
       *[other] { $parties } parties
    }
told-instance-started = started the process
told-start-armed = said that the process starts by itself
told-start-passed = started nothing, due { $due }: { $problem }
told-start-disarmed = said that the process no longer starts by itself
told-definition-disabled = said that nothing is started by this definition any more: { $reason }
told-definition-enabled = said that it may be started again: { $reason }
told-instance-begun = the process started by itself, at `{ $element }`
told-instance-begun-due = the process started by itself, due { $due }
told-connection-allowed = allowed the connection { $name } to { $base }
told-connection-withdrawn = withdrew the connection { $name }: { $reason }
told-instance-migrated = moved the process to another version of its definition: { $reason }
told-instance-turned = turned the process to version { $version }
told-instance-turned-because = turned the process to version { $version }: { $reason }
told-approved = signed an approval of { $digest }
told-rejected = signed a rejection of { $digest }
told-comment = said: { $text }
told-reminded = reminded of { $task } (number { $round })
told-escalated = escalated { $task }, which is not answered
told-lease = is carrying out { $effect } (attempt { $epoch })
told-run-requested = requested a run: { $kind }
told-run-moved = the run’s state is { $state }
told-run-moved-because = the run’s state is { $state }: { $detail }
told-run-cancel = asked for the run to be stopped
told-migration-verified = verified { $objects ->
        [one] one object
       *[other] { $objects } objects
    } in the bucket { $bucket }
told-notice = told { $members ->
        [one] one member
       *[other] { $members } members
    }: { $title }
told-unknown = something this program does not know yet ({ $kind })
told-claim = claimed { $task }
told-release = released { $task }
told-assign = assigned { $task } to { $to }
told-unassign = took { $task } from its holder
told-delegate = delegated { $task } to { $to }
told-resolve = gave { $task } back to its owner
told-complete = completed { $task }
told-complete-with = completed { $task }: { $answers }
told-fire = { $timer } fired
told-fire-late = { $timer } fired { $late } late
told-fire-together = { $told }; { $ticks } ticks taken together
told-task = task { $number }
told-task-named = “{ $name }”
told-timer = timer { $number }
told-timer-named = timer “{ $name }”
told-incident = incident { $number }
told-incident-named = the incident at “{ $name }”
told-waiting = { $number }
told-waiting-named = “{ $name }”
told-signal = signal { $name }
told-message = message { $name }
told-trigger = triggered { $waiting }
told-effect-done = carried out { $effect }
told-effect-failed = could not carry out { $effect }: { $message }
told-retry = tried { $incident } again
told-skip = passed over { $incident }: { $reason }
told-set = set { $names }
told-due = moved the due time of { $of }: { $reason }
told-cancel = cancelled the process: { $reason }
told-with-note = { $told } — { $note }
told-void = (void: { $why }) { $told }

run-kind-migrate = migrate
run-kind-train = train
run-kind-score = score

run-state-requested = requested
run-state-preparing = preparing
run-state-provisioning = provisioning
run-state-submitted = submitted
run-state-running = running
run-state-verifying = verifying
run-state-succeeded = succeeded
run-state-failed = failed
run-state-cancelled = cancelled

notice-migration-finished = Migration finished: { $label }
notice-run-failed = Run failed: { $kind } of { $label }
notice-run-finished = Run finished: { $kind } of { $label }
notice-mentioned = { $member } mentioned you
notice-still-waiting = Still waiting: { $task }
notice-waits-since = { $definition } in { $project } waits for an answer since { $since }
notice-not-answered = Not answered: { $task }
notice-held-since = { $definition } in { $project }: `{ $holder }` holds it; it waits since { $since }
notice-nobodys-since = { $definition } in { $project }: nobody has taken it; it waits since { $since }
notice-from-process = { $definition } in { $project }
notice-for-nobody = The process tells { $names }, who is nobody here; you hear it instead. { $text }

and-also = { $first }; { $next }
void-oversized = it holds more bytes than a slot may
void-unreadable = it cannot be read: { $why }
void-signatures = it carries { $found } signatures instead of one
void-bad-signature = its signature is not by its author's key over these bytes
void-other-workspace = it was signed for another workspace, `{ $signed }`
void-other-position = it was signed for slot #{ $signed }
void-key-not-held = the key `{ $key }` does not speak for `{ $person }` here
void-newer = it was written by a newer Countersign
void-other-history = it was signed on top of another history
verify-blob = The blob `{ $digest }`: { $why }
verify-cache-differs = The cache of this desk does not follow from the history; delete it, it is rebuilt.

notice-assigned = { $member } assigned a task to you: { $task }
notice-delegated = { $member } delegated a task to you: { $task }

evidence-contents-are = { $files ->
        [one] one file
       *[other] { $files } files
    }, every one verified against { $digest }
evidence-code-there = training and scoring code are in the package
evidence-code-missing = training or scoring code is missing
evidence-inputs-none = the package names no inputs
evidence-inputs-typed = { $inputs ->
        [one] one input, typed
       *[other] { $inputs } inputs, all typed
    }
evidence-inputs-untyped = { $described } of { $inputs } inputs typed
evidence-statistics-none = the package brings no fit statistics
evidence-statistics-agree = { $count ->
        [one] one statistic
       *[other] { $count } statistics
    }, none contradicts another
evidence-statistics-contradict = { $count ->
        [one] one contradiction among statistics, ROC and lift
       *[other] { $count } contradictions among statistics, ROC and lift
    }
evidence-curves-there = ROC and lift are there
evidence-curves-contradict = ROC and lift are there; { $count ->
        [one] one contradiction
       *[other] { $count } contradictions
    } in their points
evidence-curves-missing = ROC or lift is missing
evidence-findings-none = no credentials, no dangerous pickles
evidence-findings-waived = { $count ->
        [one] one finding was waived; read the reason
       *[other] { $count } findings were waived; read the reasons
    }
evidence-findings-open = { $count ->
        [one] one finding stands open
       *[other] { $count } findings stand open
    }
evidence-independence = registered by { $member }, not by you
evidence-independence-missing = you registered this version; a second person must approve

finding-secret = `{ $file }` line { $line } looks like it contains a secret ({ $what }); move it out of the package, or waive the finding with a reason
finding-calls-dangerous = loading `{ $file }` imports and calls `{ $import }`, which can run commands or code; rebuild the model without it, or waive the finding with a reason
finding-imports-dangerous = loading `{ $file }` imports `{ $import }`, which can run commands or code; rebuild the model without it, or waive the finding with a reason
finding-calls = loading `{ $file }` imports and calls `{ $import }`; see that the score code brings it
finding-imports = loading `{ $file }` imports `{ $import }`; see that the score code brings it
finding-pickle-unknown = what loading `{ $file }` would do is not known to its end: it is damaged, or imports more than is read; save the model again, or waive the finding with a reason
told-monitor-defined = watches a version: { $name }
told-monitor-changed = changed what a monitor watches (number { $number })
told-monitor-retired = retired a monitor: { $reason }
told-report-recorded = recorded a performance report of { $periods ->
        [one] one period
       *[other] { $periods } periods
    }: { $recommendation }
told-alert-raised = raised an alert for { $period }: { $rule }
told-alert-reminded = told the people of an unanswered alert again
told-alert-settled = settled an alert: { $reason }
told-decided-retrain = decided to retrain: { $reason }
told-decided-wait = decided to wait: { $reason }
decided-in-task = answered in `{ $task }` of { $definition }
recommended-keep = keep the model
recommended-watch = watch it closely
recommended-investigate = find out what changed in the data first
recommended-retrain = train it again
recommended-unknown = nothing to judge by yet
notice-report-lost = { $label } has lost { $lost } % of its Gini
notice-report-worse = { $label }: its squared error rose by { $lost } %
notice-report-alert = { $label }: its monitor raised an alert
notice-report-ready = { $label }: a performance report is ready
notice-report-body = { $period }: { $metric } { $value }. { $drift } Recommended: { $recommendation }.
notice-report-body-drift = { $drift } Recommended: { $recommendation }.
notice-report-drift = { $period }: score PSI { $psi }, { $drifted ->
        [0] no input drifted
        [one] one input drifted
       *[other] { $drifted } inputs drifted
    }.
notice-report-body-fired = { $body } Fired: { $rules }.
notice-no-report = No report: { $monitor }
notice-alert-waiting = Still waiting: { $monitor }
notice-alert-waiting-body = `{ $rule }` fired for { $period } on { $day } and nobody has answered yet: retrain, or wait?
told-schedule-added = scheduled “{ $name }”: { $kind }, { $rule }
told-schedule-fired = saw to the schedule, due { $due }
told-schedule-not-run = asked for no run, due { $due }: { $problem }
told-schedule-removed = removed the schedule
told-template-kept = kept the cluster template { $template }
told-template-dropped = dropped the cluster template { $template }

## What completing a task leads to
next-when = { $when } → { $then }
next-called = { $name }
next-if = if { $what }
next-is = “{ $question }” is “{ $answer }”
next-is-not = “{ $question }” is not “{ $answer }”
next-condition = { $condition }
next-and = { $first } and { $second }
next-or = { $first } or { $second }
next-otherwise = otherwise
next-ends = the process ends
next-part-ends = this part ends
next-yes = Yes
next-no = No
prepared-for = @{ $owner } prepared for “{ $task }”:
prepared-answer = { $question } { $answer }

## Definitions
definition-version = { $name } (version { $number })
template-migration = A validator approves the champion, IT names the bucket, the approved files are migrated there and the engineers are told.
template-monitor-and-retrain = A published model is scored and reported on at an interval; its steward keeps it, has it retrained, or retires it.
template-full-life-cycle = Registration, comparison, approval, publication, monitoring and retraining, each with the people it needs.
differs-yes = yes
differs-no = no
differs-required = required
differs-optional = optional
differs-of = of
differs-sequential = one after another
differs-parallel = side by side
differs-while = while
differs-before = asked before
differs-start = at the start
differs-end = at the end
differs-take = when it is taken
differs-create = when it is offered
differs-assignment = when somebody gets it
differs-complete = when it is completed
differs-all = at each of these moments
differs-string = text
differs-boolean = yes or no
differs-long = whole number
differs-double = number
differs-date = date
differs-any = any
differs-at-date = at a date
differs-after-duration = after a time
differs-in-cycle = again and again
