# O que as regras recusam: uma mensagem por regra (`refusal-RULE`), sua dica e as expressões que aparecem dentro dela.

refusal-unknown-key = A chave `{ $key }` não pertence a nenhum membro deste espaço de trabalho; um administrador pode cadastrá-la.
    .hint = Atue como um membro cuja própria chave esteja nesta mesa.
refusal-key-unconfirmed = A chave `{ $key }` foi cadastrada por um administrador e aguarda a confirmação de outro.
    .hint = Peça a outro administrador que a confirme.
refusal-key-revoked = A chave `{ $key }` de `{ $member }` foi revogada em #{ $at }.
    .hint = Cadastre uma nova chave para esta mesa ou atue como um membro cuja chave esteja aqui.
refusal-key-of-another = A chave `{ $key }` pertence a `{ $owner }` e não pode falar por `{ $claimed }`.
    .hint = Atue como um membro cuja própria chave esteja nesta mesa.
refusal-recorded-already = O fato `{ $id }` já foi registrado, em #{ $at }.
    .hint = Nada foi registrado de novo.
refusal-role-missing = `{ $member }` não pode { $deed }; isso exige o papel { $roles }.
    .hint = Um administrador pode concedê-lo na sala de pessoas.
refusal-unknown = Não existe { $noun } `{ $id }`.
    .hint = Liste o que existe e confira o nome ou o identificador.
refusal-name-taken = Já existe { $noun } com o nome `{ $name }`.
    .hint = Escolha outro nome.
refusal-exists = Já existe { $noun } `{ $id }`.
    .hint = Nada foi registrado.
refusal-nothing-to-do = { $what }; não há o que registrar.
    .hint = Nada foi registrado.
refusal-last-administrator = `{ $member }` é a última pessoa administradora.
    .hint = Conceda o papel a outra pessoa primeiro.
refusal-self-grant = `{ $member }` não pode conceder papéis a si; outro administrador precisa fazê-lo.
    .hint = Peça a outro administrador.
refusal-self-approval = `{ $member }` registrou esta versão; uma segunda pessoa precisa aprovar.
    .hint = Peça a um validador que não tenha participado da criação.
refusal-excluded = `{ $member }` está fora da tarefa `{ $task }` pela definição; outra pessoa precisa assumi-la.
    .hint = Um administrador pode atribuir a tarefa a quem possa assumi-la.
refusal-not-candidate = A tarefa `{ $task }` é para { $candidates }; `{ $member }` não está entre eles.
    .hint = Um administrador pode atribuir a tarefa a quem possa assumi-la.
refusal-held-by-another = A tarefa `{ $task }` está com `{ $holder }`.
    .hint = Peça que a libere; um administrador pode atribuí-la a outra pessoa.
refusal-not-claimed = A tarefa `{ $task }` ainda não é de ninguém.
    .hint = Assuma a tarefa antes de concluí-la.
refusal-signed-already = `{ $member }` já assinou `{ $task }`; são pedidas { $needed } pessoas, e a próxima precisa ser outra.
    .hint = Peça a outro validador que não tenha participado da criação.
refusal-quorum-open = `{ $task }` pede a aprovação de { $needed } pessoas; com esta são { $signed }.
    .hint = Assine sem concluir a tarefa; a última pessoa a conclui.
refusal-unsigned = Concluir `{ $task }` é uma aprovação: precisa ser assinada na mesma entrada, com o resumo criptográfico visto.
    .hint = Abra a tarefa e assine o que ela mostra.
refusal-package-changed = O pacote mudou durante a leitura: você viu `{ $seen }`, agora é `{ $now }`.
    .hint = Abra-o de novo e leia o que mudou.
refusal-approval-mismatch = A aprovação não corresponde à tarefa: { $what }.
    .hint = Abra a tarefa de novo e leia o que mudou.
refusal-not-approved = { $what } exige uma aprovação exatamente do resumo `{ $digest }`; nenhuma vale.
    .hint = Execute primeiro o processo de aprovação desta versão.
refusal-findings-open = O pacote tem { $open ->
        [one] um achado aberto que impede
       *[other] { $open } achados abertos que impedem
    } o registro.
    .hint = Remova o que é apontado ou aceite com uma justificativa.
