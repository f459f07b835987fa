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
reason-short =
    { $n ->
        [one] Say why.
       *[other] Write at least { $n } characters.
    }
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
inbox-decisions = Decisions on retraining
inbox-decision = { $alerts ->
        [one] one open alert
       *[other] { $alerts } open alerts
    }, { $period }
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
gate-add = Add an approval
gate-add-what = Answer that is an approval
gate-remove = The answer of { $name } is no approval any more
bind-connection = Connection that { $name } goes through
bind-connection-none = Choose a connection
definition-export = Export
definition-export-text = The document as it was imported, byte for byte; where it was edited, only what was edited differs.
definition-export-folder = Folder
definition-export-file = File name
definition-export-write = Write the file
definition-exported = Written to { $path }
versions-only = This is the only version
start-title = Start a process
start = Start
start-none = No definition can be started yet. Import one and bind its calls and people.
start-about = About version
start-about-champion = Left empty: the champion, { $name }.
start-about-none = Left empty: the project's champion.
start-by-itself = Start by itself from now on
start-by-itself-text = This process can start by itself, at: { $events }. Each start then takes the answers given here.
self-starts = Starts by itself
self-start-next = Next start
self-start-listens = when it is told to
self-start-last = Last start
self-start-never = none yet
self-start-stop = Stop
self-start-stop-of = Start by itself in { $name } no more
self-start-count = { $n ->
    [one] one process so far
   *[other] { $n } processes so far
}
self-start-missed = { $n ->
    [one] stands for one missed moment as well
   *[other] stands for { $n } missed moments as well
}
champion-then = the champion of that moment
instance-begun = Started by itself, as { $who } wanted,
instance-begun-due = due
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
incident-again = It is tried again by itself ({ $number } of { $of }):
incident-retry = Retry
incident-skip = Skip
incident-skip-text = The process goes on as if { $name } had been done. Say why that is right.
with-incident = With incident
ended = Ended
waits-for-incident = It waits for somebody to see to what went wrong
diagram-none = Nothing is drawn
diagram-none-text = The definition has no diagram; it runs all the same.
waits-for-nothing = It waits for nothing
waits-to-be-told = Waits to be told
deliver = Deliver
deliver-title = Deliver to { $name }
deliver-text = What comes in is recorded, signed by you, and the process goes on with it.
deliver-correlation = Value it carries
deliver-variables = Variables it brings
deliver-variables-text = A JSON object of names and values. Empty: none.
deliver-no-object = This is no JSON object.
awaits-message = message
awaits-signal = signal
awaits-receive = receive task
awaits-job = job
col-awaits = What
variables-of = What { $name } knows
variable-add = Add a variable
variable-name = Name
variable-name-taken = It knows this one already; correct it.
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
next = Next
compare-with-n = Compare with { $n }
task-more = More
task-delegate = Ask somebody to do it
task-delegate-text = Somebody else prepares the answer and gives it back; it stays yours to complete.
task-assign = Give it to somebody else
task-assign-text = It is theirs from then on. Rules about who may take it hold as always.
task-move-due = Move the due date
task-due-text = Left empty: it has no due date.
task-to = To whom
task-nobody = Nobody here may take it
task-give-back = Give it back to { $who }
move-version = Move to another version
move-version-to = Version
move-version-possible = It can be moved: everything it stands at has its counterpart.
move-version-problems = What stands in the way
move-version-losses = What is lost
move-version-gains = What is new
move-version-map = Counterpart of { $name }
move-version-map-none = none
called = Processes of other definitions
col-process = Process
called-in = Definition that { $process } is in
start-process = Which process
col-priority = Priority
priority-n = priority { $n }
task-form = The definition names a form for this task that lies elsewhere: `{ $form }`
turn-version = Turn to another model version
turn-version-text = What the process asks, checks, migrates and publishes from now on is about the version chosen here. Approvals of the version before do not count for it.
turn-version-to = Version of the model
reminders-of = Reminders
reminded-times = { $n ->
    [0] not reminded yet
    [one] reminded once
   *[other] reminded { $n } times
}
reminded-last = last
remind-next = reminded again
escalate-next = if nobody answers, told to { $who }
escalated = told to { $who }
escalates-to-administrators = the administrators
correct = Correct
correct-title = Correct { $name }
correct-text = The new value is recorded, signed by you. The process goes on with it.
correct-kind = This is not of the variable's type.
times = Time spent
times-left = Times
times-spent = Time
comment-mention = Members to mention

