# Words of the window, in English. The same names are in every language; `npm test` in ui says which are missing.
## Everywhere
again = Try again
all = All
any = Any
back = Back
close = Close
save = Save
open = Open
show = Show
more = Show more
see-all = See all
search = Search
loading = Loading…
none = None
no-value = no value
not-there = not there
yes = Yes
no = No
copy = Copy
copied = Copied
copy-text = Copy the text
required = This must be filled in.
reason = Reason
reason-recorded = It goes into the record, signed.
reason-short = Write at least { $n } characters.
nothing-found = Nothing has “{ $text }” in its name
nothing-here = Nothing here
grid-total =
    { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
actions-for = Actions for { $name }
version-n = version { $n }
entry-n = Entry { $n }
identity = Identity
better = better
worse = worse
errors-n =
    { $n ->
        [one] { $n } error
       *[other] { $n } errors
    }
warnings-n =
    { $n ->
        [one] { $n } warning
       *[other] { $n } warnings
    }
not-found = Not found
not-found-text = There is no such page. The link may be old.
broken = Something broke on this page

choose = Choose…

## Time
time-now = just now
time-milliseconds = { $n } ms
time-seconds = { $n } s
time-minutes = { $m } min { $s } s
time-hours = { $h } h { $m } min
due-in = due { $when }
due-late = late: due { $when }

## Frame
nav = Places
nav-inbox = Inbox
nav-projects = Projects
nav-models = Models
nav-workflows = Workflows
nav-runs = Runs
nav-people = People
nav-ledger = Ledger
nav-notices = Notices
nav-settings = Settings
nav-story = The story
nav-waiting = waiting for you
nav-unread = unread
crumbs = Way to this page
skip = Skip to the page
act-as = Act at this desk as
nobody = Nobody acts here
pending =
    { $n ->
        [one] { $n } decision saved here, not confirmed yet
       *[other] { $n } decisions saved here, not confirmed yet
    }
workspace-close = Close this workspace
workspace-refresh = Catch up with the workspace now
theme-to-light = Change to light colours
theme-to-dark = Change to dark colours

## Palette and keys
palette-open = Search or run a command
palette-hint = A place, a command, or the name of anything
palette-none = Nothing is called “{ $text }”. Try a part of its name.
palette-places = Places
palette-commands = Commands
palette-tasks = Tasks
keys-title = Keys
keys-rows = Move in a list
keys-open = Open the row
keys-claim = Claim the task
keys-complete = Complete the task

## Columns
col-about = About
col-action = Action
col-actions = Actions
col-algorithm = Algorithm
col-bound = Bound
col-bucket = Bucket
col-by = By
col-call = Calls
col-created = Created
col-definition = Definition
col-description = Description
col-device = Device
col-digest = Digest
col-direction = Use
col-due = Due
col-duration = Duration
col-element = Element
col-ended = Ended
col-entry = Entry
col-function = Function
col-id = Identifier
col-imported = Imported
col-inputs = Inputs come from
col-key = Idempotency key
col-length = Length
col-level = Level
col-mail = Mail
col-manifest = Manifest
col-model = Model
col-name = Name
col-partition = Partition
col-path = Path
col-project = Project
col-registered = Registered
col-requested = Requested
col-role = Role
col-rows = Rows
col-rule = Rule
col-run = Run
col-running = Running
col-severity = Severity
col-size = Size
col-started = Started
col-state = State
col-target = Target
col-task = Task
col-timer = Timer
col-tool = Tool
col-type = Type
col-value = Value
col-verified = Verified
col-version = Version
col-waits-for = Waits for
col-waits-since = Waits since
col-what = What
col-when = When
col-who = Who
col-work = Work

## Inbox and tasks
inbox-lead = { $name } in { $workspace }
inbox-alone = You are alone in this workspace and hold every role. A model needs a second person to countersign it: add a member under People.
inbox-runs = Runs to look at
inbox-runs-none = Nothing is running, and nothing failed.
tasks = Tasks
tasks-view-inbox = For me
tasks-view-mine = Held by me
tasks-view-open = I may claim
tasks-view-all = All
tasks-none-inbox = Nothing waits for you
tasks-none-mine = You hold no task
tasks-none-open = There is nothing you may claim
tasks-none-all = No task is open
tasks-none-text = Tasks come from processes. Start one from a project, and it asks the people it needs.
task-claim = Claim
task-claimed = You hold “{ $name }” now
task-release = Release
task-completed = “{ $name }” is done and signed
task-free = Free
task-held = Held by { $who }
task-not-mine = Not for you
task-gate = Approval
task-may-not = You may not claim this task
task-waits = waits since
evidence = Evidence
evidence-of = { $there } of { $of }
evidence-ok = There
evidence-warning = Look at this
evidence-missing = Missing
evidence-files =
    { $n ->
        [one] { $n } file
       *[other] { $n } files
    }
evidence-variables =
    { $n ->
        [one] { $n } variable
       *[other] { $n } variables
    }
evidence-findings =
    { $n ->
        [one] { $n } finding
       *[other] { $n } findings
    }
decide-title = Your decision
decide-claim-first = Claim the task to answer it.
decide-held = { $who } holds this task.
answer-title = Your answer
answer-required = This must be answered.
answer-long = This must be a whole number.
answer-double = This must be a number.
answer-date = This must be a date.
note = Note
note-text = What convinced you, or what is missing. It goes into the record.
signs = You sign exactly these contents:
sign = Sign and complete
complete = Complete
draft-kept = Draft kept on this desk
package-moved = The package changed while this page was open. Read the new contents before you decide; completing with the old digest is refused.
what-next = What happens next
where-it-stands = Where the process stands
comments = Comments
comment-write = Write a comment
comment-hint = Say something; @name calls somebody
comment-send = Comment

## Projects and models
project-create = New project
project-purpose = Purpose
project-purpose-text = The business problem its models compete for.
project-no-purpose = No purpose given
project-target = Target variable
project-target-level = Level of the target
project-event = Event value
project-no-champion = none yet
project-no-champion-text = No champion yet. Place one from a model's menu.
projects-empty = No project yet
projects-empty-text = A project is one business problem and the models that compete for it. Create one, then import a package.
models-empty = No model yet
models-empty-text = Import a package: a zip with score code, training code and metadata.
challengers = Challengers
compare-with-champion = Compare with the champion
place-champion = Champion
place-challenger = Challenger
place-menu = Place
place-make-champion = Make champion
place-make-challenger = Make challenger
place-clear = Take the place away
tab-overview = Overview
tab-files = Files
tab-variables = Variables
tab-performance = Performance
tab-findings = Findings
tab-versions = Versions
tab-history = History
tab-workflow = Workflow
tab-properties = Properties
version-lead = Registered by { $who }, { $files } files, { $variables } variables,
approval-none = Not signed
approval-outdated = Signed for other contents
approval-approved = Countersigned by { $who }
approval-rejected = Rejected by { $who }
approvals = Signatures
approvals-none = Nobody has signed these contents. A process with an approval asks for it.
decision-approved = Approved
decision-rejected = Rejected
migrations = Migrations
importance = Importance
variables-none = No variables
variables-none-text = The package has no inputVar.json and no outputVar.json.
fit-title = Fit statistics
fit-of = Fit statistics of { $name }
fit-statistic = Statistic
fit-none = No fit statistics
fit-none-text = The package has no dmcas_fitstat.json.
figure-roc = ROC
figure-lift = Cumulative lift
figure-view = Show { $title } as
figure-chart = Chart
figure-table = Table
figure-keys = { $title }: the arrow keys walk its points
files-none = No files
file-binary = This is not text
file-binary-text = Its digest is shown; its contents are never run or unpacked here.
file-cut = Only the first megabyte is shown.
findings-none = No findings
findings-none-text = No literal in the package looks like a credential, and no pickle holds a dangerous opcode.
finding-waive = Accept this finding, with a reason
finding-must = This blocks registration: remove it from the package, or accept it with a reason.
finding-waived = Accepted: { $reason }
compare-title = Compare versions
compare-versions = Compare these versions
compare-how = Choose two to four versions to compare, from a project or a model's versions.
compare-only = Differences only
compare-same = No differences

## Import
import-title = Import a package
import-drop = Drop a zip here, or say where it lies.
import-path = Path of the zip on this machine
import-read = Read
import-contents = Contents
import-contents-of = { $files } files, { $variables } variables, { $size }
import-warnings =
    { $n ->
        [one] { $n } thing to know
       *[other] { $n } things to know
    }
import-known = { $name } exists, latest version { $number }. This package becomes
import-step = What the package becomes
import-major = a major version
import-minor = a minor version
import-replace = new contents of that version
import-replace-text = Approvals of the old contents no longer count then.
import-register = Register

## Workflows
definitions = Definitions
definitions-none = No definition yet
definitions-none-text = Import a BPMN file as it is, or begin with a template.
definition-import = Import a definition
definition-from-file = From a file
definition-path = Path of the BPMN file on this machine
definition-name-text = Left empty: the name in the file.
definition-startable = Can be started
definition-not-startable = Not ready to start
templates = Templates
imported-by = imported by { $who }
lint = Checks
lint-clean = The checks found nothing
lint-clean-text = No dead ends, no answers nobody reads, no task nobody may claim.
severity-error = Error
severity-warning = Warning
bindings = Bindings
calls = Calls to another system, and what they mean here
calls-none = It calls nobody
bind-call = What { $name } does here
bind-party = Whom { $name } means here
bind-input = Where { $input } of { $name } comes from
bind-save = Save bindings
bound-by-itself = bound by itself
unbound = not bound
parties = People it names
parties-none = It names nobody
party-group = group
party-user = person
party-excluded = excluded
party-means = Means here
gates = Approvals
gates-none = No answer in it is an approval
gates-none-text = A task whose answer is an approval is signed, bound to the package it speaks of.
gate-variable = Answer
gate-guards = Guards
gate-signed = Signed
gate-of = The answer of { $name } is an approval
versions-only = This is the only version
start-title = Start a process
start = Start
start-none = No definition can be started yet. Import one and bind its calls and people.
start-about = About version
start-about-champion = Left empty: the champion, { $name }.
start-about-none = Left empty: the project's champion.
instances = Processes
instances-none = No process here
instances-none-text = Start one from a project or a definition.
instance-started = started by { $who }
instance-cancel = Cancel the process
instance-cancel-text = Open tasks and timers end, work under way is stopped, and the record keeps what happened.
incidents-n =
    { $n ->
        [one] { $n } incident
       *[other] { $n } incidents
    }
incident-retry = Retry
incident-skip = Skip
incident-skip-text = The process goes on as if { $name } had been done. Say why that is right.
with-incident = With incident
ended = Ended
waits-for-nothing = It waits for nothing
effects = Work under way
timers = Timers
operations = What happened
process-variables = What it knows
diagram = Diagram of the process
diagram-of = Diagram of { $name }; it stands at: { $tasks }
diagram-of-definition = Diagram of { $name }
diagram-in = Larger
diagram-out = Smaller
diagram-fit = Fit

## Runs
runs-none = No run here
runs-none-text = Runs are asked for by processes: migrate, train, score.
runs-live = Live
runs-succeeded = Succeeded
runs-failed = Failed
runs-cancelled = Cancelled
run-requested = requested by { $who }
run-instance = The process
run-cancel = Cancel the run
run-why = Why it ended so
run-cleanup = Cleanup
run-files = Files of the manifest
targets = Where runs can go
target-ready = Ready
stages = Stages
outputs = Outputs
output-verified = Verified
output-wrong = Wrong
output-waiting = Not verified yet
metrics = Metrics
log = Log
log-search = Search the log
log-none = none
log-before = Match before
log-after = Next match
log-follow = Follow
log-copy = Copy the log
log-empty = The run wrote nothing.
log-waiting = Nothing written yet.

## People
people-lead = Members, what they may do, and the keys they sign with.
members = Members
member-add = Add a member
member-here = key on this desk
member-display = Name on screens
member-name-text = Lower case letters, digits, dot, hyphen and underscore; at most 64.
member-key = Public key
member-key-text = 64 hexadecimal digits, made on the member's own desk.
member-key-here = Make the key on this desk
member-key-here-text = For a desk that several people use.
roles = Roles
roles-change = Change roles
roles-change-of = Change the roles of { $name }
role-may = May
keys = Keys
key = Key
key-from = From entry
key-until = Until entry
key-revoke = Revoke
key-revoke-of = Revoke key { $key }
key-revoke-text = What key { $key } signed so far stays valid; it signs nothing more.
key-revoked = Revoked

## Ledger
ledger-lead = Every decision, signed and chained. Nothing here can be changed, only added to.
ledger-member = Only by member
ledger-all = Show all entries
ledger-verify = Verify the history
ledger-verifying = Reading and checking every entry and blob
ledger-whole =
    { $n ->
        [one] { $n } entry
       *[other] { $n } entries
    } and { $blobs } blobs checked: the history is whole
ledger-broken =
    { $n ->
        [one] { $n } problem
       *[other] { $n } problems
    } in the history
ledger-chain = Chain
ledger-subject = Everything about this subject
entries = Entries
entries-none = No entries
entry-signed = Signature valid
entry-void = Void
entry-void-text = This slot holds no valid entry and counts for nothing.
fact-body = The fact, whole

## Notices
notices-none = No notices
notices-none-text = You hear when a task needs you, a migration finishes, or a run fails.
notices-none-unread = You have read everything.
notices-unread = Unread
notices-mark-all = Mark all as read
notice-read = Read
notice-mark = Mark “{ $title }” as read

## Settings
settings-lead = Settings of this desk. None of them enters the ledger.
appearance = Appearance
theme = Colours
theme-light = Light colours
theme-dark = Dark colours
theme-system = Colours as the system
theme-light-short = Light
theme-dark-short = Dark
theme-system-short = As the system
language = Language
language-system = As the system
desktop-notices = Notices on the desktop
desktop-notices-text = A click on one opens what it is about.
folders = Folders
buckets = Folder buckets
buckets-text = Bucket b is the folder b in this one.
desk-folder = Desk folder
desk-folder-text = Cache, desk file, and keys where there is no keychain.
workspace = Workspace
workspace-url = Where it lies
workspace-url-example = A folder, or gs://bucket/prefix
workspace-where = Where it shall lie
workspace-id = Identity
workspace-head = Latest entry
workspace-name = What people call it
workspace-member = Your name in it
keys-in = Keys lie in
program-version = Version of the program

## Welcome and story
welcome-lead = The model governance desk: a second person countersigns, and what runs is what was approved.
welcome-open = Open a workspace
welcome-recent = Opened here before
welcome-create = Found a workspace
welcome-create-go = Found it
welcome-demo = See the demonstration
welcome-demo-text = A workspace of its own, with a churn model, its reviewers and a process that waits for the validator. It touches nothing else.
welcome-demo-go = Prepare and open it
story-lead = One model from a package to countersigned, migrated, trained and scored. Play it, or do the steps by hand.
story-of = { $done } of { $of }
story-step = Next step
story-play = Play the story
story-none = This is not the demonstration workspace
story-none-text = Close this workspace and choose the demonstration.

## Words that come from Rust, by family
evidence-kind-contents = Contents
evidence-kind-code = Code
evidence-kind-variables = Variables
evidence-kind-statistics = Fit statistics
evidence-kind-curves = ROC and lift
evidence-kind-findings = Findings
evidence-kind-independence = Independence
story-step-workspace = A workspace is founded; its members each have their own key
story-step-packages = Ana imports two competing packages and names the champion
story-step-definition = The migration process is imported, checked and bound
story-step-start = The process starts in the project; the validator has the task
story-step-separation = Ana cannot approve her own model
story-step-approval = Vera reads the evidence and signs
story-step-bucket = Ivo names the bucket
story-step-migration = The approved files are in that bucket, read back and equal; the ready marker came last
story-step-notification = Dana, the engineer, is told that the migration finished
story-step-training = The ready marker sets off training on Spark; its outputs are verified
story-step-scoring = A dataset arrives and is scored with the approved version
story-step-proof = The whole history is verified, and a rebuilt cache says the same
step-done = Done
step-next = Next
step-playing = Playing
step-failed = Failed
step-later = Later
role-administrator = Administrator
role-data-scientist = Data scientist
role-validator = Validator
role-model-steward = Model steward
role-data-engineer = Data engineer
role-it = IT
role-dev-ops = DevOps
role-manager = Manager
role-auditor = Auditor
role-agent = Agent
function-classification = Classification
function-prediction = Prediction
function-cluster = Clustering
function-forecasting = Forecasting
function-text-analytics = Text analytics
function-transformation = Transformation
function-analytical = Analytical
level-interval = Interval
level-nominal = Nominal
level-binary = Binary
level-ordinal = Ordinal
direction-input = Input
direction-output = Output
direction-target = Target
partition-train = Training
partition-test = Test
partition-validate = Validation
file-role-score = Score
file-role-train = Train
file-role-inputvariables = Inputs
file-role-outputvariables = Outputs
file-role-scoreresource = Resource
file-role-python-pickle = Pickle
file-role-model = Model
file-role-properties = Properties
finding-secret = Credential
finding-pickle = Pickle
finding-pipeline = Pipeline
property-name = Name
property-description = Description
property-function = Function
property-algorithm = Algorithm
property-tool = Tool
property-toolversion = Tool version
property-modeler = Modeler
property-targetvariable = Target variable
property-targetevent = Target event
property-targetlevel = Level of the target
property-eventprobvar = Event probability
property-intendeduse = Intended use
property-statisticsfrom = Statistics from
property-traintable = Training data
property-scorecodetype = Type of score code
property-traincodetype = Type of training code
property-target-level = Level of the target
property-target-variable = Target variable
property-target-event = Target event
property-event-probability-variable = Event probability
action-find-project = Look the project up
action-build = Build the package
action-migrate = Migrate
action-train = Train
action-score = Score
action-report = Report performance
action-publish = Publish
action-notify = Notify
instance-running = Running
instance-completed = Completed
instance-terminated = Terminated
instance-cancelled = Cancelled
instance-failed = Failed
value-string = Text
value-boolean = Yes or no
value-long = Whole number
value-double = Number
value-list = List
value-map = Record
value-null = Nothing
run-state-requested = Requested
run-kind-migrate = Migration
run-kind-train = Training
run-kind-score = Scoring
run-state-preparing = Preparing
run-state-provisioning = Provisioning
run-state-submitted = Submitted
run-state-running = Running
run-state-verifying = Verifying
run-state-succeeded = Succeeded
run-state-failed = Failed
run-state-cancelled = Cancelled
cleanup-not-needed = Not needed
cleanup-required = Required
cleanup-in-progress = In progress
cleanup-proven = Proven
channel-desktop = Desktop
channel-mail = Mail
delivery-delivered = delivered
level-of-info = For information
level-of-success = Success
level-of-warning = Warning
level-of-failure = Failure
keys-in-keychain = the keychain
keys-in-file = a file of the desk folder
