# Notifications: on the desktop and by mail. Title and body of each; `-title` is one line.

task-waiting-title = { $task } waits for you
task-waiting-body = { $definition } in { $project } waits for an answer. It is due { $due }.
task-waiting-body-undated = { $definition } in { $project } waits for an answer.

incident-title = { $process } is stuck
incident-body = { $project }, at { $task }: { $reason }

notice-start-passed = { $name }: nothing was started
notice-schedule-idle = { $name }: nothing was run