## Designer
design = Working copy
designs = Drawings not published yet
design-new-title = Draw a process
design-begin = Begin
design-from-template = Or begin with a template
design-change = Change
design-new = drawn anew
design-from = from version { $n }
design-kept = kept on this desk
design-ready = No errors
design-palette = What can be drawn
design-board = Drawing of { $name }
design-properties = Properties
design-go = Go to an element
design-added = Added: { $kind }
design-needs-task = Select a task first: this is attached to one
design-undo = Undo: { $what }
design-undo-none = Nothing to undo
design-redo = Redo: { $what }
design-redo-none = Nothing to redo
design-discard = Discard
design-discard-text = The working copy of { $name } goes, with its { $n } steps. What was published stays.
design-publish = Publish
design-publish-anyway = Publish anyway
design-publish-text = It becomes version { $n }. Processes that run stay on the version they began with.
design-publish-errors = It has { $n } errors: it can be published, but not started.
design-published = { $name } is published as version { $n }
design-text = Text
design-remove = Remove { $name }
design-documentation = Documentation
design-people = People
design-groups = Groups that may claim it
design-users = People that may claim it
design-excluded = May not claim it
design-excluded-text = Names, or an expression such as the starter of the process.
design-assignee = Given to
design-assignee-text = Left empty: whoever claims it.
design-due-none = No due date. A duration such as P3D, a date, or an expression.
design-questions = Questions
design-question = Question
design-question-n = Question { $n }
design-question-new = What is to be answered?
design-question-add = Ask something
design-question-remove = Remove the question { $name }
design-variable = Variable
design-variable-name = Letters, digits and _ only.
design-variable-twice = Another question has this variable.
design-required = Must be answered
design-choice-label = Choice { $n }
design-choice-new = Choice
design-choice-add = Choice
design-choice-remove = Remove the choice { $name }
design-choice-type = Not of the question's type.
design-up = Move up
design-down = Move down
design-condition = When it is taken
design-condition-when = Condition
design-condition-none = No condition: it is always taken.
design-default = When no other condition holds
design-flow-plain = It is always taken. Conditions stand on flows that leave a gateway.
design-flow-remove = Remove the flow to { $name }
design-reads = It reads: { $names }
design-unknown = Nothing sets { $names }
design-timer = Timer
design-timer-kind = Fires
design-timer-text = When
design-timer-duration = After a time
design-timer-date = At a date
design-timer-cycle = Again and again
design-timer-next = Set now, it would fire
design-timer-once = Set now, it would be due
design-timer-never = It never fires.
design-timer-variable = It is known when it runs, from { $names }.
design-interrupting = Ends the task it is attached to
design-message = Message
design-message-text = The name by which it is sent.
design-signal = Signal
design-does = What it does
design-input-add = Give it something
design-input-remove = Remove the input { $name }
design-delegate = It calls
design-other-fields = Other fields
design-captures = What it keeps of the reply
design-captures-text = A JSON path, and the variable that takes what is there.
design-capture-add = Keep something
design-capture-remove = Do not keep { $name }
design-path = JSON path
design-data = Variables
design-data-text = What the process knows, with its type and what it begins as.
design-data-add = Add a variable
design-data-remove = Remove the variable { $name }
design-begins-as = Begins as
design-leads-to = Leads to
design-connect = Lead it to…
design-group-people = People
design-group-actions = Actions
design-group-ways = Ways
design-group-waits = Waits
design-group-ends = Starts and ends
design-group-more = More
design-kind-start = Start
design-kind-timer-start = Start by timer
design-kind-message-start = Start by message
design-kind-end = End
design-kind-terminate-end = End everything
design-kind-task = Task
design-kind-approve = Approve
design-kind-find-project = Look the project up
design-kind-build = Build the package
design-kind-migrate = Migrate
design-kind-train = Train
design-kind-score = Score
design-kind-report = Report performance
design-kind-publish = Publish
design-kind-champion = Make champion
design-kind-keep = Keep the version
design-kind-choose = Choose the version
design-kind-notify = Notify
design-kind-mail = Mail
design-kind-call = Call an address
design-kind-exclusive = One of several ways
design-kind-parallel = All ways at once
design-kind-inclusive = Any of several ways
design-kind-event-based = What comes first
design-kind-timer = Wait for a time
design-kind-message = Wait for a message
design-kind-signal = Wait for a signal
design-kind-timer-boundary = Reminder on a task
design-kind-message-boundary = Message on a task
design-kind-error-boundary = Error on a task
design-kind-sub-process = Sub-process
design-kind-annotation = Remark
design-pad-task = Task after it
design-pad-exclusive = Gateway after it
design-pad-end = End after it
design-pad-connect = Connect
design-pad-remove = Remove
design-done-begin = begin
design-done-add = add
design-done-connect = connect
design-done-reconnect = lead elsewhere
design-done-remove = remove
design-done-move = move
design-done-bend = bend
design-done-name = name
design-done-documentation = documentation
design-done-assignee = given to
design-done-candidates = candidates
design-done-excluded = excluded people
design-done-due = due date
design-done-prompts = questions
design-done-condition = condition
design-done-default = default way
design-done-timer = timer
design-done-interrupting = ends its task
design-done-act = action
design-done-field = field
design-done-captures = what is kept
design-done-message = message
design-done-signal = signal
design-done-data = variables
design-fields-resttask = The call
design-fields-notificationtask = The notice
design-fields-mailtask = The mail
design-field-url = Address
design-field-method = Method
design-field-bodytype = Body
design-field-body = Body as JSON
design-field-headers = Headers as JSON
design-field-statuscode = Expected status
design-field-groupids = Groups that are told
design-field-userids = People that are told
design-field-level = Level
design-field-templatename = What they are told
design-field-mail = By mail, too
design-field-to = To
design-field-subject = Subject
design-field-message = Message
design-name-task = Task
design-name-approve = Approve the model
design-name-find-project = Look the project up
design-name-build = Build the package
design-name-migrate = Migrate to the bucket
design-name-train = Train the model
design-name-score = Score the data
design-name-report = Report performance
design-name-publish = Publish the model
design-name-champion = Make it the champion
design-name-keep = Go back to the present model
design-name-choose = Take up the model that was chosen
design-name-notify = Tell the modelers
design-name-mail = Write a mail
design-name-call = Call an address
design-name-timer-boundary = Reminder
design-name-sub-process = Sub-process
design-name-annotation = Remark
design-name-message = Message
design-name-signal = Signal
design-name-message-boundary = Message
design-name-message-start = Message
design-name-start = Start
design-name-end = End
design-name-exclusive = Which way?
design-name-timer = Wait
design-name-terminate-end = End
design-name-timer-start = On schedule
design-name-parallel = In parallel
design-name-inclusive = Which ways?
design-name-event-based = What comes first?
design-name-error-boundary = Error

