# Notificações: na área de trabalho e por e-mail. Título e corpo de cada uma; `-title` ocupa uma linha.

notification-open = Abrir
notification-sender = Countersign

task-waiting-title = { $task } espera por você
task-waiting-body = { $project }: { $count ->
        [one] um dos seus papéis pode assumi-la
       *[other] { $count } dos seus papéis podem assumi-la
    }. O prazo é { $due }.
task-waiting-body-undated = { $project }: uma tarefa espera que alguém a assuma.
task-overdue-title = { $task } está atrasada
task-overdue-body = { $project }: o prazo era { $due }, e a tarefa está com { $assignee }.
task-overdue-body-unclaimed = { $project }: o prazo era { $due }, e ninguém a assumiu.

approval-signed-title = { $model } { $version } foi aprovado
approval-signed-body = { $member } assinou a aprovação para { $project }. Já pode ser migrado.
approval-rejected-title = { $model } { $version } foi rejeitado
approval-rejected-body = { $member } rejeitou: { $reason }
approval-void-title = A aprovação de { $model } { $version } deixou de valer
approval-void-body = O conteúdo mudou depois da assinatura de { $member }. Peça uma nova aprovação.

migration-finished-title = { $model } { $version } foi migrado
migration-finished-body = { $count ->
        [one] Um arquivo está
       *[other] { $count } arquivos estão
    } no bucket { $bucket }, com o resumo criptográfico conferido.
migration-failed-title = { $model } { $version } não foi migrado
migration-failed-body = Não foi possível preencher o bucket { $bucket }: { $reason }

run-finished-title = { $run } terminou
run-finished-body = { $model } { $version } em { $target } levou { $duration }; as saídas foram verificadas.
run-failed-title = { $run } falhou
run-failed-body = { $model } { $version } em { $target }: { $reason }
run-cleanup-title = { $run } deixou algo em execução
run-cleanup-body = Não foi possível excluir { $resource }, que pode gerar custos: { $reason }

champion-changed-title = { $model } { $version } é o campeão
champion-changed-body = { $member } o tornou campeão de { $project }, no lugar de { $previous }.
champion-first-body = { $member } o tornou o primeiro campeão de { $project }.

incident-title = { $process } está parado
incident-body = { $project }, em { $task }: { $reason }

drift-title = O desempenho de { $model } caiu
drift-body = { $metric } caiu para { $value }; o limite é { $threshold }.

notice-start-passed = { $name }: nada foi iniciado
notice-schedule-idle = { $name }: nada foi executado
