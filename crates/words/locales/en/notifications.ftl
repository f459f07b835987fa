# Notifications: on the desktop and by mail. Title and body of each; `-title` is one line.

notification-open = Open
notification-sender = Countersign

task-waiting-title = { $task } waits for you
task-waiting-body = { $project }: { $count ->
        [one] one of your roles may claim it
       *[other] { $count } of your roles may claim it
    }. It is due { $due }.
task-waiting-body-undated = { $project }: a task is waiting to be claimed.
task-overdue-title = { $task } is overdue
task-overdue-body = { $project }: it was due { $due }, and { $assignee } has it.
task-overdue-body-unclaimed = { $project }: it was due { $due }, and nobody has claimed it.

approval-signed-title = { $model } { $version } is approved
approval-signed-body = { $member } countersigned it for { $project }. It may be migrated now.
approval-rejected-title = { $model } { $version } is rejected
approval-rejected-body = { $member } rejected it: { $reason }
approval-void-title = The approval of { $model } { $version } no longer counts
approval-void-body = Its contents changed after { $member } signed. Have it approved again.

migration-finished-title = { $model } { $version } is migrated
migration-finished-body = { $count ->
        [one] One file is
       *[other] { $count } files are
    } in the bucket { $bucket }, each verified by its digest.
migration-failed-title = { $model } { $version } is not migrated
migration-failed-body = The bucket { $bucket } could not be filled: { $reason }

run-finished-title = { $run } finished
run-finished-body = { $model } { $version } on { $target } took { $duration }; its outputs are verified.
run-failed-title = { $run } failed
run-failed-body = { $model } { $version } on { $target }: { $reason }
run-cleanup-title = { $run } left something running
run-cleanup-body = { $resource } could not be deleted and may cost money: { $reason }

champion-changed-title = { $model } { $version } is the champion
champion-changed-body = { $member } made it the champion of { $project }, in place of { $previous }.
champion-first-body = { $member } made it the first champion of { $project }.

incident-title = { $process } is stuck
incident-body = { $project }, at { $task }: { $reason }

drift-title = { $model } performs worse
drift-body = { $metric } fell to { $value }; its limit is { $threshold }.

notice-start-passed = { $name }: nothing was started
notice-schedule-idle = { $name }: nothing was run