## Rehearsal
rehearse = Rehearse
rehearse-title = Rehearsal of { $name }
rehearse-lead = Nothing outside is touched, and nothing is recorded.
rehearse-choose = Choose a definition to rehearse
rehearse-begin = Begin
rehearse-begin-text = Answer what is asked at the start, then see where it goes.
rehearse-back = Step back
rehearse-again = Begin again
rehearse-errors = It cannot be rehearsed yet
rehearse-forget = Go on without it
rehearse-clock = Clock
rehearse-advance = Advance
rehearse-advance-by = By how much
rehearse-unit = Unit of time
unit-minutes = minutes
unit-hours = hours
unit-days = days
unit-weeks = weeks
rehearse-fire = To the next timer
rehearse-no-timer = No timer runs.
rehearse-send = Send
rehearse-waits-message = waits for the message
rehearse-waits-signal = waits for the signal
rehearse-waits-receive = waits to be told to go on
rehearse-waits-job = waits for its job
rehearse-as = As
rehearse-anybody = anybody
rehearse-not = not { $who }
rehearse-nothing = Nothing happened yet.
rehearse-did-start = Started
rehearse-did-complete = { $name }, by { $who }
rehearse-did-advance = Time went on by { $time }
rehearse-did-fire = The next timer fired
rehearse-did-retry = Tried again: { $name }
rehearse-did-skip = Skipped: { $name }
rehearse-did-send = Sent: { $name }
rehearse-replies = Replies to calls
rehearse-replies-text = Where none fits, a call succeeds. Give one to see what happens otherwise; * stands for anything.
rehearse-reply-url = Address
rehearse-reply-status = Status
rehearse-reply-body = Body
rehearse-reply-json = This is no JSON.
rehearse-reply-add = Answer so
rehearse-reply-remove = Remove

## Differences
differences = What differs
differences-title = { $before } and { $after }
differences-choose = Choose two versions of a definition
differences-none = Nothing differs
differences-none-text = Both do the same, drawn in the same places.
differences-only-moved = { $n } elements are drawn in other places.
differences-moved = Show what only moved
difference-added = added
difference-removed = removed
difference-changed = changed
difference-moved = moved

## Import of a definition
wizard-lead = From a file to a process that can be started.
wizard-file = File
wizard-checks = Checks
wizard-calls = Calls
wizard-people = People
wizard-import = Import
wizard-again = Begin again
wizard-read = Read
wizard-file-text = It is read, not changed: what comes in goes out byte for byte.
wizard-new = { $name } is new here.
wizard-next = It becomes version { $n } of { $name }.
wizard-startable = It can be started as soon as it is imported.
wizard-not-startable = It can be imported, but not started yet
wizard-unbound-calls = Calls without a meaning here: { $n }
wizard-undirected = Calls of another system without a connection to go through: { $n }. Choose one in the step of the calls.
wizard-unbound-people = Groups and people without a meaning here: { $n }
wizard-tasks-n =
    { $n ->
        [one] one task
       *[other] { $n } tasks
    }
wizard-named-by = Named by
wizard-done = { $name } is imported as version { $n }

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

## The runs room: asking, schedules, places, templates, what was left behind
runs-pages = Pages of the runs room
remove = Remove
actions = Actions
command = The same on a command line
command-copy = Copy the command
cost = Cost
estimate = Estimate
estimate-none = nothing is billed
estimate-no-price = unknown: the price table has no price in { $region }
estimate-sandbox = nothing: it is a rehearsal
estimate-minutes =
    { $n ->
        [one] for one minute
       *[other] for { $n } minutes
    }
prices-of = (prices of { $day })
col-cloud-project = Cloud project
col-region = Region
col-cluster = Cluster
col-template = Cluster template
col-impersonate = Impersonated account
col-endpoint = Endpoint
col-named-by = Named by
col-place = Place
col-kind = Kind
col-resource = Resource
col-since = Since
col-modified = Modified
col-requested-by = Asked for by
run-compare = Compare
run-compare-with = Compare with another run
run-runtime = Runtime
run-again = Ask again
run-rehearsal = Rehearsal
run-unclean = Left something behind
run-trigger = Set off by
run-registered = Registered version
run-deadline = Time limit
runs-unclean = Unclean
runs-any-kind = Any kind
runs-any-target = Any target
cleanup-graph = What it made in the cloud
submit-title = Ask for a run
submit-lead = What stands in the way, what it costs and the command that does the same are shown before anything is asked for.
submit-what = What
submit-where = Where
submit-settings = Settings
submit-kind-migrate = Puts the approved files into a bucket, reads them back, and writes the ready marker last.
submit-kind-train = Trains with the approved files in the bucket; it succeeds when its outputs are found there.
submit-kind-score = Scores the data in the bucket with the pipeline that was trained there.
submit-kind-retrain = Trains on the data of today; what comes of it is registered as a further version with its metrics.
submit-version-none = No version has that in its name
submit-version-choose = Choose a version
submit-version-open = Open the version
submit-approved = Approved by { $who }
submit-not-approved = Not approved
submit-target-local = Spark on this machine
submit-target-bucket = The bucket, as this desk reaches it
submit-bucket-migrate = Where the files go.
submit-bucket-text = Empty for the bucket it was migrated to last.
submit-remove-foreign = Remove what is not part of the version
submit-remove-foreign-text = What lies in its folder and never belonged to a version is deleted for good. Without this the migration is refused there.
submit-rehearse = Rehearse in the sandbox first
submit-rehearse-text = The same steps in a Google Cloud on this machine. Nothing of it counts for what is real.
submit-args = Arguments
submit-args-text = One a line, handed to the script after its own.
submit-properties = Spark properties
submit-properties-text = One a line: name=value.
submit-properties-bad = “{ $line }” is no name=value.
submit-deadline = Stopped after minutes
submit-deadline-text = Empty: what the target says.
submit-minutes = Minutes expected
submit-minutes-text = For the estimate. Empty: what earlier runs took.
submit-go = Ask for the run
submit-go-migrate = Migrate
submit-go-rehearse = Rehearse it
preflight = Before it goes
preflight-looking = Looking…
preflight-waiting = Choose a version, and a bucket where one is needed.
preflight-clear = Nothing stands in the way
preflight-warnings =
    { $n ->
        [one] It may go; one thing to know
       *[other] It may go; { $n } things to know
    }