refusal-reason-needed = { $what } exige uma justificativa de pelo menos { $chars_min ->
        [one] um caractere
       *[other] { $chars_min } caracteres
    }.
    .hint = Diga por quê.
refusal-no-champion = O projeto `{ $project }` não tem campeão.
    .hint = Nomeie um ou diga de que versão trata o processo.
refusal-not-startable = A definição `{ $definition }` não pode ser iniciada: { $why }.
    .hint = Abra a definição e vincule o que falta.
refusal-not-migratable = O processo `{ $instance }` não pode mudar de versão: { $why }.
    .hint = Planeje a mudança primeiro; o plano lista tudo o que a impede.
refusal-bad-connection = A conexão de `{ $connection }` não vale: { $why }.
    .hint = Corrija e tente de novo. Nada foi registrado.
connection-address = seu endereço não é https nem http
connection-methods = ela não permite nenhum método
connection-limits = seus limites são nenhum
connection-needed = uma chamada HTTP precisa de uma conexão por onde passar
connection-idle = `{ $action }` em `{ $element }` não passa por conexão alguma
refusal-bad-document = O documento `{ $digest }` não é uma definição executável: { $why }.
    .hint = Exporte o processo de novo como BPMN 2.0 e importe-o outra vez.
refusal-engine = { $why }
    .hint = Nada foi registrado.
engine-ended = A instância `{ $instance }` terminou; nada mais pode acontecer nela.
engine-started-already = A instância `{ $instance }` já foi iniciada.
engine-not-started = A instância `{ $instance }` não foi iniciada; inicie-a primeiro.
engine-not-found = Não há { $what ->
    [process] processo
    [start-event] evento de início
    [timer] temporizador
    [open-task] tarefa aberta
    [open-task-or-timer] tarefa aberta nem temporizador
    [open-incident] incidente aberto
    [pending-effect] efeito pendente
    [receiver-of-the-message] destinatário da mensagem
    [receive-task-or-job-that-waits] tarefa de recepção nem trabalho à espera
    [scope] escopo
   *[element] elemento
} `{ $id }` nesta instância, ou não há mais; recarregue e olhe de novo.
engine-held = `{ $holder }` assumiu `{ $task }`; peça que libere, ou a um administrador que a repasse.
engine-timer-not-due = O temporizador `{ $timer }` vence em { $due }, ainda não.
engine-timer-without-due = Um temporizador precisa de um prazo; diga quando ele dispara.
engine-start-cannot-wait = O evento de início `{ $element }` não pode esperar: { $why }
engine-claimed-by-nobody = Uma tarefa é assumida por uma pessoa; diga quem.
engine-not-delegated = `{ $task }` não foi delegada; conclua-a ou libere-a.
engine-delegated-by = `{ $person }` não pode concluir `{ $task }`: ela foi delegada por `{ $owner }`, que a conclui; devolva-a.
engine-excluded = `{ $person }` não pode assumir `{ $task }`: a definição exclui essa pessoa; uma segunda precisa fazê-la.
engine-group-excluded = `{ $person }` não pode assumir `{ $task }`: a definição exclui o grupo `{ $group }`; uma segunda pessoa precisa fazê-la.
engine-offered-to = `{ $person }` não pode assumir `{ $task }`: ela é oferecida a { $names }.
engine-answer-required = A resposta a `{ $question }` é obrigatória; dê uma.
engine-answer-no-choice = A resposta a `{ $question }` não é uma das opções; escolha entre { $choices }.
engine-answer-kind = A resposta a `{ $question }` deve ser { $kind ->
    [boolean] sim ou não
    [long] um número inteiro
    [double] um número
    [date] uma data
    [string] um texto
   *[any] um valor
}; ela é `{ $given }`.
refusal-lease-held = `{ $holder }` está executando isto até { $until }.
    .hint = Aguarde o término ou o prazo.
refusal-run-transition = A execução `{ $run }` está no estado { $from } e não pode passar a { $to }.
    .hint = Nada foi registrado.
refusal-not-verified = A execução `{ $run }` não pode ter êxito: { $what }.
    .hint = Veja no log o que ela escreveu e execute de novo.
