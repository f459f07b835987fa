# What the rules say no with: a message a rule (`refusal-RULE`), its hint, and the phrases that stand inside.

refusal-unknown-key = The key `{ $key }` belongs to no member of this workspace; an administrator can enrol it.
    .hint = Act as a member whose own key lies on this desk.
refusal-key-unconfirmed = The key `{ $key }` was enrolled by one administrator and waits for another to confirm it.
    .hint = Ask another administrator to confirm it.
refusal-key-revoked = The key `{ $key }` of `{ $member }` was revoked at #{ $at }.
    .hint = Enrol a new key for this desk, or act as a member whose own key lies here.
refusal-key-of-another = The key `{ $key }` belongs to `{ $owner }` and cannot speak for `{ $claimed }`.
    .hint = Act as a member whose own key lies on this desk.
refusal-recorded-already = The fact `{ $id }` was recorded already, at #{ $at }.
    .hint = Nothing was recorded again.
refusal-role-missing = `{ $member }` may not { $deed }; that takes the role { $roles }.
    .hint = An administrator can grant it in the people room.
refusal-unknown = There is no { $noun } `{ $id }`.
    .hint = List what there is, and check the name or identifier.
refusal-name-taken = There is already a { $noun } called `{ $name }`.
    .hint = Choose another name.
refusal-exists = The { $noun } `{ $id }` exists already.
    .hint = Nothing was recorded.
refusal-nothing-to-do = { $what } already; there is nothing to record.
    .hint = Nothing was recorded.
refusal-last-administrator = `{ $member }` is the last administrator.
    .hint = Grant the role to somebody else first.
refusal-self-grant = `{ $member }` cannot grant roles to themselves; another administrator must.
    .hint = Ask another administrator.
refusal-self-approval = `{ $member }` registered this version; a second person must approve.
    .hint = Ask a validator who had no part in making it.
refusal-excluded = `{ $member }` is excluded from the task `{ $task }` by the definition; somebody else must take it.
    .hint = An administrator can assign the task to somebody who may take it.
refusal-not-candidate = The task `{ $task }` is for { $candidates }; `{ $member }` is not among them.
    .hint = An administrator can assign the task to somebody who may take it.
refusal-held-by-another = `{ $holder }` holds the task `{ $task }`.
    .hint = Ask them to release it; an administrator can assign it to somebody else.
refusal-not-claimed = The task `{ $task }` is nobody's yet.
    .hint = Claim it before you complete it.
refusal-signed-already = `{ $member }` has signed `{ $task }` already; it asks for { $needed } persons, and somebody else must be the next.
    .hint = Ask another validator who had no part in making it.
refusal-quorum-open = `{ $task }` asks for { $needed } persons to approve; with this one it has { $signed }.
    .hint = Sign it without completing the task; the last person completes it.
refusal-unsigned = Completing `{ $task }` is an approval: it must be signed in the same entry, with the digest that was seen.
    .hint = Open the task and sign what it shows.
refusal-package-changed = The package changed while you were reading: you saw `{ $seen }`, it is now `{ $now }`.
    .hint = Open it again and read what changed.
refusal-approval-mismatch = The approval does not fit its task: { $what }.
    .hint = Open the task again and read what changed.
refusal-not-approved = { $what } needs an approval of exactly the digest `{ $digest }`; there is none that counts.
    .hint = Run the approval process for this version first.
refusal-findings-open = The package has { $open ->
        [one] one open finding that blocks
       *[other] { $open } open findings that block
    } registration.
    .hint = Remove what it names, or waive it with a reason.
refusal-reason-needed = { $what } needs a reason of at least { $chars_min ->
        [one] one character
       *[other] { $chars_min } characters
    }.
    .hint = Say why.
refusal-no-champion = The project `{ $project }` has no champion.
    .hint = Name one, or say which version the process is about.
refusal-not-startable = The definition `{ $definition }` cannot be started: { $why }.
    .hint = Open the definition and bind what is missing.
refusal-not-migratable = The process `{ $instance }` cannot move: { $why }.
    .hint = Plan the move first; it lists everything that stands in the way.
refusal-bad-connection = The connection of `{ $connection }` is none: { $why }.
    .hint = Correct it and try again. Nothing was recorded.