preflight-blocked =
    { $n ->
        [one] One thing stands in the way
       *[other] { $n } things stand in the way
    }
finding-blocking = In the way
finding-warning = To know
compare-runs = Two runs compared
compare-with = with
compare-first = First
compare-second = Second
compare-change = Change
compare-pick = The other run
targets-title = Targets
targets-lead = Where runs can go. A target says what and where; who signs in is always this desk.
target-add = Add a target
target-remove = Remove { $name }
target-remove-text = Nothing can be asked for there any more. What ran there stays in the history.
target-not-ready = Not ready
target-live = Runs not closed
target-deadline-text = Runs on it that do not say otherwise. Empty: one hour.
batch-runtime-version = Runtime version
batch-container-image = Container image
batch-service-account = Service account
batch-subnetwork = Subnetwork
batch-staging-bucket = Staging bucket
batch-history-server = History server
batch-jars = Jars
batch-python-files = Python files
batch-network-tags = Network tags
batch-list-text = One a line
target-stored = Stored workflow template
target-stored-text = Each workflow is kept at the service as a template, started from there, and removed with the rest.
target-name-text = Lower case letters, digits, “.”, “-” and “_”.
target-template-text = Without one: a single small node.
target-impersonate-text = A service account that this desk may act as.
target-endpoint-text = Only where it is not Google: an address, or “sandbox”.
target-services = Addresses of single services
target-services-text = One a line: “storage=https://…”. Services: storage, dataproc, iamcredentials, compute.
target-kind-local-spark = Apache Spark on this machine
target-kind-bucket = Folder buckets of this desk
target-kind-dataproc-cluster = A Dataproc cluster for each run: made, used, deleted, and its deletion proven
target-kind-dataproc-existing = A Dataproc cluster that is there
target-kind-dataproc-serverless = A Dataproc Serverless batch for each run
target-kind-dataproc-workflow = A Dataproc workflow for each run, with a cluster that the service itself makes and deletes
target-kind-short-dataproc-cluster = Own cluster
target-kind-short-dataproc-existing = Existing cluster
target-kind-short-dataproc-serverless = Serverless
target-kind-short-dataproc-workflow = Workflow
built-in-local-spark = Spark on this machine
built-in-bucket = Folder buckets of this desk
buckets-title = Buckets
buckets-lead = What lies in them, and whether it is what was approved.
buckets-none = No bucket yet
buckets-none-text = A folder bucket is a folder in the desk's bucket folder (see the settings); a cloud bucket comes with a migration or a target.
buckets-reconcile = Compare with what was approved
bucket-kind-folder = Folder
bucket-kind-cloud-storage = Cloud Storage
bucket-kind-sandbox = Sandbox
bucket-ready = Version that lies ready
bucket-nothing-ready = nothing ready
bucket-agrees = As approved
bucket-differs =
    { $n ->
        [one] One object differs
       *[other] { $n } objects differ
    }
bucket-not-approved =
    { $n ->
        [one] What lies here is not what was approved: one object differs
       *[other] What lies here is not what was approved: { $n } objects differ
    }
reconcile-differs =
    { $n ->
        [one] One place is not what was approved
       *[other] { $n } places are not what was approved
    }
reconcile-agrees =
    { $n ->
        [0] No version lies ready anywhere
        [one] The place compared is what was approved
       *[other] All { $n } places compared are what was approved
    }
objects = Objects
objects-none = Nothing in this folder
objects-none-text = Drop files beside it, or migrate a version to this bucket.
objects-cut = There are more than are listed here.
folder-up = Up
drop-upload = Upload into this folder
drop-score = Upload and score
drop-text = Let files go anywhere on the window.
drop-text-score = Let files go anywhere on the window; { $label } scores them.
drop-paths = Files
drop-paths-text = One path a line.
drop-score-switch = Score them
drop-score-switch-text = They replace the data to score; the marker that sets the run off is written last. { $label } scores them.
drop-score-none = No approved version lies ready here, so there is nothing to score with.
drop-done =
    { $n ->
        [one] One object is there
       *[other] { $n } objects are there
    }
drop-go =
    { $n ->
        [0] Upload
        [one] Upload one file
       *[other] Upload { $n } files
    }
drop-go-score =
    { $n ->
        [0] Upload and score
        [one] Upload one file and score it
       *[other] Upload { $n } files and score them
    }
leftovers = Left behind
leftovers-lead = Everything in the cloud that carries our label, held against the ledger. What no live run owns costs money for nothing.
leftovers-look = Look again
leftovers-sweep =
    { $n ->
        [0] Delete what is chosen
        [one] Delete one
       *[other] Delete { $n }
    }
leftovers-pick = Choose
leftovers-found =
    { $n ->
        [one] One resource belongs to no live run
       *[other] { $n } resources belong to no live run
    }
leftovers-found-text = Choose what is to go, and delete it.
leftovers-cost = So far they cost about
leftovers-none = Nothing was left behind
leftovers-none-text = No target in the cloud has a cluster, batch or job of ours that a live run does not own.
leftovers-no-run = no run known here
leftovers-live = A live run's
leftovers-owned = Within its limits
leftovers-for-schedule = a schedule of Cloud Scheduler
leftovers-for-report = a performance report
leftovers-unreachable =
    { $n ->
        [one] One region could not be looked at; nothing can be said of it
       *[other] { $n } regions could not be looked at; nothing can be said of them
    }
leftovers-sure =
    { $n ->
        [one] Delete one resource?
       *[other] Delete { $n } resources?
    }
