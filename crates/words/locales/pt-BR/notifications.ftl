# Notificações: na área de trabalho e por e-mail. Título e corpo de cada uma; `-title` ocupa uma linha.

task-waiting-title = { $task } espera por você
task-waiting-body = { $definition } em { $project } espera uma resposta. O prazo é { $due }.
task-waiting-body-undated = { $definition } em { $project } espera uma resposta.

incident-title = { $process } está parado
incident-body = { $project }, em { $task }: { $reason }

notice-start-passed = { $name }: nada foi iniciado
notice-schedule-idle = { $name }: nada foi executado