connection-address = its address is neither https nor http
connection-methods = it allows no method
connection-limits = its limits are none
connection-needed = a call over HTTP needs a connection to go through
connection-idle = `{ $action }` at `{ $element }` goes through no connection
refusal-bad-document = The document `{ $digest }` is not a definition that can be run: { $why }.
    .hint = Export the process again as BPMN 2.0 and import it anew.
refusal-engine = { $why }
    .hint = Nothing was recorded.
engine-ended = The instance `{ $instance }` has ended; nothing more can happen in it.
engine-started-already = The instance `{ $instance }` has started already.
engine-not-started = The instance `{ $instance }` has not started; start it first.
engine-not-found = There is no { $what ->
    [process] process
    [start-event] start event
    [timer] timer
    [open-task] open task
    [open-task-or-timer] open task or timer
    [open-incident] open incident
    [pending-effect] pending effect
    [receiver-of-the-message] receiver of the message
    [receive-task-or-job-that-waits] receive task or job that waits
    [scope] scope
   *[element] element
} `{ $id }` in this instance, or no longer; reload and look again.
engine-held = `{ $holder }` has claimed `{ $task }`; ask them to release it, or an administrator to reassign it.
engine-timer-not-due = The timer `{ $timer }` is due at { $due }, not yet.
engine-timer-without-due = A timer needs a due time; say when it fires.
engine-start-cannot-wait = The start event `{ $element }` cannot wait: { $why }
engine-claimed-by-nobody = A task is claimed by a person; say who.
engine-not-delegated = `{ $task }` was not delegated; complete or release it.
engine-delegated-by = `{ $person }` may not complete `{ $task }`: it was delegated by `{ $owner }`, who completes it; give it back instead.
engine-excluded = `{ $person }` may not take `{ $task }`: the definition excludes them; a second person must do it.
engine-group-excluded = `{ $person }` may not take `{ $task }`: the definition excludes the group `{ $group }`; a second person must do it.
engine-offered-to = `{ $person }` may not take `{ $task }`: it is offered to { $names }.
engine-answer-required = The answer to `{ $question }` is required; give one.
engine-answer-no-choice = The answer to `{ $question }` is not one of the choices; choose from { $choices }.
engine-answer-kind = The answer to `{ $question }` must be { $kind ->
    [boolean] yes or no
    [long] a whole number
    [double] a number
    [date] a date
    [string] text
   *[any] a value
}; it is `{ $given }`.
refusal-lease-held = `{ $holder }` is carrying this out until { $until }.
    .hint = Wait for it, or until the time has passed.
refusal-run-transition = The run `{ $run }` is { $from } and cannot become { $to }.
    .hint = Nothing was recorded.
refusal-not-verified = The run `{ $run }` cannot succeed: { $what }.
    .hint = Look at its log for what it wrote, and run it again.
refusal-migration-mismatch = The migration does not hold: { $what }.
    .hint = Nothing was recorded. Migrate again.
refusal-rules-newer = The entry needs rules of version { $needs }, this program has { $has }.
    .hint = Nothing was written. Update Countersign.
refusal-kind-newer = This program does not know facts of the kind `{ $kind }`.
    .hint = Nothing was written. Update Countersign.
refusal-malformed = The fact `{ $kind }` cannot be read: { $why }.
    .hint = Nothing was recorded.

any-of = { $first } or { $last }
any-of-none = nobody
quoted = { $text }

noun-call-at-element = call at the element
noun-connection = connection
noun-definition = definition
noun-instance = process
noun-key = key
noun-member = member
noun-model = model
noun-notice = notice
noun-notice-in-the-same-entry = notice in the same entry
noun-open-task = open task
noun-project = project
noun-role = role
noun-run = run
noun-run-with-this-key = run with this key
noun-user-task-at-element = user task at the element
noun-version = version
noun-version-in-this-project = version in this project
noun-process-of-this-definition = process of this definition
noun-version-number = version number
noun-version-of-this-definition = version of this definition

deed-manage-people = add members and grant roles
deed-administer-processes = administer running processes
deed-allow-connections = allow connections to other systems
deed-create-project = create projects
deed-register-model = register models
deed-place-version = name champions and challengers
deed-import-definition = import and bind process definitions
deed-start-process = start processes
deed-carry-out = carry out service tasks
deed-request-run = request runs
deed-sign = sign approvals
deed-comment = comment