refusal-migration-mismatch = A migração não se sustenta: { $what }.
    .hint = Nada foi registrado. Migre de novo.
refusal-rules-newer = A entrada exige regras da versão { $needs }; este programa tem { $has }.
    .hint = Nada foi escrito. Atualize o Countersign.
refusal-kind-newer = Este programa não conhece fatos do tipo `{ $kind }`.
    .hint = Nada foi escrito. Atualize o Countersign.
refusal-malformed = O fato `{ $kind }` não pode ser lido: { $why }.
    .hint = Nada foi registrado.

any-of = { $first } ou { $last }
any-of-none = ninguém
quoted = { $text }

noun-call-at-element = chamada no elemento
noun-connection = conexão
noun-definition = definição
noun-instance = processo
noun-key = chave
noun-member = membro
noun-model = modelo
noun-notice = aviso
noun-notice-in-the-same-entry = aviso na mesma entrada
noun-open-task = tarefa aberta
noun-project = projeto
noun-role = papel
noun-run = execução
noun-run-with-this-key = execução com esta chave
noun-user-task-at-element = tarefa de usuário no elemento
noun-version = versão
noun-version-in-this-project = versão neste projeto
noun-process-of-this-definition = processo desta definição
noun-version-number = número de versão
noun-version-of-this-definition = versão desta definição

deed-manage-people = adicionar membros e conceder papéis
deed-administer-processes = administrar processos em andamento
deed-allow-connections = permitir conexões a outros sistemas
deed-create-project = criar projetos
deed-register-model = registrar modelos
deed-place-version = nomear campeões e desafiantes
deed-import-definition = importar e vincular definições de processo
deed-start-process = iniciar processos
deed-carry-out = executar tarefas de serviço
deed-request-run = pedir execuções
deed-sign = assinar aprovações
deed-comment = comentar

the-role = o papel `{ $role }`
the-member = `{ $member }`
to-migrate = A migração
to-train = O treino
to-score = A pontuação

already-these-contents = A versão já tem este conteúdo
already-champion = Esta versão já é a campeã
already-placed = Esta versão já é campeã ou desafiante
already-without-place = Esta versão já não tem posição
already-these-roles = `{ $member }` já tem estes papéis
already-not-these-roles = `{ $member }` já não tem estes papéis
already-ending = A execução já está no estado { $state } ou sendo interrompida
already-leased = A concessão já está na época { $epoch }
already-holds-task = A tarefa `{ $task }` já está com `{ $member }`
already-reminded = O lembrete { $round } da tarefa `{ $task }` ainda não é devido ou já foi enviado
already-escalated = O encaminhamento da tarefa `{ $task }` ainda não é devido ou já foi feito
already-on-version = O processo já está na versão { $number }
process-elsewhere = o processo `{ $process }` que ela chama não está em nenhuma definição vinculada
timer-not-due = O temporizador vence em { $due } e ainda aguarda

reason-for-waiver = Aceitar um achado
reason-for-moving = Mudar a versão de um processo
another-definition = `{ $to }` é outra definição, não outra versão de `{ $from }`
version-not-startable = a versão { $number } não pode ser iniciada
reason-for-this = Isto

document-not-at-hand = ele não está à mão
document-without-process = ele não contém processo
document-not-executable = ele não contém processo executável
call-unbound = a chamada em `{ $element }` não está vinculada a nada
group-unbound = o grupo `{ $name }` não significa ninguém aqui
user-unbound = o usuário `{ $name }` não significa ninguém aqui
definition-disabled = `{ $by }` a desativou: { $reason }

decision-differs = a resposta e a decisão assinada divergem
process-of-another-version = o processo trata de outra versão
version-of-another-model = a versão é de outro modelo
no-approval-at-element = a definição não tem aprovação neste elemento
evidence-changed = aquilo em que a decisão se apoia mudou desde a leitura
another-definition-seen = ela foi lida para outra versão do processo
policy-changed = a política mudou desde a leitura
seen-too-early = ela afirma ter visto o que ainda não estava escrito
approval-keeps-task = ela precisa liberar a tarefa na mesma entrada, para a próxima pessoa
approval-alone = ela está sozinha; precisa concluir sua tarefa na mesma entrada
no-run-behind = nenhuma execução verificada do tipo `{ $kind }` sustenta `{ $effect }`

