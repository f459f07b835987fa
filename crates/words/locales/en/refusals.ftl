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

decision-differs = the answer and the signed decision differ
process-of-another-version = the process is about another version
version-of-another-model = the version is of another model
no-approval-at-element = the definition has no approval at this element
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