leftovers-sure-text = This cannot be undone. It counts as gone when the service answers that it is not there.
leftovers-delete = Delete
leftover-cluster = Cluster
leftover-batch = Batch
leftover-job = Job
sweep-none = Left behind
sweep-asked = Being deleted
sweep-proven = Proven gone
cluster-templates = Cluster templates
cluster-templates-lead = Shapes of clusters, made once by a data engineer, for everybody who runs something.
cluster-templates-none = No cluster template yet
cluster-templates-none-text = Type one, or map it from what stands on premise: nodes, spark-defaults.conf, yarn-site.xml, requirements.
template-new = New template
template-map = Map from on premise
template-lead = Every cluster made of it deletes itself when it idles or grows old, whoever forgets it.
template-map-lead = What stands on premise becomes a cluster, every decision with its reason.
template-machines = Machines
template-single = single node, { $machine }
template-image = Image
template-hour = An hour
template-per-hour = an hour
template-targets = Targets
template-drop = Remove { $name }
template-drop-text = Targets that were made of it keep their own copy. The same shape as a command:
template-keep = Keep the template
template-source = What stands on premise
template-told = What it means
template-fine = Dataproc would take it.
template-no-price = The price table has no price for this in { $region }.
template-region-text = For the price and the command.
map-nodes = Nodes
map-nodes-text = A line a node: name, cores, memory in GB.
map-spark = Spark version
map-single = Single node
map-single-text = Driver and executors on one machine, for small data and rehearsals.
map-go = Map it
decisions = Source and result
decisions-of = { $n } decisions, { $left } left out
decision-source = On premise
decision-result = In the cloud
decision-reason = Why
decision-left = left out
shape-machines = Machines
shape-master = Master
shape-workers = Workers
shape-count = How many
shape-machine = Machine type
shape-disk = Disk, GB
shape-image-version = Image version
shape-zone = Zone
shape-subnetwork = Subnetwork
shape-service-account = Service account
shape-staging-bucket = Staging bucket
shape-life = Life
shape-life-text = in minutes, always set
shape-idle = Deleted when idle for
shape-age = Deleted at the age of
shape-provision = Must be up within
shape-software = Software
shape-properties = Properties
shape-properties-text = One a line: spark:spark.executor.memory=8g
shape-packages = Python packages
shape-packages-text = One a line; installed by Google's own action (PIP_PACKAGES).
shape-network = Network and identity
schedules = Schedules
schedules-lead = Runs that are asked for again and again. However many times were missed while nobody looked, one run is asked for.
schedules-none = No schedule yet
schedules-none-text = A schedule trains or scores with an approved version, by a rule such as every 4 weeks on Monday.
schedule-add = Add a schedule
schedule-rule = Rule
schedule-rule-first = every 4 weeks on Monday at 02:00 in Europe/Zurich
schedule-rule-text = every 4 weeks on Monday at 02:00 in Europe/Zurich · every 2 days at 06:30 · every month on day 1 at 02:00 · or cron: 0 2 * * 1 in Europe/Zurich
schedule-next = Next
schedule-next-ten = The next ten times
schedule-last =
    { $n ->
        [0] Last times
        [one] Due once so far
       *[other] Due { $n } times so far
    }
schedule-never = It was not due yet.
schedule-missed =
    { $n ->
        [one] stands for one that was missed
       *[other] stands for { $n } that were missed
    }