not-migrated-there = a versão não foi migrada para o bucket `{ $bucket }`; migre-a primeiro
run-not-verifying-migration = a execução `{ $run }` não está verificando uma migração
run-for-another = a execução `{ $run }` era para outra versão, outro resumo ou outro bucket
read-back-differs = lido de volta `{ $read_back }`, aprovado `{ $approved }`
output-not-verified = a saída `{ $output }` não foi verificada
nothing-verified = nada foi verificado

refusal-bad-monitor = O monitor `{ $monitor }` não pode ser definido assim: { $why }.
    .hint = Corrija o que ele indica; nada foi registrado.
refusal-self-judgement = `{ $member }` fez esta versão e não pode julgar que ela ainda é boa o bastante; isso cabe a um responsável pelo modelo que não participou dela.
    .hint = Pedir um retreinamento é permitido a todos que podem decidir.
refusal-report-mismatch = O relatório não vale: { $what }.
    .hint = Abra o monitor de novo e leia o último relatório.
noun-monitor = monitor
noun-monitor-in-this-project = monitor neste projeto
noun-report = relatório
noun-report-on-these-data = relatório sobre estes dados
noun-alert = alerta
deed-define-monitor = definir e alterar monitores
deed-record-report = registrar relatórios de desempenho
deed-decide-retrain = decidir sobre retreinamento e encerrar alertas
already-set-up-like-this = `{ $monitor }` está definido assim
already-changed-to = `{ $monitor }` foi alterado para o número { $number }
already-fired = `{ $rule }` disparou em { $period }
already-told = As pessoas foram avisadas em { $at }, há menos de um dia,
already-settled = `{ $member }` encerrou este alerta
already-retired = `{ $monitor }` está aposentado
reason-for-retiring = Aposentar um monitor
reason-for-settling = Encerrar um alerta
reason-for-deciding = Uma decisão sobre retreinamento
monitor-name-form = o nome tem de 1 a 128 caracteres, sem caracteres de controle nem espaço nas pontas
monitor-without-folder = não indica nenhuma pasta
monitor-without-pattern = não indica nenhum padrão de arquivos; `*` é qualquer arquivo
monitor-cutoff = o corte { $cutoff } não é uma probabilidade
monitor-share = a proporção de resultados ausentes é um número de 0 a 1
monitor-period = `{ $period }` não é um período; escolha day, week, month ou quarter
monitor-cadence = `{ $cadence }` não é uma duração; escreva uma em ISO 8601, como `P1M` para um mês
monitor-event-without-target = indica um evento, mas nenhum alvo
monitor-column-twice = a coluna `{ $column }` não pode ser { $part } e outra coisa
monitor-rules-too-many = tem mais de { $max } regras
monitor-rule-length = uma regra tem de 1 a { $max } caracteres
monitor-rule-twice = a regra `{ $rule }` aparece duas vezes
monitor-threshold = o limite de `{ $metric }` é { $value }
report-terms-changed = o monitor foi alterado depois do cálculo; calcule de novo
report-periods = não tem períodos, ou tem demais
report-label-twice = dois períodos têm o mesmo rótulo
report-recommendation = a recomendação não é keep, watch, investigate, retrain nem unknown
report-alert-period = um alerta trata de { $period }, que não é um de seus períodos
report-rule-unknown = o monitor não tem a regra `{ $rule }` neste nível
report-of-another-monitor = é de outro monitor
report-later = um relatório mais novo foi registrado; leia esse
no-report-behind = nenhum relatório registrado sustenta `{ $effect }`
refusal-bad-schedule = A agenda não vale: { $what }.
    .hint = Nada foi registrado. Liste as agendas para ver como estão.
schedules-full = o espaço de trabalho tem { $most } agendas, o máximo possível
schedule-migrates = os mesmos arquivos são migrados uma vez; uma agenda treina ou pontua
schedule-seen-to = “{ $name }” já foi atendida para { $due }
schedule-not-due = “{ $name }” não vence antes de { $due }
schedule-other-run = a execução `{ $run }` não é o que “{ $name }” pede
schedule-no-reason = uma vez sem execução precisa da razão por que não há nenhuma
refusal-bad-start = O processo não inicia sozinho assim: { $what }.
    .hint = Nada foi registrado. Veja na página da definição como está.
