# O que o registro conta, uma frase por fato (depois do nome de quem assinou), e por que uma posição não vale.

told-member-added = incluiu { $member } como { $roles }
told-roles-granted = concedeu { $roles } a { $member }
told-roles-revoked = retirou { $roles } de { $member }
told-key-enrolled = cadastrou uma chave de { $member } ({ $key })
told-key-revoked = revogou a chave { $key }: { $reason }
told-project-created = criou o projeto { $name }
told-model-registered = deu nome ao modelo { $name }
told-version-registered = registrou a versão { $number } ({ $files ->
        [one] um arquivo
       *[other] { $files } arquivos
    })
told-version-replaced = substituiu o conteúdo de uma versão ({ $files ->
        [one] um arquivo
       *[other] { $files } arquivos
    })
told-champion-set = nomeou o campeão
told-challenger-set = nomeou um desafiante
told-place-cleared = retirou a posição de uma versão
told-definition-imported = importou a definição { $name } (versão { $number })
told-definition-bound = vinculou { $calls ->
        [one] uma chamada
       *[other] { $calls } chamadas
    } e { $parties ->
        [one] uma parte
       *[other] { $parties } partes
    }
told-instance-started = iniciou o processo
told-start-armed = combinou que o processo inicia sozinho
told-start-passed = não iniciou nada, vencido em { $due }: { $problem }
told-start-disarmed = combinou que o processo não inicia mais sozinho
told-definition-disabled = combinou que nada mais se inicia por esta definição: { $reason }
told-definition-enabled = combinou que ela pode ser iniciada de novo: { $reason }
told-instance-begun = o processo iniciou sozinho, em `{ $element }`
told-instance-begun-due = o processo iniciou sozinho, vencido em { $due }
told-connection-allowed = permitiu a conexão { $name } a { $base }
told-connection-withdrawn = retirou a conexão { $name }: { $reason }
told-instance-migrated = mudou o processo para outra versão de sua definição: { $reason }
told-instance-turned = passou o processo para a versão { $version }
told-instance-turned-because = passou o processo para a versão { $version }: { $reason }
told-approved = assinou uma aprovação de { $digest }
told-rejected = assinou uma rejeição de { $digest }
told-comment = disse: { $text }
told-reminded = cobrou { $task } (número { $round })
told-escalated = encaminhou { $task }, que não foi respondida
told-lease = está executando { $effect } (tentativa { $epoch })
told-run-requested = pediu uma execução: { $kind }
told-run-moved = a execução está no estado { $state }
told-run-moved-because = a execução está no estado { $state }: { $detail }
told-run-cancel = pediu que a execução fosse interrompida
told-migration-verified = verificou { $objects ->
        [one] um objeto
       *[other] { $objects } objetos
    } no bucket { $bucket }
told-notice = avisou { $members ->
        [one] um membro
       *[other] { $members } membros
    }: { $title }
told-unknown = algo que este programa ainda não conhece ({ $kind })
told-claim = assumiu { $task }
told-release = liberou { $task }
told-assign = atribuiu { $task } a { $to }
told-unassign = tirou { $task } de quem a tinha
told-delegate = delegou { $task } a { $to }
told-resolve = devolveu { $task } a quem a delegou
told-complete = concluiu { $task }
told-complete-with = concluiu { $task }: { $answers }
told-fire = { $timer } disparou
told-fire-late = { $timer } disparou { $late } atrasado
told-fire-together = { $told }; { $ticks } disparos tomados como um
told-task = a tarefa { $number }
told-task-named = a tarefa “{ $name }”
told-timer = o temporizador { $number }
told-timer-named = o temporizador “{ $name }”
told-incident = o incidente { $number }
told-incident-named = o incidente em “{ $name }”
told-waiting = { $number }
told-waiting-named = “{ $name }”
told-signal = sinal { $name }
told-message = mensagem { $name }
told-trigger = acionou { $waiting }
told-effect-done = executou { $effect }
told-effect-failed = não conseguiu executar { $effect }: { $message }
told-retry = tentou de novo { $incident }
told-skip = deixou para trás { $incident }: { $reason }
told-set = definiu { $names }
told-due = mudou o prazo ({ $of }): { $reason }
told-cancel = cancelou o processo: { $reason }
told-with-note = { $told } — { $note }
told-void = (sem efeito: { $why }) { $told }