the-role = the role `{ $role }`
the-member = `{ $member }`
to-migrate = Migrating
to-train = Training
to-score = Scoring

already-these-contents = The version has these contents
already-champion = This version is the champion
already-placed = This version is champion or challenger
already-without-place = This version has no place
already-these-roles = `{ $member }` holds these roles
already-not-these-roles = `{ $member }` is without these roles
already-ending = The run is { $state }, or being stopped,
already-leased = The lease is at epoch { $epoch }
already-holds-task = `{ $member }` holds the task `{ $task }`
already-reminded = Reminder { $round } of the task `{ $task }` is not due, or was sent
already-escalated = The escalation of the task `{ $task }` is not due, or was sent
already-on-version = The process runs on version { $number }
process-elsewhere = the process `{ $process }` that it calls is in no definition it is bound to
timer-not-due = The timer is due at { $due } and waits

reason-for-waiver = Waiving a finding
reason-for-moving = Moving a process
another-definition = `{ $to }` is another definition, not another version of `{ $from }`
version-not-startable = version { $number } cannot be started
reason-for-this = This

document-not-at-hand = it is not at hand
document-without-process = it holds no process
document-not-executable = it holds no executable process
call-unbound = the call at `{ $element }` is bound to nothing
group-unbound = the group `{ $name }` means nobody here
user-unbound = the user `{ $name }` means nobody here
definition-disabled = `{ $by }` disabled it: { $reason }

decision-differs = the answer and the signed decision differ
process-of-another-version = the process is about another version
version-of-another-model = the version is of another model
no-approval-at-element = the definition has no approval at this element
evidence-changed = what the decision rests on changed since it was read
another-definition-seen = it was read for another version of the process
policy-changed = the policy changed since it was read
seen-too-early = it claims to have seen what was not yet written
approval-keeps-task = it must release its task in the same entry, for the next person
approval-alone = it stands alone; it must complete its task in the same entry
no-run-behind = no verified run of the kind `{ $kind }` stands behind `{ $effect }`

not-migrated-there = the version was not migrated to the bucket `{ $bucket }`; migrate it first
run-not-verifying-migration = the run `{ $run }` is not verifying a migration
run-for-another = the run `{ $run }` was for another version, digest or bucket
read-back-differs = read back `{ $read_back }`, approved `{ $approved }`
output-not-verified = the output `{ $output }` is not verified
nothing-verified = nothing was verified

refusal-bad-monitor = The monitor `{ $monitor }` cannot be set up like this: { $why }.
    .hint = Correct what it names; nothing was recorded.
refusal-self-judgement = `{ $member }` made this version and may not judge that it is still good enough; a model steward who had no part in making it must.
    .hint = Asking for a retraining is open to everybody who may decide.
refusal-report-mismatch = The report does not hold: { $what }.
    .hint = Open the monitor again and read its latest report.
noun-monitor = monitor
noun-monitor-in-this-project = monitor in this project
noun-report = report
noun-report-on-these-data = report on these data
noun-alert = alert
deed-define-monitor = define and change monitors
deed-record-report = record performance reports
deed-decide-retrain = decide on retraining and settle alerts
already-set-up-like-this = `{ $monitor }` is set up like this
already-changed-to = `{ $monitor }` was changed to number { $number }
already-fired = `{ $rule }` fired for { $period }
already-told = Its people were told at { $at }, less than a day ago,
already-settled = `{ $member }` settled this alert
already-retired = `{ $monitor }` is retired
reason-for-retiring = Retiring a monitor
reason-for-settling = Settling an alert
reason-for-deciding = A decision on retraining
monitor-name-form = its name has 1 to 128 characters, no control characters, no space at either end
monitor-without-folder = it names no folder
monitor-without-pattern = it names no pattern of files; `*` is every file
monitor-cutoff = the cutoff { $cutoff } is no probability
monitor-share = the share of missing outcomes is a number from 0 to 1
monitor-period = `{ $period }` is no period; choose day, week, month or quarter
monitor-cadence = `{ $cadence }` is no duration; write an ISO 8601 one such as `P1M` for a month
monitor-event-without-target = it names an event but no target
monitor-column-twice = the column `{ $column }` cannot be the { $part } and something else
monitor-rules-too-many = it has more than { $max } rules
monitor-rule-length = a rule has 1 to { $max } characters
monitor-rule-twice = the rule `{ $rule }` stands twice
monitor-threshold = the threshold of `{ $metric }` is { $value }
report-terms-changed = the monitor was changed since it was computed; compute it again
report-periods = it has no periods, or too many
report-label-twice = two of its periods have the same label
report-recommendation = its recommendation is none of keep, watch, investigate, retrain and unknown
report-alert-period = an alert is about { $period }, which is none of its periods
report-rule-unknown = the monitor has no rule `{ $rule }` of this level
report-of-another-monitor = it is of another monitor
report-later = a later report was recorded since; read that one
no-report-behind = no recorded report stands behind `{ $effect }`
refusal-bad-schedule = The schedule does not hold: { $what }.
    .hint = Nothing was recorded. List the schedules to see how they stand.