start-none-by-itself = “{ $definition }” não tem evento de início com temporizador, mensagem ou sinal
start-not-armed = nada em “{ $definition }” espera mais em `{ $element }`
start-not-due = “{ $definition }” só vence em { $due }
start-seen-to = este momento de “{ $definition }” já foi atendido
start-other-than-armed = projeto, versão e variáveis não são os combinados para “{ $definition }”
start-no-reason = um momento sem início precisa da razão por que não há nenhum

refusal-bad-turn = O processo não passa a tratar de outra versão assim: { $what }.
    .hint = Nada foi registrado. Veja no processo de qual versão ele trata.
turn-not-meant = a tarefa vinculada a `{ $action }` indica outra versão
turn-not-done = o processo ainda não trata da versão que a tarefa vinculada a `{ $action }` indica
already-about-version = O processo terminou ou já trata desta versão
already-disabled = A definição já está desativada
not-disabled = A definição não está desativada
to-make-champion = Torná-la campeã
refusal-bad-template = O modelo de cluster `{ $template }` não pode ser guardado: { $why }.
    .hint = Nada foi registrado. Corrija a forma e guarde de novo.
template-decisions = seu mapeamento tem mais de { $most } decisões
template-has-shape = o modelo `{ $template }` tem esta forma
noun-self-start = combinação pela qual um processo inicia
noun-schedule = agenda
noun-cluster-template = modelo de cluster
noun-schedule-name = nome de agenda
noun-rule = regra
noun-cluster-template-name = nome de modelo de cluster

## O que parou um processo, e por que um ensaio não foi adiante, por código
incident-call-depth = Processos chamam uns aos outros fundo demais: { $detail }
incident-cardinality = Não pode ser repetido tantas vezes: { $detail }
incident-collection = Aquilo por que se repete não é uma lista: { $detail }
incident-effect = O que foi pedido falhou: { $detail }
incident-error = Um erro que nada captura: { $detail }
incident-expression = Uma expressão não pode ser calculada: { $detail }
incident-http = Uma chamada não pode ser feita como está escrita: { $detail }
incident-json-path = Uma resposta não traz o que se guarda dela: { $detail }
incident-loop = Ele gira sem esperar por nada: { $detail }
incident-no-element = Um elemento não existe: { $detail }
incident-no-flow = Nenhum caminho segue adiante: { $detail }
incident-no-link = Uma ligação não leva a lugar nenhum: { $detail }
incident-no-process = O processo chamado não existe: { $detail }
incident-priority = Uma prioridade não é um número: { $detail }
incident-status = Uma chamada foi respondida com um status inesperado: { $detail }
incident-stuck = Ele espera pelo que não pode vir: { $detail }
incident-time = Um tempo não pode ser lido: { $detail }
incident-unsupported = Algo não é suportado: { $detail }
rehearsed-duration = Isso não é um tempo: { $detail }
rehearsed-ended = Ele terminou: { $detail }
rehearsed-loop = Ele gira sem esperar por nada: { $detail }
rehearsed-no-incident = Não há esse incidente: { $detail }
rehearsed-no-process = Não há esse processo: { $detail }
rehearsed-no-task = Não há essa tarefa: { $detail }
rehearsed-no-timer = Nenhum temporizador corre: { $detail }
rehearsed-nothing-waits = Nada espera por isso: { $detail }
rehearsed-too-many-instances = Processos demais em andamento: { $detail }
rehearsed-too-many-timers = Temporizadores demais dispararam: { $detail }
rehearsed-order = Isso não pode ser feito agora: { $detail }
rehearsed-not-found = Isso não existe: { $detail }
rehearsed-held = Outra pessoa está com a tarefa: { $detail }
rehearsed-barred = Essa pessoa não pode assumir a tarefa: { $detail }
rehearsed-answer = Uma resposta falta ou não serve: { $detail }
rehearsed-step = O passo não faz nada: { $detail }