run-kind-migrate = migração
run-kind-train = treino
run-kind-score = pontuação

run-state-requested = solicitada
run-state-preparing = em preparação
run-state-provisioning = provisionando
run-state-submitted = enviada
run-state-running = em execução
run-state-verifying = em verificação
run-state-succeeded = bem-sucedida
run-state-failed = com falha
run-state-cancelled = cancelada

notice-migration-finished = Migração concluída: { $label }
notice-run-failed = Execução falhou: { $kind } de { $label }
notice-run-finished = Execução concluída: { $kind } de { $label }
notice-mentioned = { $member } mencionou você
notice-still-waiting = Ainda à espera: { $task }
notice-waits-since = { $definition } em { $project } espera resposta desde { $since }
notice-not-answered = Sem resposta: { $task }
notice-held-since = { $definition } em { $project }: está com `{ $holder }`; espera desde { $since }
notice-nobodys-since = { $definition } em { $project }: ninguém assumiu; espera desde { $since }
notice-from-process = { $definition } em { $project }
notice-for-nobody = O processo avisa { $names }, que não é ninguém aqui; o aviso vem para você. { $text }

and-also = { $first }; { $next }
void-oversized = contém mais bytes do que uma posição permite
void-unreadable = não pode ser lida: { $why }
void-signatures = traz { $found } assinaturas em vez de uma
void-bad-signature = a assinatura não é da chave de quem a escreveu sobre estes bytes
void-other-workspace = foi assinada para outro espaço de trabalho, `{ $signed }`
void-other-position = foi assinada para a posição #{ $signed }
void-key-not-held = a chave `{ $key }` não fala por `{ $person }` aqui
void-newer = foi escrita por um Countersign mais novo
void-other-history = foi assinada sobre outro histórico
verify-blob = O blob `{ $digest }`: { $why }
verify-cache-differs = O cache desta mesa não decorre do histórico; apague-o, ele é reconstruído.

notice-assigned = { $member } atribuiu uma tarefa a você: { $task }
notice-delegated = { $member } delegou uma tarefa a você: { $task }

evidence-contents-are = { $files ->
        [one] um arquivo
       *[other] { $files } arquivos
    }, cada um conferido com { $digest }
evidence-code-there = o código de treino e o de pontuação estão no pacote
evidence-code-missing = falta código de treino ou de pontuação
evidence-inputs-none = o pacote não nomeia entradas
evidence-inputs-typed = { $inputs ->
        [one] uma entrada, com tipo
       *[other] { $inputs } entradas, todas com tipo
    }
evidence-inputs-untyped = { $described } de { $inputs } entradas com tipo
evidence-statistics-none = o pacote não traz estatísticas de ajuste
evidence-statistics-agree = { $count ->
        [one] uma estatística
       *[other] { $count } estatísticas
    }, sem contradição entre si
evidence-statistics-contradict = { $count ->
        [one] uma contradição entre estatísticas, ROC e lift
       *[other] { $count } contradições entre estatísticas, ROC e lift
    }
evidence-curves-there = ROC e lift estão presentes
evidence-curves-contradict = ROC e lift estão presentes; { $count ->
        [one] uma contradição
       *[other] { $count } contradições
    } em seus pontos
evidence-curves-missing = falta ROC ou lift
evidence-findings-none = sem credenciais, sem pickles perigosos
evidence-findings-waived = { $count ->
        [one] um achado foi aceito; leia a justificativa
       *[other] { $count } achados foram aceitos; leia as justificativas
    }
evidence-findings-open = { $count ->
        [one] um achado está aberto
       *[other] { $count } achados estão abertos
    }
evidence-independence = registrada por { $member }, não por você
evidence-independence-missing = você registrou esta versão; uma segunda pessoa precisa aprovar

finding-secret = `{ $file }` linha { $line } parece conter um segredo ({ $what }); tire-o do pacote ou aceite o achado com uma justificativa
finding-calls-dangerous = carregar `{ $file }` importa e chama `{ $import }`, que pode executar comandos ou código; refaça o modelo sem isso ou aceite o achado com uma justificativa
finding-imports-dangerous = carregar `{ $file }` importa `{ $import }`, que pode executar comandos ou código; refaça o modelo sem isso ou aceite o achado com uma justificativa
finding-calls = carregar `{ $file }` importa e chama `{ $import }`; veja se o código de pontuação o traz
finding-imports = carregar `{ $file }` importa `{ $import }`; veja se o código de pontuação o traz
finding-pickle-unknown = não se sabe até o fim o que carregar `{ $file }` faria: está danificado ou importa mais do que é lido; salve o modelo de novo ou aceite o achado com uma justificativa
told-monitor-defined = passou a acompanhar uma versão: { $name }
told-monitor-changed = alterou o que um monitor acompanha (número { $number })
told-monitor-retired = aposentou um monitor: { $reason }
told-report-recorded = registrou um relatório de desempenho de { $periods ->
        [one] um período
       *[other] { $periods } períodos
    }: { $recommendation }