schedules-full = the workspace has { $most } schedules, the most there can be
schedule-migrates = the same files are migrated once; a schedule trains or scores
schedule-seen-to = “{ $name }” was seen to for { $due }
schedule-not-due = “{ $name }” is not due before { $due }
schedule-other-run = the run `{ $run }` is not what “{ $name }” asks for
schedule-no-reason = a time without a run needs the reason why there is none
refusal-bad-start = The process does not start by itself like that: { $what }.
    .hint = Nothing was recorded. Look at the definition's page for how it stands.
start-none-by-itself = “{ $definition }” has no start event with a timer, a message or a signal
start-not-armed = nothing of “{ $definition }” listens at `{ $element }` any more
start-not-due = “{ $definition }” is not due before { $due }
start-seen-to = this moment of “{ $definition }” was seen to
start-other-than-armed = project, version and variables are not those that “{ $definition }” was set up with
start-no-reason = a moment without a start needs the reason why there is none

refusal-bad-turn = The process does not come to be about another version like that: { $what }.
    .hint = Nothing was recorded. Look at the process for which version it is about.
turn-not-meant = the task bound to `{ $action }` means another version
turn-not-done = the process is not yet about the version that the task bound to `{ $action }` means
already-about-version = The process has ended, or is about this version already
already-disabled = The definition is disabled already
not-disabled = The definition is not disabled
to-make-champion = Making it the champion
refusal-bad-template = The cluster template `{ $template }` cannot be kept: { $why }.
    .hint = Nothing was recorded. Correct the shape and keep it again.
template-decisions = its mapping has more than { $most } decisions
template-has-shape = the template `{ $template }` has this shape
noun-self-start = arrangement by which a process starts
noun-schedule = schedule
noun-cluster-template = cluster template
noun-schedule-name = schedule name
noun-rule = rule
noun-cluster-template-name = cluster template name

## What stopped a process, and why a rehearsal went no further, by their codes
incident-call-depth = { $detail }
incident-cardinality = { $detail }
incident-collection = { $detail }
incident-effect = { $detail }
incident-error = { $detail }
incident-expression = { $detail }
incident-http = { $detail }
incident-json-path = { $detail }
incident-loop = { $detail }
incident-no-element = { $detail }
incident-no-flow = { $detail }
incident-no-link = { $detail }
incident-no-process = { $detail }
incident-priority = { $detail }
incident-status = { $detail }
incident-stuck = { $detail }
incident-time = { $detail }
incident-unsupported = { $detail }
rehearsed-duration = { $detail }
rehearsed-ended = { $detail }
rehearsed-loop = { $detail }
rehearsed-no-incident = { $detail }
rehearsed-no-process = { $detail }
rehearsed-no-task = { $detail }
rehearsed-no-timer = { $detail }
rehearsed-nothing-waits = { $detail }
rehearsed-too-many-instances = { $detail }
rehearsed-too-many-timers = { $detail }
rehearsed-order = { $detail }
rehearsed-not-found = { $detail }
rehearsed-held = { $detail }
rehearsed-barred = { $detail }
rehearsed-answer = { $detail }
rehearsed-step = { $detail }
