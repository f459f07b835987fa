# What the terminal says to people. Machine-readable output (`--json`) is never translated.

list-empty = Nothing here yet.
list-count = { $count ->
        [one] one row
       *[other] { $count } rows
    }
list-more = More rows follow; ask for the next page with --after { $cursor }.

workspace-founded = The workspace { $name } is founded at { $url }; { $member } is its first administrator and alone holds every role.
workspace-verified = { $entries ->
        [one] One entry
       *[other] { $entries } entries
    } verified; the head is { $head }.
workspace-problems = { $count ->
        [one] One problem was found:
       *[other] { $count } problems were found:
    }

member-added = { $member } is a member now, as { $roles }.
project-created = The project { $project } is created.

model-registered = { $model } { $version } is registered with { $files ->
        [one] one file
       *[other] { $files } files
    }: { $digest }
model-champion = { $model } { $version } is the champion of { $project }.
model-challenger = { $model } { $version } is a challenger in { $project }.
package-warnings = { $count ->
        [one] One thing to know:
       *[other] { $count } things to know:
    }
package-findings = { $count ->
        [one] One finding blocks registration:
       *[other] { $count } findings block registration:
    }
package-waive = Correct the package, or waive a finding with --waive { $finding }="reason".

task-claimed = { $task } is yours now.
task-released = { $task } can be claimed by others again.
task-completed = { $task } is completed.

run-submitted = { $run } is submitted to { $target }.
run-state = { $run }: { $state }
state-requested = requested
state-preparing = preparing
state-provisioning = provisioning
state-submitted = submitted
state-running = running
state-verifying = verifying
state-succeeded = succeeded
state-failed = failed
state-cancelled = cancelled

role-champion = champion
role-challenger = challenger
role-plain = plain

step-done = done
step-failed = failed
story-played = The whole story was played and every outcome verified, in { $seconds } seconds.
story-stopped = The story stopped at step { $step }: { $reason }
