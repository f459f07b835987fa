# O que o terminal diz às pessoas. A saída para máquinas (`--json`) nunca é traduzida.

list-empty = Ainda não há nada aqui.
list-count = { $count ->
        [one] uma linha
       *[other] { $count } linhas
    }
list-more = Há mais linhas; peça a próxima página com --after { $cursor }.

workspace-founded = O espaço de trabalho { $name } foi fundado em { $url }; { $member } é quem o administra e, por ora, acumula todos os papéis.
workspace-verified = { $entries ->
        [one] Um registro verificado
       *[other] { $entries } registros verificados
    }; a ponta é { $head }.
workspace-problems = { $count ->
        [one] Um problema foi encontrado:
       *[other] { $count } problemas foram encontrados:
    }

member-added = { $member } agora é membro, como { $roles }.
project-created = O projeto { $project } foi criado.

model-registered = { $model } { $version } foi registrado com { $files ->
        [one] um arquivo
       *[other] { $files } arquivos
    }: { $digest }
model-champion = { $model } { $version } é o campeão de { $project }.
model-challenger = { $model } { $version } é um desafiante em { $project }.
package-warnings = { $count ->
        [one] Um ponto a saber:
       *[other] { $count } pontos a saber:
    }
package-findings = { $count ->
        [one] Um achado impede o registro:
       *[other] { $count } achados impedem o registro:
    }
package-waive = Corrija o pacote ou aceite um achado com --waive { $finding }="motivo".

task-claimed = { $task } agora é sua.
task-released = { $task } pode ser assumida por outros novamente.
task-completed = { $task } foi concluída.

run-submitted = { $run } foi enviada a { $target }.
run-state = { $run }: { $state }
state-requested = solicitada
state-preparing = em preparação
state-provisioning = provisionando
state-submitted = enviada
state-running = em execução
state-verifying = em verificação
state-succeeded = bem-sucedida
state-failed = falhou
state-cancelled = cancelada

role-champion = campeão
role-challenger = desafiante
role-plain = sem papel

step-done = feito
step-failed = falhou
story-played = A história inteira foi executada e cada resultado verificado, em { $seconds } segundos.
story-stopped = A história parou no passo { $step }: { $reason }