schedule-instead = Use this instead
schedule-remove-text = Nothing more is asked for by it. Runs it asked for go on.
schedule-export = Cloud Scheduler
schedule-export-text = Makes a Cloud Scheduler job that starts the same work in the cloud, without this desk. It runs the files that lie ready in the bucket; nobody compares them with the approval then.
sandbox = Sandbox
sandbox-on = On
sandbox-off = Off
sandbox-text = A Google Cloud on this machine: buckets, clusters and batches, with jobs that really run. Nothing leaves the machine, nothing costs.
sandbox-rehearse = Rehearse a migration in it first.
sandbox-where = Address
sandbox-folder = Its state
sandbox-speed = Speed of clusters
sandbox-speed-text = How much faster they come and go than real ones.
sandbox-times = { $n } × real
sandbox-no-buckets = none yet
sandbox-not-ours = Another program of this desk serves it; stop it there.
sandbox-buckets = Make buckets
sandbox-buckets-text = Names, with spaces between.
sandbox-make-buckets = Make them
sandbox-start = Start the sandbox
faults = Faults
faults-text = What goes wrong in a real cloud, on demand: see how a run ends before it happens there.
faults-none = No fault waits.
faults-clear = Forget them all
fault = Fault
fault-times = How often
fault-after = After so many
fault-path = Only where the path has
fault-add = Add
fault-too-many = 429, too many requests
fault-broken = 500, internal error
fault-unavailable = 503, unavailable
fault-expired-token = 401, the token expired
fault-denied = 403, no permission
fault-quota = No quota for a cluster
fault-slow = Slow by three seconds
fault-dropped-before = Connection lost before the effect
fault-dropped-after = Connection lost after the effect
fault-cluster-stuck = A cluster never comes up
fault-cluster-error = A cluster fails
fault-cluster-survives = A cluster survives its deletion
fault-job-error = A job fails
fault-job-without-output = A job “succeeds” without output
fault-kind-status = Status
fault-kind-latency = Slow
fault-kind-drop-before = Lost before
fault-kind-drop-after = Lost after
fault-kind-hold-before = Held before
fault-kind-hold-after = Held after
fault-kind-quota = No quota
fault-kind-cluster-stuck = Cluster stuck
fault-kind-cluster-error = Cluster error
fault-kind-cluster-survives = Cluster survives
fault-kind-job-error = Job error
fault-kind-job-without-output = No output
run-kind-retrain = Retraining

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
key-enrolled-by = Enrolled by
key-waits = waits for a second administrator
key-enrol = Enrol key
key-enrol-of = Enrol a key of { $name }
key-enrol-text = What this key signs will count as signed by { $name }. Compare the fingerprint with them by voice before you enrol it.
key-confirm = Confirm
key-confirm-of = Confirm key { $key }
key-fingerprint = Fingerprint
own-key = My key on this desk
own-key-text = You sign with a key that never leaves this desk. Make it here; an administrator enrols its public half, and from then on your decisions count.
own-key-whose = Your member name
own-key-make = Make the key
own-key-enrolled = This key may sign.
own-key-send = It signs nothing yet. Send the public key to an administrator, and compare the fingerprint by voice.
own-key-copy = Copy the public key
own-key-terminal = In a terminal the administrator types:
invite = Invite
invite-text = Send this to the person. It says where the workspace lies and which one it is, so that their first contact is with this workspace and no other. It is no secret: it opens nothing that the folder or bucket does not open.
invite-link = Invitation
invite-copy = Copy the invitation
invite-step-open = At their own desk they choose “Open a workspace” and paste it.
invite-step-key = Under People they make their key, and send you its public half.
invite-step-enrol = You add them as a member with that key, or enrol it if they are a member already.
inbox-keyless = No key lies on this desk: you can read everything and decide nothing. Make your key, and have an administrator enrol it.

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
settings-lead = Settings of this desk. None but the connections enters the ledger.
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
workspace-url-example = A folder, or a bucket: gs://, s3:// or az://name/prefix
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
story-in-sandbox = Play it in the sandbox
story-in-sandbox-text = A Google Cloud on this machine: its bucket, its clusters, jobs that really run. Otherwise a folder and this machine’s own Spark.
story-is-in-sandbox = In the sandbox
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
story-step-monitor = Sam watches the champion; four quarters of outcomes arrive in the bucket
story-step-decay = The process creates the report: Gini fell by almost half, the score looks stable; Sam is told
story-step-retrain = Ana may not judge her own model; Sam decides to retrain, and Spark trains it again
story-step-sandbox = A Google Cloud on this machine, with a bucket and a target
story-step-swept = Nothing is left in that cloud
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
action-champion = Make the version the champion
action-keep = Turn back to the version before the retraining
action-choose = Turn to the version that an answer names
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
value-date = Date
value-any = Anything
effect-http = Call
effect-mail = Mail
effect-notify = Notice
effect-set = Kept
effect-assign = Offered
effect-job = Job
effect-script = Script
effect-signal = Signal
effect-message = Message
effect-delegate = Delegate
bpmn-tag-process = Process
bpmn-tag-sequenceflow = Flow
bpmn-tag-usertask = Task
bpmn-tag-servicetask = Service task
bpmn-tag-scripttask = Script task
bpmn-tag-receivetask = Receive task
bpmn-tag-sendtask = Send task
bpmn-tag-manualtask = Manual task
bpmn-tag-businessruletask = Rule task
bpmn-tag-task = Task
bpmn-tag-callactivity = Call of a process
bpmn-tag-subprocess = Sub-process
bpmn-tag-startevent = Start
bpmn-tag-endevent = End
bpmn-tag-boundaryevent = Event on a task
bpmn-tag-intermediatecatchevent = Event waited for
bpmn-tag-intermediatethrowevent = Event thrown
bpmn-tag-exclusivegateway = One of several ways
bpmn-tag-parallelgateway = All ways at once
bpmn-tag-inclusivegateway = Any of several ways
bpmn-tag-eventbasedgateway = What comes first
bpmn-tag-textannotation = Remark
aspect-tag = kind
aspect-name = name
aspect-documentation = documentation
aspect-source = from
aspect-target = to
aspect-attached = attached to
aspect-assignee = given to
aspect-groups = groups
aspect-users = people
aspect-excluded = excluded
aspect-due = due
aspect-condition = condition
aspect-default = default way
aspect-interrupting = ends its task
aspect-timer = timer
aspect-delegate = calls
aspect-message = message
aspect-signal = signal
aspect-prompt = question
aspect-field = field
aspect-capture = keeps
aspect-data = variable
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

## Search
found-project = Projects
found-model = Models
found-version = Versions with this digest
found-definition = Definitions
found-instance = Processes
found-task = Tasks
found-run = Runs
found-member = People
found-variable = Variables
found-file = Files
found-entry = Entries

## Inbox, for later
tasks-view-snoozed = Later
tasks-none-snoozed = Nothing is put off
tasks-filter = Filter the tasks by name
tasks-project = Only of one project
tasks-project-all = Every project
snooze-of = Put off { $name }
snooze-tomorrow = Until tomorrow
snooze-days = For three days
snooze-week = For a week
snooze-back = Back into the inbox
snoozed-until = put off until { $when }
keys-snooze = Put the task off until tomorrow
keys-comment = Comment on the task
keys-answer = Answer the task

## Model card
tab-card = Model card
card-of = Model card of { $name }
card-lead = { $name } of { $project }: what to know before relying on it.
card-print = Print
card-purpose = What it is for
card-owner = Who answers for it
card-modeler = Modeler
card-registered-by = Registered by
card-data = What it was made from
card-unsaid = The package does not say
card-training-table = Training data
card-inputs =
    { $n ->
        [one] Input
       *[other] { $n } inputs
    }
card-outputs = Outputs
card-limits = Limits and warnings
card-limits-none = Reading the package found nothing to warn of.
card-lineage = From package to use
card-step-package = Package
card-step-registered = Registered
card-step-signed = Countersigned
card-step-migrated = Migrated
card-step-place = Place in the project
card-no-place = none
card-not-migrated = Not migrated yet.
card-not-reached = (not reached)
# Mail from this desk (settings)
mail = Mail
mail-text = Notices also go out by mail, once each, to members who have an address. Nothing goes out without a server.
mail-host = Mail server
mail-port = Port
mail-security = Connection
mail-security-tls = TLS
mail-security-starttls = STARTTLS
mail-security-plain = None (this machine only)
mail-user = Account
mail-from = Sender
mail-whom = Who gets mail from this desk
mail-whom-here = Members whose key lies here
mail-whom-everybody = Everybody (at one desk only)
mail-password = Password
mail-password-text = It lies in the keychain of this machine and nowhere else.
mail-password-kept = A password lies in the keychain
mail-password-keep = Keep in the keychain
doors = Connections to other systems
doors-text = Calls of processes go nowhere else. Everybody in the workspace sees them; an administrator allows and withdraws them.
doors-none = No connection is allowed yet
door-name = Name of the connection
door-base = Address
door-methods = Methods
door-reach = Reach
door-reach-public = public addresses
door-reach-private = this machine and private networks too
door-reach-anywhere = anywhere
door-header = Header of its credential
door-allow = Allow
door-withdraw = Withdraw
door-withdraw-text = Calls bound to { $name } stop with an incident. Say why.
door-credential = Credential of { $name }
door-credential-keep = Keep in the keychain
door-credential-here = kept here
door-credential-missing = not at this desk
mail-test = Send a test message
mail-test-to = Address for the test message
mail-test-sent = Sent to { $to }. The server said: { $answer }