told-alert-raised = levantou um alerta em { $period }: { $rule }
told-alert-reminded = avisou de novo as pessoas de um alerta sem resposta
told-alert-settled = encerrou um alerta: { $reason }
told-decided-retrain = decidiu retreinar: { $reason }
told-decided-wait = decidiu esperar: { $reason }
decided-in-task = respondido em `{ $task }` de { $definition }
recommended-keep = manter o modelo
recommended-watch = acompanhá-lo de perto
recommended-investigate = descobrir primeiro o que mudou nos dados
recommended-retrain = treiná-lo de novo
recommended-unknown = ainda não há com que julgar
notice-report-lost = { $label } perdeu { $lost } % do seu Gini
notice-report-worse = { $label }: seu erro quadrático subiu { $lost } %
notice-report-alert = { $label }: o monitor levantou um alerta
notice-report-ready = { $label }: um relatório de desempenho está pronto
notice-report-body = { $period }: { $metric } { $value }. { $drift } Recomendado: { $recommendation }.
notice-report-body-drift = { $drift } Recomendado: { $recommendation }.
notice-report-drift = { $period }: PSI do escore { $psi }, { $drifted ->
        [0] nenhuma entrada mudou
        [one] uma entrada mudou
       *[other] { $drifted } entradas mudaram
    }.
notice-report-body-fired = { $body } Disparou: { $rules }.
notice-no-report = Sem relatório: { $monitor }
notice-alert-waiting = Ainda à espera: { $monitor }
notice-alert-waiting-body = `{ $rule }` disparou em { $period } no dia { $day } e ninguém respondeu ainda: retreinar ou esperar?
told-schedule-added = agendou “{ $name }”: { $kind }, { $rule }
told-schedule-fired = atendeu a agenda, vencida em { $due }
told-schedule-not-run = não pediu execução, vencida em { $due }: { $problem }
told-schedule-removed = removeu a agenda
told-template-kept = guardou o modelo de cluster { $template }
told-template-dropped = removeu o modelo de cluster { $template }

## What completing a task leads to
next-when = { $when } → { $then }
next-called = { $name }
next-if = se { $what }
next-is = “{ $question }” for “{ $answer }”
next-is-not = “{ $question }” não for “{ $answer }”
next-condition = { $condition }
next-and = { $first } e { $second }
next-or = { $first } ou { $second }
next-otherwise = senão
next-ends = o processo termina
next-part-ends = esta parte termina
next-yes = Sim
next-no = Não
prepared-for = @{ $owner } preparei para “{ $task }”:
prepared-answer = { $question } { $answer }

## Definitions
definition-version = { $name } (versão { $number })
template-migration = Um validador aprova o campeão, a TI informa o bucket, os arquivos aprovados são migrados para lá e os engenheiros são avisados.
template-monitor-and-retrain = Um modelo publicado é pontuado e relatado periodicamente; quem cuida dele o mantém, manda retreiná-lo ou o aposenta.
template-full-life-cycle = Registro, comparação, aprovação, publicação, monitoramento e retreinamento, cada um com as pessoas de que precisa.
differs-yes = sim
differs-no = não
differs-required = obrigatória
differs-optional = opcional
differs-of = de
differs-sequential = uma após a outra
differs-parallel = lado a lado
differs-while = enquanto
differs-before = perguntado antes
differs-start = no início
differs-end = no fim
differs-take = quando é seguido
differs-create = quando é oferecida
differs-assignment = quando alguém a recebe
differs-complete = quando é concluída
differs-all = em cada um desses momentos
differs-string = texto
differs-boolean = sim ou não
differs-long = número inteiro
differs-double = número
differs-date = data
differs-any = qualquer
differs-at-date = em uma data
differs-after-duration = após um tempo
differs-in-cycle = repetidamente
