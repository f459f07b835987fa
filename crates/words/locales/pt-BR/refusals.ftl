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

decision-differs = a resposta e a decisão assinada divergem
process-of-another-version = o processo trata de outra versão
version-of-another-model = a versão é de outro modelo
no-approval-at-element = a definição não tem aprovação neste elemento
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