# Monitoring
nav-monitoring = Monitoring
spark = { $name } from { $first } to { $last }
percent = { $share } %
missing = Missing
stop = Stop
final = final
provisional = provisional
monitoring-portfolio = Models by health
monitoring-by-health = How many models of each health
monitoring-monitors = Monitors
monitoring-alerts = Alerts
monitoring-reports = Reports
tab-monitoring = Monitoring
portfolio-empty = No model to watch
portfolio-empty-text = Make a version the champion of its project, and it appears here with how it does.
monitors-empty = Nothing is watched
monitors-empty-text = A monitor reads scored data as they come and says whether the model still does what was approved.
alerts-empty = No alerts
alerts-empty-text = No rule of a monitor waits for an answer.
reports-empty = No reports
reports-empty-text = Define a monitor, and its reports are listed here.
alerts-open = Open
alerts-settled = Settled
alerts-all = All
alert-waits = Waits for a decision
alert-settled = Settled
alert-settle = Settle
alert-settle-this = Settle { $rule } in { $period }
alert-settle-text = The alert needs no decision on the model: say why. The reason is recorded with your name.
alert-level-warning = Warning
alert-level-alert = Alert
answer-retrain = Retrain
answer-wait = Wait
health-alert = Alert
health-watch = Watch
health-retraining = Retraining
health-unknown = Not yet known
health-healthy = Healthy
health-unwatched = Unwatched
health-retired = Retired
recommended-keep = Keep
recommended-watch = Watch
recommended-investigate = Investigate
recommended-retrain = Retrain
recommended-unknown = Nothing to judge by
recommended-long-keep = Keep the model
recommended-long-watch = Watch it: look again next period
recommended-long-investigate = Investigate the data before anything else
recommended-long-retrain = Retrain the model
recommended-long-unknown = There is nothing to judge by yet
col-health = Health
col-monitor = Monitor
col-course = Course
col-score-psi = Score PSI
col-alerts = Alerts
col-recommended = Recommended
col-period = Period
col-periods = Periods
col-next = Next report
col-owner = Owner
col-raised = Raised
col-recorded = Recorded
col-metric = Metric
col-group = Group
col-event-rate = Event rate
col-selected = Called an event
col-tpr = True positive rate
col-fpr = False positive rate
col-input = Input
col-labelled = Outcomes known
col-p1 = Inputs above 0.1
col-p25 = Inputs from 0.25
col-file = File
col-column = Column
col-part = Likely for
col-levels = Levels
monitor-define = Define a monitor
monitor-compute = Compute a report now
monitor-computing = How far the computation is
monitor-pieces = { $done } of { $of } pieces
monitor-known = These very data have a report already: nothing was computed twice.
monitor-decide = Decide
monitor-change = Change
monitor-change-title = Change { $name }
monitor-retire = Retire
monitor-retire-text = The monitor stops: no further report is due, and its history stays. This cannot be undone; a new monitor can be defined.
monitor-retired = This monitor is retired
monitor-obstacle = The latest report that was due could not be computed here
monitor-lead = { $owner } answers for it, in { $project }. It watches
monitor-on-data = when new data come
monitor-no-report = No report yet
monitor-no-report-text = Compute the first one now, or let the agent do it when it is due.
monitor-open-report = Open the report
monitor-open-alerts = Open alerts
monitor-no-alerts = Nothing waits for an answer.
monitor-decisions = Decisions
monitor-no-decisions = Nobody has decided yet.
monitor-terms = What it watches (terms { $number })
decision-run = the retraining
decision-compare = compare with { $number }, which came of it
decision-report = on this report
retrain-title = Retrain { $model }?
decide-answer = Your decision
decide-record = Record the decision
question-open = Answer this question.
question-performs = Does the model still perform well enough for its use?
question-data = Are the data of the latest period sound?
question-context = Has the business or the population changed for good?
question-impact = Would waiting one more period do harm?
questionnaire-yes = Yes
questionnaire-no = No
questionnaire-unsure = Unsure
terms-data = Data
terms-target = Outcome
terms-event = Event
terms-score = Score
terms-weight = Weight
terms-inputs = Inputs
terms-inputs-all = every other column
terms-groups = Fairness by
terms-time = Periods by time
terms-baseline = Compared with
terms-cadence = A report is due
terms-cutoff = Cutoff
terms-delimiter = Delimiter
terms-thresholds = Thresholds
terms-unlabelled = Outcomes that may be missing
terms-rules = Alert rules
terms-runs-on = Computed on
define-runs-here = this desk
terms-owner = Owner
baseline-first-period = the first period
baseline-training = the version's training data
baseline-file = a file
cadence-p1d = every day
cadence-p7d = every week
cadence-p1m = every month
cadence-p3m = every quarter
period-day = days
period-week = weeks
period-month = months
period-quarter = quarters
part-target = outcome
part-score = score
part-input = input
part-identifier = identifier
column-number = number
column-text = text
define-lead = Nothing is recorded before the last button.
define-what = Which model, which data
define-model = Version
define-bucket = Bucket
define-bucket-text = Empty for a folder of this machine
define-through = Read through
define-through-text = The target whose endpoint and account reach the bucket
define-through-none = this desk
define-pattern = Files
define-pattern-text = * stands for any characters
define-folder = Folder of scored data
define-prefix = Prefix in the bucket
define-look = Look at the data
define-files = { $n } files, latest last
define-columns = { $n } columns
define-missing = The data lack inputs of the version
define-mapping = What the columns mean
define-inputs-text = None chosen: every column with no other part
define-groups-text = Columns whose groups are compared
define-when = Periods, baseline and owner
define-by-file = a file is a period
define-period = Length of a period
define-baseline-file = File of the baseline
define-threshold = Gini not to fall below
define-threshold-text = Empty: 80 % of the baseline's
define-threshold-ase = Squared error not to rise above
define-threshold-ase-text = Empty: 125 % of the first period's
define-unlabelled-text = Empty: 5 %. With more missing a period is provisional, and no rule judges its performance.
define-delimiter-text = Empty: guessed; or the word tab
define-rules-text = Expressions over a period's numbers: p1, p25, gini, ks, giniDecay, lift5Decay, score_psi, psi.NAME …
define-name = Name
define-nameless = Give the monitor a name.
define-change = Record the new terms
rule-level = Level of rule { $n }
rule-when = Expression of rule { $n }
rule-remove = Remove rule { $n }
rule-add = Add a rule
rule-dry-run = Try over the latest report
rule-dry-run-later = They can be tried over history once there is a report.
rule-would = Would have fired
rule-quiet = nothing
rule-unjudged = Some rules could not be judged everywhere
report = Report
report-title = { $model }: { $periods }
report-lead = Compared with { $baseline }; recorded by { $by },
report-period = Period
report-period-provisional = { $label } (provisional)
report-compare = Compare versions
report-compared = Compared with other versions
report-compared-note = Of the period of the same name where there is one, else of the latest whose outcomes are in. Bold is better than this report.
report-to-version = Open the version
report-tab-overview = Overview
report-tab-performance = Performance
report-tab-drift = Inputs
report-tab-decay = Decay and forecast
report-tab-data = Data
report-numbers = Numbers of the period
report-figure-trend = Course, threshold and forecast
report-figure-heatmap = PSI of the inputs by period
report-figure-psi = PSI of the inputs
report-figure-roc = ROC
report-figure-lift = Cumulative lift
report-figure-gain = Events found
report-figure-ks = KS
report-figure-calibration = Calibration
report-figure-confusion = At the cutoff
report-of-period = { $what }, { $period }
report-fired = Rules that fired in { $period }
report-nothing-fired = No rule fired.
report-metrics = Metrics by period
report-baseline-of = Baseline ({ $label })
psi-stable = stable: up to 0.1
psi-moved = moved: above 0.1
psi-far = far off: 0.25 or more
report-no-baseline = the baseline has none
report-against = { $baseline } in the baseline
report-worse = { $share } % worse than { $baseline }
report-better = { $share } % better than { $baseline }
report-no-performance = No period has outcomes and scores of a yes-or-no target.
report-fairness = Fairness by { $column }
report-parities = Parities by { $column }
col-parity = Parity
col-difference = Greatest difference
col-difference-means = The greatest difference between two groups; 0 is parity.
col-ratio = Smallest ratio
col-ratio-means = The smallest ratio between two groups; 1 is parity.
report-no-inputs = No input is watched.
report-worst = Inputs in { $period }, worst first
report-missing = { $before } % → { $now } %
report-score-distribution = Score
report-psi-of = PSI of { $name }
report-loss = Loss against the baseline
report-no-loss = There is no baseline with outcomes to compare with.
report-course-of = Course of { $metric }
report-warnings = What to know about the data
report-provenance = Where it came from
report-terms = { $monitor }, terms { $number }
report-blob = Digest of the report
loss-gini = Loss of Gini
loss-ks = Loss of KS
loss-lift10 = Loss of lift at 10 %
loss-p = p
loss-significant = Significant
loss-mix = By changed mix
loss-relation = By changed relation
loss-gini-means = Gini of the baseline less that of the period, over that of the baseline.
loss-ase = Rise of squared error
loss-ase-means = Average squared error of the period less that of the baseline, over that of the baseline.
loss-p-means = Chance of a loss of this size, if nothing had changed: DeLong's test for Gini, that of two means for the squared error of predicted numbers. There is none under weights.
loss-significant-means = p below 0.05, and at least 5 % lost: on many rows everything is significant, and not everything matters.
loss-ks-means = KS of the baseline less that of the period, over that of the baseline.
loss-lift10-means = Cumulative lift at 10 % of the baseline less that of the period, over that of the baseline.
loss-mix-means = Points of Gini that the baseline would lose with the period's mix of cases, by reweighting its rows.
loss-relation-means = Points of Gini that remain: the same cases turn out differently than they used to.
loss-note = Relative losses against { $against }. Significant: p below 0.05 and at least 5 % of Gini. The last two columns split the loss in points of Gini: what reweighting the baseline to the period's cases explains, and what remains.
course-threshold = Threshold
course-slope = Slope per period (Theil–Sen)
course-mann-kendall = p of a trend (Mann–Kendall)
course-too-few = fewer than eight periods: it says nothing
course-crossing = Crosses the threshold
course-crossing-in = at period { $at } (counted from 1); 80 % between { $from } and { $to }
course-never = not on its present course
course-no-alarm = no alarm
export = Export
export-html = Page to read and print (HTML)
export-csv = Tables (CSV)
export-parquet = Tables (Parquet)
export-html-text = One file with everything in it: numbers, figures, definitions, digests. It opens in any browser and prints on A4.
export-tables-text = Two tables: a row a period, and a row a period and input.
export-folder = Write into
export-write = Write
export-written = Written
figure-copy = Copy { $title }
figure-copy-picture = as a picture
figure-copy-numbers = its numbers as CSV
figure-copy-link = a link to this page
figure-copied = Copied
