# As palavras da janela, em português do Brasil. Os nomes são os mesmos em cada língua.
## Everywhere
again = Tentar de novo
all = Todos
any = Qualquer
back = Voltar
close = Fechar
save = Salvar
open = Abrir
show = Mostrar
more = Mostrar mais
see-all = Ver tudo
search = Buscar
loading = Carregando…
none = Nenhum
no-value = sem valor
not-there = ausente
yes = Sim
no = Não
copy = Copiar
copied = Copiado
copy-text = Copiar o texto
required = Preenchimento obrigatório.
reason = Motivo
reason-recorded = Entra no registro, assinado.
reason-short =
    { $n ->
        [one] Diga por quê.
       *[other] Escreva ao menos { $n } caracteres.
    }
nothing-found = Nada tem “{ $text }” no nome
nothing-here = Nada aqui
grid-total =
    { $n ->
        [one] { $n } linha
       *[other] { $n } linhas
    }
actions-for = Ações para { $name }
version-n = versão { $n }
entry-n = Lançamento { $n }
identity = Identidade
better = melhor
worse = pior
errors-n =
    { $n ->
        [one] { $n } erro
       *[other] { $n } erros
    }
warnings-n =
    { $n ->
        [one] { $n } aviso
       *[other] { $n } avisos
    }
not-found = Não encontrado
not-found-text = Esta página não existe. O link pode ser antigo.
broken = Algo falhou nesta página

choose = Escolher…

## Time
time-now = agora mesmo
time-milliseconds = { $n } ms
time-seconds = { $n } s
time-minutes = { $m } min { $s } s
time-hours = { $h } h { $m } min
due-in = vence { $when }
due-late = atrasada: venceu { $when }

## Frame
nav = Lugares
nav-inbox = Entrada
nav-projects = Projetos
nav-models = Modelos
nav-workflows = Fluxos
nav-runs = Execuções
nav-people = Pessoas
nav-ledger = Livro-razão
nav-notices = Avisos
nav-settings = Configurações
nav-story = A história
nav-waiting = à sua espera
nav-unread = não lidos
crumbs = Caminho até esta página
skip = Ir para a página
act-as = Atuar nesta mesa como
nobody = Ninguém atua aqui
pending =
    { $n ->
        [one] { $n } decisão salva aqui, ainda não confirmada
       *[other] { $n } decisões salvas aqui, ainda não confirmadas
    }
workspace-close = Fechar este espaço
workspace-refresh = Atualizar o espaço agora
theme-to-light = Mudar para cores claras
theme-to-dark = Mudar para cores escuras

## Palette and keys
palette-open = Buscar ou executar um comando
palette-hint = Um lugar, um comando ou o nome de qualquer coisa
palette-none = Nada se chama “{ $text }”. Tente uma parte do nome.
palette-places = Lugares
palette-commands = Comandos
keys-title = Teclas
keys-rows = Andar na lista
keys-open = Abrir a linha
keys-claim = Assumir a tarefa
keys-complete = Concluir a tarefa

## Columns
col-about = Sobre
col-action = Ação
col-actions = Ações
col-algorithm = Algoritmo
col-bound = Vinculado
col-bucket = Bucket
col-by = Por
col-call = Chama
col-created = Criado
col-definition = Definição
col-description = Descrição
col-device = Dispositivo
col-digest = Resumo
col-direction = Uso
col-due = Prazo
col-duration = Duração
col-element = Elemento
col-ended = Terminou
col-entry = Lançamento
col-function = Função
col-id = Identificador
col-imported = Importada
col-inputs = Entradas vêm de
col-key = Chave de idempotência
col-length = Tamanho
col-level = Nível
col-mail = E-mail
col-manifest = Manifesto
col-model = Modelo
col-name = Nome
col-partition = Partição
col-path = Caminho
col-project = Projeto
col-registered = Registrado
col-requested = Pedida
col-role = Papel
col-rows = Linhas
col-rule = Regra
col-run = Execução
col-running = Em curso
col-severity = Gravidade
col-size = Tamanho
col-started = Iniciado
col-state = Estado
col-target = Destino
col-task = Tarefa
col-timer = Temporizador
col-tool = Ferramenta
col-type = Tipo
col-value = Valor
col-verified = Verificado
col-version = Versão
col-waits-for = Espera por
col-waits-since = Espera desde
col-what = O quê
col-when = Quando
col-who = Quem
col-work = Trabalho

## Inbox and tasks
inbox-lead = { $name } em { $workspace }
inbox-alone = Você está só neste espaço e tem todos os papéis. Um modelo precisa de uma segunda pessoa que o contra-assine: adicione um membro em Pessoas.
inbox-decisions = Decisões de retreino
inbox-decision = { $alerts ->
        [one] um alerta aberto
       *[other] { $alerts } alertas abertos
    }, { $period }
inbox-runs = Execuções para ver
inbox-runs-none = Nada está em execução e nada falhou.
tasks = Tarefas
tasks-view-inbox = Para mim
tasks-view-mine = Comigo
tasks-view-open = Posso assumir
tasks-view-all = Todas
tasks-none-inbox = Nada espera por você
tasks-none-mine = Você não tem tarefas
tasks-none-open = Não há nada que você possa assumir
tasks-none-all = Nenhuma tarefa aberta
tasks-none-text = Tarefas vêm de processos. Inicie um a partir de um projeto, e ele pergunta a quem precisar.
task-claim = Assumir
task-claimed = “{ $name }” agora está com você
task-release = Liberar
task-completed = “{ $name }” está concluída e assinada
task-free = Livre
task-held = Com { $who }
task-not-mine = Não é para você
task-gate = Aprovação
task-may-not = Você não pode assumir esta tarefa
task-waits = espera desde
evidence = Evidências
evidence-of = { $there } de { $of }
evidence-ok = Presente
evidence-warning = Atenção
evidence-missing = Faltando
evidence-files =
    { $n ->
        [one] { $n } arquivo
       *[other] { $n } arquivos
    }
evidence-variables =
    { $n ->
        [one] { $n } variável
       *[other] { $n } variáveis
    }
evidence-findings =
    { $n ->
        [one] { $n } achado
       *[other] { $n } achados
    }
decide-title = Sua decisão
decide-claim-first = Assuma a tarefa para respondê-la.
decide-held = { $who } está com esta tarefa.
answer-title = Sua resposta
answer-required = Resposta obrigatória.
answer-long = Deve ser um número inteiro.
answer-double = Deve ser um número.
answer-date = Deve ser uma data.
note = Nota
note-text = O que convenceu você, ou o que falta. Entra no registro.
signs = Você assina exatamente este conteúdo:
sign = Assinar e concluir
complete = Concluir
draft-kept = Rascunho guardado nesta mesa
package-moved = O pacote mudou enquanto esta página estava aberta. Leia o novo conteúdo antes de decidir; concluir com o resumo antigo é recusado.
what-next = O que acontece depois
where-it-stands = Onde o processo está
comments = Comentários
comment-write = Escrever um comentário
comment-hint = Diga algo; @nome chama alguém
comment-send = Comentar

## Projects and models
project-create = Novo projeto
project-purpose = Finalidade
project-purpose-text = O problema de negócio pelo qual seus modelos competem.
project-no-purpose = Sem finalidade informada
project-target = Variável alvo
project-target-level = Nível do alvo
project-event = Valor do evento
project-no-champion = ainda nenhum
project-no-champion-text = Ainda sem campeão. Escolha um no menu de um modelo.
projects-empty = Ainda nenhum projeto
projects-empty-text = Um projeto é um problema de negócio e os modelos que competem por ele. Crie um e importe um pacote.
models-empty = Ainda nenhum modelo
models-empty-text = Importe um pacote: um zip com código de pontuação, de treino e metadados.
challengers = Desafiantes
compare-with-champion = Comparar com o campeão
place-champion = Campeão
place-challenger = Desafiante
place-menu = Posição
place-make-champion = Tornar campeão
place-make-challenger = Tornar desafiante
place-clear = Retirar a posição
tab-overview = Visão geral
tab-files = Arquivos
tab-variables = Variáveis
tab-performance = Desempenho
tab-findings = Achados
tab-versions = Versões
tab-history = Histórico
tab-workflow = Fluxo
tab-properties = Propriedades
version-lead = Registrado por { $who }, { $files } arquivos, { $variables } variáveis,
approval-none = Não assinado
approval-outdated = Assinado para outro conteúdo
approval-approved = Contra-assinado por { $who }
approval-rejected = Rejeitado por { $who }
approvals = Assinaturas
approvals-none = Ninguém assinou este conteúdo. Um processo com aprovação pede a assinatura.
decision-approved = Aprovado
decision-rejected = Rejeitado
migrations = Migrações
importance = Importância
variables-none = Sem variáveis
variables-none-text = O pacote não tem inputVar.json nem outputVar.json.
fit-title = Estatísticas de ajuste
fit-of = Estatísticas de ajuste de { $name }
fit-statistic = Estatística
fit-none = Sem estatísticas de ajuste
fit-none-text = O pacote não tem dmcas_fitstat.json.
figure-roc = ROC
figure-lift = Lift acumulado
figure-view = Mostrar { $title } como
figure-chart = Gráfico
figure-table = Tabela
figure-keys = { $title }: as setas percorrem os pontos
files-none = Sem arquivos
file-binary = Isto não é texto
file-binary-text = O resumo é mostrado; o conteúdo nunca é executado nem desempacotado aqui.
file-cut = Só o primeiro megabyte é mostrado.
findings-none = Nenhum achado
findings-none-text = Nada no pacote parece uma credencial, e nenhum pickle tem opcode perigoso.
finding-waive = Aceitar este achado, com um motivo
finding-must = Isto bloqueia o registro: retire-o do pacote ou aceite-o com um motivo.
finding-waived = Aceito: { $reason }
compare-title = Comparar versões
compare-versions = Comparar estas versões
compare-how = Escolha de duas a quatro versões para comparar, em um projeto ou nas versões de um modelo.
compare-only = Só diferenças
compare-same = Sem diferenças

## Import
import-title = Importar um pacote
import-drop = Solte um zip aqui ou diga onde ele está.
import-path = Caminho do zip nesta máquina
import-read = Ler
import-contents = Conteúdo
import-contents-of = { $files } arquivos, { $variables } variáveis, { $size }
import-warnings =
    { $n ->
        [one] { $n } coisa a saber
       *[other] { $n } coisas a saber
    }
import-known = { $name } existe, última versão { $number }. Este pacote será
import-step = O que o pacote será
import-major = uma versão maior
import-minor = uma versão menor
import-replace = novo conteúdo dessa versão
import-replace-text = As aprovações do conteúdo antigo deixam de valer.
import-register = Registrar

## Workflows
definitions = Definições
definitions-none = Ainda nenhuma definição
definitions-none-text = Importe um arquivo BPMN como está, ou comece por um modelo pronto.
definition-import = Importar uma definição
definition-from-file = De um arquivo
definition-path = Caminho do arquivo BPMN nesta máquina
definition-startable = Pode ser iniciada
definition-not-startable = Ainda não pode iniciar
templates = Modelos prontos
imported-by = importada por { $who }
lint = Verificações
lint-clean = As verificações não acharam nada
lint-clean-text = Sem becos sem saída, sem respostas que ninguém lê, sem tarefas que ninguém pode assumir.
severity-error = Erro
severity-warning = Aviso
bindings = Vínculos
calls = Chamadas a outro sistema, e o que significam aqui
calls-none = Não chama ninguém
bind-call = O que { $name } faz aqui
bind-party = Quem é { $name } aqui
bind-input = De onde vem { $input } de { $name }
bind-save = Salvar vínculos
bound-by-itself = vinculada sozinha
unbound = sem vínculo
parties = Pessoas que ela nomeia
parties-none = Não nomeia ninguém
party-group = grupo
party-user = pessoa
party-excluded = excluída
party-means = Aqui significa
gates = Aprovações
gates-none = Nenhuma resposta nela é uma aprovação
gates-none-text = Uma tarefa cuja resposta é uma aprovação é assinada e ligada ao pacote de que trata.
gate-variable = Resposta
gate-guards = Protege
gate-signed = Assinada
gate-of = A resposta de { $name } é uma aprovação
gate-add = Acrescentar uma aprovação
gate-add-what = Resposta que é uma aprovação
gate-remove = A resposta de { $name } não é mais uma aprovação
bind-connection = Conexão por onde passa { $name }
bind-connection-none = Escolha uma conexão
definition-export = Exportar
definition-export-text = O documento como foi importado, byte por byte; onde foi editado, só o que foi editado difere.
definition-export-folder = Pasta
definition-export-file = Nome do arquivo
definition-export-write = Gravar o arquivo
definition-exported = Gravado em { $path }
versions-only = Esta é a única versão
start-title = Iniciar um processo
start = Iniciar
start-none = Ainda nenhuma definição pode ser iniciada. Importe uma e vincule suas chamadas e pessoas.
start-about = Sobre a versão
start-about-champion = Vazio: o campeão, { $name }.
start-about-none = Vazio: o campeão do projeto.
start-by-itself = Iniciar sozinho a partir de agora
start-by-itself-text = Este processo pode iniciar sozinho, em: { $events }. Cada início usa então as respostas dadas aqui.
self-starts = Inicia sozinho
self-start-next = Próximo início
self-start-listens = quando for avisado
self-start-last = Último início
self-start-never = nenhum ainda
self-start-stop = Parar
self-start-stop-of = Não iniciar mais sozinho em { $name }
self-start-count = { $n ->
    [one] um processo até agora
   *[other] { $n } processos até agora
}
self-start-missed = { $n ->
    [one] vale também por um momento perdido
   *[other] vale também por { $n } momentos perdidos
}
champion-then = o campeão daquele momento
instance-begun = Iniciou sozinho, como { $who } quis,
instance-begun-due = vencido em
instances = Processos
instances-none = Nenhum processo aqui
instances-none-text = Inicie um a partir de um projeto ou de uma definição.
instance-started = iniciado por { $who }
instance-cancel = Cancelar o processo
instance-cancel-text = Tarefas e temporizadores terminam, o trabalho em curso é parado e o registro guarda o que houve.
incidents-n =
    { $n ->
        [one] { $n } incidente
       *[other] { $n } incidentes
    }
incident-again = É tentado de novo sem que ninguém peça ({ $number } de { $of }):
incident-retry = Tentar de novo
incident-skip = Pular
incident-skip-text = O processo segue como se { $name } tivesse sido feito. Diga por que isso está certo.
with-incident = Com incidente
ended = Terminados
waits-for-incident = Espera que alguém veja o que deu errado
diagram-none = Nada está desenhado
diagram-none-text = A definição não tem diagrama; ela funciona mesmo assim.
waits-for-nothing = Não espera por nada
waits-to-be-told = Espera ser avisado
deliver = Entregar
deliver-title = Entregar a { $name }
deliver-text = O que chega é registrado, assinado por você, e o processo segue com isso.
deliver-correlation = Valor que traz
deliver-variables = Variáveis que traz
deliver-variables-text = Um objeto JSON de nomes e valores. Vazio: nenhuma.
deliver-no-object = Isto não é um objeto JSON.
awaits-message = mensagem
awaits-signal = sinal
awaits-receive = tarefa de recebimento
awaits-job = trabalho
col-awaits = O quê
variables-of = O que { $name } sabe
variable-add = Acrescentar uma variável
variable-name = Nome
variable-name-taken = Ele já sabe esta; corrija-a.
effects = Trabalho em curso
timers = Temporizadores
operations = O que aconteceu
process-variables = O que ele sabe
diagram = Diagrama do processo
diagram-of = Diagrama de { $name }; está em: { $tasks }
diagram-of-definition = Diagrama de { $name }
diagram-in = Maior
diagram-out = Menor
diagram-fit = Ajustar
next = Avançar
compare-with-n = Comparar com { $n }
task-more = Mais
task-delegate = Pedir a alguém que faça
task-delegate-text = Outra pessoa prepara a resposta e devolve; continua sua para concluir.
task-assign = Passar a outra pessoa
task-assign-text = Passa a ser dela. As regras sobre quem pode assumi-la valem como sempre.
task-move-due = Mudar o prazo
task-due-text = Vazio: não tem prazo.
task-to = A quem
task-nobody = Ninguém aqui pode assumi-la
task-give-back = Devolver a { $who }
move-version = Passar a outra versão
move-version-to = Versão
move-version-possible = Pode passar: tudo em que está tem correspondente.
move-version-problems = O que impede
move-version-losses = O que se perde
move-version-gains = O que é novo
move-version-map = Correspondente de { $name }
move-version-map-none = nenhum
called = Processos de outras definições
col-process = Processo
called-in = Definição em que está { $process }
start-process = Qual processo
col-priority = Prioridade
priority-n = prioridade { $n }
task-form = A definição indica para esta tarefa um formulário que fica em outro lugar: `{ $form }`
turn-version = Passar para outra versão do modelo
turn-version-text = O que o processo pergunta, verifica, migra e publica a partir de agora trata da versão escolhida aqui. Aprovações da versão anterior não valem para ela.
turn-version-to = Versão do modelo
reminders-of = Lembretes
reminded-times = { $n ->
    [0] ainda sem lembrete
    [one] lembrada uma vez
   *[other] lembrada { $n } vezes
}
reminded-last = o último
remind-next = novo lembrete
escalate-next = se ninguém responder, avisa-se { $who }
escalated = avisou-se { $who }
escalates-to-administrators = os administradores
correct = Corrigir
correct-title = Corrigir { $name }
correct-text = O novo valor é registrado, assinado por você. O processo continua com ele.
correct-kind = Isto não é do tipo da variável.
times = Tempo gasto
times-left = Vezes
times-spent = Tempo
comment-mention = Membros a mencionar

## Desenho
design = Cópia de trabalho
designs = Desenhos ainda não publicados
design-new-title = Desenhar um processo
design-begin = Começar
design-from-template = Ou comece por um modelo
design-change = Alterar
design-new = desenhado do zero
design-from = da versão { $n }
design-kept = guardado nesta mesa
design-ready = Sem erros
design-palette = O que se pode desenhar
design-board = Desenho de { $name }
design-properties = Propriedades
design-go = Ir a um elemento
design-added = Acrescentado: { $kind }
design-needs-task = Selecione antes uma tarefa: isto fica preso a uma
design-undo = Desfazer: { $what }
design-undo-none = Nada a desfazer
design-redo = Refazer: { $what }
design-redo-none = Nada a refazer
design-discard = Descartar
design-discard-text = A cópia de trabalho de { $name } some, com seus { $n } passos. O que foi publicado fica.
design-publish = Publicar
design-publish-anyway = Publicar mesmo assim
design-publish-text = Passa a ser a versão { $n }. Processos em andamento continuam na versão em que começaram.
design-publish-errors = Tem { $n } erros: pode ser publicado, mas não iniciado.
design-published = { $name } foi publicado como versão { $n }
design-text = Texto
design-remove = Remover { $name }
design-documentation = Documentação
design-people = Pessoas
design-groups = Grupos que podem assumi-la
design-users = Pessoas que podem assumi-la
design-excluded = Não podem assumi-la
design-excluded-text = Nomes, ou uma expressão como quem iniciou o processo.
design-assignee = Entregue a
design-assignee-text = Vazio: quem a assumir.
design-due-none = Sem prazo. Uma duração como P3D, uma data ou uma expressão.
design-questions = Perguntas
design-question = Pergunta
design-question-n = Pergunta { $n }
design-question-new = O que deve ser respondido?
design-question-add = Perguntar algo
design-question-remove = Remover a pergunta { $name }
design-variable = Variável
design-variable-name = Só letras, dígitos e _.
design-variable-twice = Outra pergunta tem esta variável.
design-required = Resposta obrigatória
design-choice-label = Opção { $n }
design-choice-new = Opção
design-choice-add = Opção
design-choice-remove = Remover a opção { $name }
design-choice-type = Não é do tipo da pergunta.
design-up = Mover para cima
design-down = Mover para baixo
design-condition = Quando é seguido
design-condition-when = Condição
design-condition-none = Sem condição: é sempre seguido.
design-default = Quando nenhuma outra condição vale
design-flow-plain = É sempre seguido. Condições ficam nos fluxos que saem de um desvio.
design-flow-remove = Remover o fluxo para { $name }
design-reads = Lê: { $names }
design-unknown = Nada define { $names }
design-timer = Temporizador
design-timer-kind = Dispara
design-timer-text = Quando
design-timer-duration = Depois de um tempo
design-timer-date = Em uma data
design-timer-cycle = Repetidamente
design-timer-next = Se começasse agora, dispararia
design-timer-once = Se começasse agora, venceria
design-timer-never = Nunca dispara.
design-timer-variable = Sabe-se na execução, por { $names }.
design-interrupting = Encerra a tarefa a que está preso
design-message = Mensagem
design-message-text = O nome com que é enviada.
design-signal = Sinal
design-does = O que faz
design-input-add = Dar-lhe algo
design-input-remove = Remover a entrada { $name }
design-delegate = Chama
design-other-fields = Outros campos
design-captures = O que guarda da resposta
design-captures-text = Um caminho JSON, e a variável que recebe o que há lá.
design-capture-add = Guardar algo
design-capture-remove = Não guardar { $name }
design-path = Caminho JSON
design-data = Variáveis
design-data-text = O que o processo sabe, com o tipo e o valor inicial.
design-data-add = Acrescentar variável
design-data-remove = Remover a variável { $name }
design-begins-as = Começa com
design-leads-to = Leva a
design-connect = Levar a…
design-group-people = Pessoas
design-group-actions = Ações
design-group-ways = Caminhos
design-group-waits = Esperas
design-group-ends = Inícios e fins
design-group-more = Mais
design-kind-start = Início
design-kind-timer-start = Início por tempo
design-kind-message-start = Início por mensagem
design-kind-end = Fim
design-kind-terminate-end = Encerrar tudo
design-kind-task = Tarefa
design-kind-approve = Aprovar
design-kind-find-project = Procurar o projeto
design-kind-build = Montar o pacote
design-kind-migrate = Migrar
design-kind-train = Treinar
design-kind-score = Pontuar
design-kind-report = Relatar desempenho
design-kind-publish = Publicar
design-kind-champion = Tornar campeã
design-kind-keep = Manter a versão
design-kind-choose = Escolher a versão
design-kind-notify = Avisar
design-kind-mail = E-mail
design-kind-call = Chamar um endereço
design-kind-exclusive = Um de vários caminhos
design-kind-parallel = Todos os caminhos
design-kind-inclusive = Alguns caminhos
design-kind-event-based = O que vier antes
design-kind-timer = Esperar um tempo
design-kind-message = Esperar mensagem
design-kind-signal = Esperar sinal
design-kind-timer-boundary = Lembrete na tarefa
design-kind-message-boundary = Mensagem na tarefa
design-kind-error-boundary = Erro na tarefa
design-kind-sub-process = Subprocesso
design-kind-annotation = Observação
design-pad-task = Tarefa depois
design-pad-exclusive = Desvio depois
design-pad-end = Fim depois
design-pad-connect = Conectar
design-pad-remove = Remover
design-done-begin = começar
design-done-add = acrescentar
design-done-connect = conectar
design-done-reconnect = levar a outro lugar
design-done-remove = remover
design-done-move = mover
design-done-bend = dobrar
design-done-name = nomear
design-done-documentation = documentação
design-done-assignee = entregue a
design-done-candidates = candidatos
design-done-excluded = pessoas excluídas
design-done-due = prazo
design-done-prompts = perguntas
design-done-condition = condição
design-done-default = caminho padrão
design-done-timer = temporizador
design-done-interrupting = encerra a tarefa
design-done-act = ação
design-done-field = campo
design-done-captures = o que se guarda
design-done-message = mensagem
design-done-signal = sinal
design-done-data = variáveis
design-fields-resttask = A chamada
design-fields-notificationtask = O aviso
design-fields-mailtask = O e-mail
design-field-url = Endereço
design-field-method = Método
design-field-bodytype = Corpo
design-field-body = Corpo em JSON
design-field-headers = Cabeçalhos em JSON
design-field-statuscode = Status esperado
design-field-groupids = Grupos avisados
design-field-userids = Pessoas avisadas
design-field-level = Nível
design-field-templatename = O que lhes é dito
design-field-mail = Também por e-mail
design-field-to = Para
design-field-subject = Assunto
design-field-message = Mensagem
design-name-task = Tarefa
design-name-approve = Aprovar o modelo
design-name-find-project = Procurar o projeto
design-name-build = Montar o pacote
design-name-migrate = Migrar para o bucket
design-name-train = Treinar o modelo
design-name-score = Pontuar os dados
design-name-report = Relatar desempenho
design-name-publish = Publicar o modelo
design-name-champion = Torná-lo campeão
design-name-keep = Voltar ao modelo atual
design-name-choose = Adotar o modelo escolhido
design-name-notify = Avisar os modeladores
design-name-mail = Escrever um e-mail
design-name-call = Chamar um endereço
design-name-timer-boundary = Lembrete
design-name-sub-process = Subprocesso
design-name-annotation = Observação
design-name-message = Mensagem
design-name-signal = Sinal
design-name-message-boundary = Mensagem
design-name-message-start = Mensagem
design-name-start = Início
design-name-end = Fim
design-name-exclusive = Qual caminho?
design-name-timer = Esperar
design-name-terminate-end = Fim
design-name-timer-start = Na agenda
design-name-parallel = Em paralelo
design-name-inclusive = Quais caminhos?
design-name-event-based = O que vem antes?
design-name-error-boundary = Erro

## Ensaio
rehearse = Ensaiar
rehearse-title = Ensaio de { $name }
rehearse-lead = Nada de fora é tocado, e nada é registrado.
rehearse-choose = Escolha uma definição para ensaiar
rehearse-begin = Começar
rehearse-begin-text = Responda ao que se pergunta no início e veja aonde vai.
rehearse-back = Voltar um passo
rehearse-again = Recomeçar
rehearse-errors = Ainda não pode ser ensaiado
rehearse-forget = Continuar sem isso
rehearse-clock = Relógio
rehearse-advance = Avançar
rehearse-advance-by = Quanto
rehearse-unit = Unidade de tempo
unit-minutes = minutos
unit-hours = horas
unit-days = dias
unit-weeks = semanas
rehearse-fire = Até o próximo
rehearse-no-timer = Nenhum temporizador corre.
rehearse-send = Enviar
rehearse-waits-message = espera a mensagem
rehearse-waits-signal = espera o sinal
rehearse-waits-receive = espera que a mandem seguir
rehearse-waits-job = espera seu trabalho
rehearse-as = Como
rehearse-anybody = qualquer um
rehearse-not = exceto { $who }
rehearse-nothing = Nada aconteceu ainda.
rehearse-did-start = Iniciado
rehearse-did-complete = { $name }, por { $who }
rehearse-did-advance = O tempo avançou { $time }
rehearse-did-fire = O próximo temporizador disparou
rehearse-did-retry = Tentado de novo: { $name }
rehearse-did-skip = Pulado: { $name }
rehearse-did-send = Enviado: { $name }
rehearse-replies = Respostas às chamadas
rehearse-replies-text = Onde nenhuma serve, a chamada dá certo. Dê uma para ver o que acontece de outro modo; * vale qualquer coisa.
rehearse-reply-url = Endereço
rehearse-reply-status = Status
rehearse-reply-body = Corpo
rehearse-reply-json = Isto não é JSON.
rehearse-reply-add = Responder assim
rehearse-reply-remove = Remover

## Diferenças
differences = O que difere
differences-title = { $before } e { $after }
differences-choose = Escolha duas versões de uma definição
differences-none = Nada difere
differences-none-text = Ambas fazem o mesmo, desenhadas nos mesmos lugares.
differences-only-moved = { $n } elementos estão em outros lugares.
differences-moved = Mostrar o que só mudou de lugar
difference-added = acrescentado
difference-removed = removido
difference-changed = alterado
difference-moved = movido

## Importação de uma definição
wizard-lead = De um arquivo a um processo que pode ser iniciado.
wizard-file = Arquivo
wizard-checks = Verificações
wizard-calls = Chamadas
wizard-people = Pessoas
wizard-import = Importar
wizard-again = Recomeçar
wizard-read = Ler
wizard-file-text = É lido, não alterado: o que entra sai byte a byte.
wizard-new = { $name } é novo aqui.
wizard-next = Passa a ser a versão { $n } de { $name }.
wizard-startable = Pode ser iniciado assim que importado.
wizard-not-startable = Pode ser importado, mas ainda não iniciado
wizard-unbound-calls = Chamadas sem significado aqui: { $n }
wizard-undirected = Chamadas a outro sistema sem conexão por onde passar: { $n }. Escolha uma no passo das chamadas.
wizard-unbound-people = Grupos e pessoas sem significado aqui: { $n }
wizard-tasks-n =
    { $n ->
        [one] uma tarefa
       *[other] { $n } tarefas
    }
wizard-named-by = Citado por
wizard-done = { $name } foi importado como versão { $n }

## Runs
runs-none = Nenhuma execução aqui
runs-none-text = Execuções são pedidas por processos: migrar, treinar, pontuar.
runs-live = Ativas
runs-succeeded = Bem-sucedidas
runs-failed = Falhas
runs-cancelled = Canceladas
run-requested = pedida por { $who }
run-instance = O processo
run-cancel = Cancelar a execução
run-why = Por que terminou assim
run-cleanup = Limpeza
run-files = Arquivos do manifesto
target-ready = Pronto
stages = Etapas
outputs = Saídas
output-verified = Verificada
output-wrong = Errada
output-waiting = Ainda não verificada
metrics = Métricas
log = Registro de saída
log-search = Buscar na saída
log-none = nenhum
log-before = Ocorrência anterior
log-after = Próxima ocorrência
log-follow = Acompanhar
log-copy = Copiar a saída
log-empty = A execução não escreveu nada.
log-waiting = Nada escrito ainda.

## A sala de execuções: pedir, agendas, lugares, modelos de cluster, o que ficou para trás
runs-pages = Páginas da sala de execuções
remove = Remover
actions = Ações
command = O mesmo na linha de comando
command-copy = Copiar o comando
cost = Custo
estimate = Estimativa
estimate-none = nada é cobrado
estimate-no-price = desconhecida: a tabela de preços não tem preço em { $region }
estimate-sandbox = nada: é um ensaio
estimate-minutes =
    { $n ->
        [one] por um minuto
       *[other] por { $n } minutos
    }
prices-of = (preços de { $day })
col-cloud-project = Projeto na nuvem
col-region = Região
col-cluster = Cluster
col-template = Modelo de cluster
col-impersonate = Conta representada
col-endpoint = Endereço
col-named-by = Nomeado por
col-place = Lugar
col-kind = Tipo
col-resource = Recurso
col-since = Desde
col-modified = Modificado
col-requested-by = Pedido por
run-compare = Comparar
run-compare-with = Comparar com outra execução
run-runtime = Ambiente
run-again = Pedir de novo
run-rehearsal = Ensaio
run-unclean = Deixou algo para trás
run-trigger = Disparada por
run-registered = Versão registrada
run-deadline = Limite de tempo
runs-unclean = Com restos
runs-any-kind = Qualquer tipo
runs-any-target = Qualquer destino
cleanup-graph = O que ela criou na nuvem
submit-title = Pedir uma execução
submit-lead = O que impede, quanto custa e o comando que faz o mesmo aparecem antes de qualquer pedido.
submit-what = O quê
submit-where = Onde
submit-settings = Ajustes
submit-kind-migrate = Põe os arquivos aprovados em um bucket, lê de volta e grava por último o marcador de pronto.
submit-kind-train = Treina com os arquivos aprovados no bucket; dá certo quando suas saídas são encontradas lá.
submit-kind-score = Pontua os dados do bucket com o pipeline que foi treinado lá.
submit-kind-retrain = Treina com os dados de hoje; o resultado é registrado como mais uma versão, com suas métricas.
submit-version-none = Nenhuma versão tem isso no nome
submit-version-choose = Escolha uma versão
submit-version-open = Abrir a versão
submit-approved = Aprovada por { $who }
submit-not-approved = Não aprovada
submit-target-local = Spark nesta máquina
submit-target-bucket = O bucket, como esta mesa o alcança
submit-bucket-migrate = Para onde vão os arquivos.
submit-bucket-text = Vazio: o bucket da última migração.
submit-remove-foreign = Remover o que não faz parte da versão
submit-remove-foreign-text = O que está na pasta dela e nunca pertenceu a uma versão é apagado de vez. Sem isto, a migração é recusada ali.
submit-rehearse = Ensaiar antes no sandbox
submit-rehearse-text = Os mesmos passos em um Google Cloud nesta máquina. Nada disso conta para o que é real.
submit-args = Argumentos
submit-args-text = Um por linha, entregues ao script depois dos próprios.
submit-properties = Propriedades do Spark
submit-properties-text = Uma por linha: nome=valor.
submit-properties-bad = “{ $line }” não é nome=valor.
submit-deadline = Parada após minutos
submit-deadline-text = Vazio: o que o destino diz.
submit-minutes = Minutos esperados
submit-minutes-text = Para a estimativa. Vazio: o que execuções anteriores levaram.
submit-go = Pedir a execução
submit-go-migrate = Migrar
submit-go-rehearse = Ensaiar
preflight = Antes de partir
preflight-looking = Olhando…
preflight-waiting = Escolha uma versão e, onde for preciso, um bucket.
preflight-clear = Nada impede
preflight-warnings =
    { $n ->
        [one] Pode ir; uma coisa a saber
       *[other] Pode ir; { $n } coisas a saber
    }
preflight-blocked =
    { $n ->
        [one] Uma coisa impede
       *[other] { $n } coisas impedem
    }
finding-blocking = Impede
finding-warning = A saber
compare-runs = Duas execuções comparadas
compare-with = com
compare-first = Primeira
compare-second = Segunda
compare-change = Mudança
compare-pick = A outra execução
targets-title = Destinos
targets-lead = Para onde as execuções podem ir. Um destino diz o quê e onde; quem entra é sempre esta mesa.
target-add = Adicionar destino
target-remove = Remover { $name }
target-remove-text = Nada mais pode ser pedido lá. O que rodou lá fica no histórico.
target-not-ready = Não está pronto
target-live = Execuções em aberto
target-deadline-text = Execuções nele que não digam outra coisa. Vazio: uma hora.
batch-runtime-version = Versão do ambiente
batch-container-image = Imagem de contêiner
batch-service-account = Conta de serviço
batch-subnetwork = Sub-rede
batch-staging-bucket = Bucket de preparação
batch-history-server = Servidor de histórico
batch-jars = Jars
batch-python-files = Arquivos Python
batch-network-tags = Etiquetas de rede
batch-list-text = Um por linha
target-stored = Modelo de workflow guardado
target-stored-text = Cada workflow é guardado no serviço como modelo, iniciado de lá e removido com o resto.
target-name-text = Letras minúsculas, dígitos, “.”, “-” e “_”.
target-template-text = Sem um: um único nó pequeno.
target-impersonate-text = Uma conta de serviço que esta mesa pode representar.
target-endpoint-text = Só onde não é o Google: um endereço, ou “sandbox”.
target-services = Endereços de serviços
target-services-text = Um por linha: “storage=https://…”. Serviços: storage, dataproc, iamcredentials, compute.
target-kind-local-spark = Apache Spark nesta máquina
target-kind-bucket = Buckets em pastas desta mesa
target-kind-dataproc-cluster = Um cluster Dataproc para cada execução: criado, usado, apagado, com a exclusão provada
target-kind-dataproc-existing = Um cluster Dataproc que já existe
target-kind-dataproc-serverless = Um lote Dataproc Serverless para cada execução
target-kind-dataproc-workflow = Um workflow Dataproc para cada execução, com um cluster que o próprio serviço cria e apaga
target-kind-short-dataproc-cluster = Cluster próprio
target-kind-short-dataproc-existing = Cluster existente
target-kind-short-dataproc-serverless = Serverless
target-kind-short-dataproc-workflow = Workflow
built-in-local-spark = Spark nesta máquina
built-in-bucket = Buckets em pastas desta mesa
buckets-title = Buckets
buckets-lead = O que há neles, e se é o que foi aprovado.
buckets-none = Nenhum bucket ainda
buckets-none-text = Um bucket em pasta é uma pasta dentro da pasta de buckets da mesa (veja os ajustes); um bucket na nuvem vem com uma migração ou um destino.
buckets-reconcile = Comparar com o que foi aprovado
bucket-kind-folder = Pasta
bucket-kind-cloud-storage = Cloud Storage
bucket-kind-sandbox = Sandbox
bucket-ready = Versão que está pronta
bucket-nothing-ready = nada pronto
bucket-agrees = Como aprovado
bucket-differs =
    { $n ->
        [one] Um objeto difere
       *[other] { $n } objetos diferem
    }
bucket-not-approved =
    { $n ->
        [one] O que está aqui não é o que foi aprovado: um objeto difere
       *[other] O que está aqui não é o que foi aprovado: { $n } objetos diferem
    }
reconcile-differs =
    { $n ->
        [one] Um lugar não é o que foi aprovado
       *[other] { $n } lugares não são o que foi aprovado
    }
reconcile-agrees =
    { $n ->
        [0] Nenhuma versão está pronta em lugar algum
        [one] O lugar comparado é o que foi aprovado
       *[other] Todos os { $n } lugares comparados são o que foi aprovado
    }
objects = Objetos
objects-none = Nada nesta pasta
objects-none-text = Solte arquivos ao lado, ou migre uma versão para este bucket.
objects-cut = Há mais do que está listado aqui.
folder-up = Acima
drop-upload = Enviar para esta pasta
drop-score = Enviar e pontuar
drop-text = Solte arquivos em qualquer lugar da janela.
drop-text-score = Solte arquivos em qualquer lugar da janela; { $label } os pontua.
drop-paths = Arquivos
drop-paths-text = Um caminho por linha.
drop-score-switch = Pontuar
drop-score-switch-text = Eles substituem os dados a pontuar; o marcador que dispara a execução é gravado por último. { $label } os pontua.
drop-score-none = Nenhuma versão aprovada está pronta aqui, então não há com que pontuar.
drop-done =
    { $n ->
        [one] Um objeto está lá
       *[other] { $n } objetos estão lá
    }
drop-go =
    { $n ->
        [0] Enviar
        [one] Enviar um arquivo
       *[other] Enviar { $n } arquivos
    }
drop-go-score =
    { $n ->
        [0] Enviar e pontuar
        [one] Enviar um arquivo e pontuar
       *[other] Enviar { $n } arquivos e pontuar
    }
leftovers = Restos
leftovers-lead = Tudo na nuvem que leva nossa etiqueta, comparado com o registro. O que nenhuma execução viva possui custa dinheiro à toa.
leftovers-look = Olhar de novo
leftovers-sweep =
    { $n ->
        [0] Apagar os escolhidos
        [one] Apagar um
       *[other] Apagar { $n }
    }
leftovers-pick = Escolher
leftovers-found =
    { $n ->
        [one] Um recurso não pertence a nenhuma execução viva
       *[other] { $n } recursos não pertencem a nenhuma execução viva
    }
leftovers-found-text = Escolha o que deve ir, e apague.
leftovers-cost = Até agora custam cerca de
leftovers-none = Nada ficou para trás
leftovers-none-text = Nenhum destino na nuvem tem cluster, lote ou job nosso que não seja de uma execução viva.
leftovers-no-run = nenhuma execução conhecida aqui
leftovers-live = De uma execução viva
leftovers-owned = Dentro de seus limites
leftovers-for-schedule = um agendamento do Cloud Scheduler
leftovers-for-report = um relatório de desempenho
leftovers-unreachable =
    { $n ->
        [one] Uma região não pôde ser olhada; nada se pode dizer dela
       *[other] { $n } regiões não puderam ser olhadas; nada se pode dizer delas
    }
leftovers-sure =
    { $n ->
        [one] Apagar um recurso?
       *[other] Apagar { $n } recursos?
    }
leftovers-sure-text = Não dá para desfazer. Só conta como apagado quando o serviço responde que não existe.
leftovers-delete = Apagar
leftover-cluster = Cluster
leftover-batch = Lote
leftover-job = Job
sweep-none = Ficou para trás
sweep-asked = Sendo apagado
sweep-proven = Provado que se foi
cluster-templates = Modelos de cluster
cluster-templates-lead = Formas de cluster, feitas uma vez por quem é engenheiro de dados, para todos que executam algo.
cluster-templates-none = Nenhum modelo de cluster ainda
cluster-templates-none-text = Digite um, ou mapeie do que existe localmente: nós, spark-defaults.conf, yarn-site.xml, requisitos.
template-new = Novo modelo
template-map = Mapear do local
template-lead = Todo cluster feito com ele se apaga quando fica ocioso ou velho, quem quer que o esqueça.
template-map-lead = O que existe localmente vira um cluster, cada decisão com sua razão.
template-machines = Máquinas
template-single = nó único, { $machine }
template-image = Imagem
template-hour = Uma hora
template-per-hour = por hora
template-targets = Destinos
template-drop = Remover { $name }
template-drop-text = Destinos feitos com ele guardam sua própria cópia. A mesma forma como comando:
template-keep = Guardar o modelo
template-source = O que existe localmente
template-told = O que significa
template-fine = O Dataproc aceitaria.
template-no-price = A tabela não tem preço para isto em { $region }.
template-region-text = Para o preço e o comando.
map-nodes = Nós
map-nodes-text = Uma linha por nó: nome, núcleos, memória em GB.
map-spark = Versão do Spark
map-single = Nó único
map-single-text = Driver e executores em uma máquina, para poucos dados e ensaios.
map-go = Mapear
decisions = Origem e resultado
decisions-of = { $n } decisões, { $left } deixadas de fora
decision-source = No local
decision-result = Na nuvem
decision-reason = Por quê
decision-left = deixado de fora
shape-machines = Máquinas
shape-master = Mestre
shape-workers = Trabalhadores
shape-count = Quantos
shape-machine = Tipo de máquina
shape-disk = Disco, GB
shape-image-version = Versão da imagem
shape-zone = Zona
shape-subnetwork = Sub-rede
shape-service-account = Conta de serviço
shape-staging-bucket = Bucket de preparação
shape-life = Vida
shape-life-text = em minutos, sempre definidos
shape-idle = Apagado se ocioso por
shape-age = Apagado com a idade de
shape-provision = Deve estar de pé em
shape-software = Software
shape-properties = Propriedades
shape-properties-text = Uma por linha: spark:spark.executor.memory=8g
shape-packages = Pacotes Python
shape-packages-text = Um por linha; instalados pela ação do próprio Google (PIP_PACKAGES).
shape-network = Rede e identidade
schedules = Agendas
schedules-lead = Execuções pedidas repetidamente. Por mais vezes que se tenham perdido enquanto ninguém olhava, uma só é pedida.
schedules-none = Nenhuma agenda ainda
schedules-none-text = Uma agenda treina ou pontua com uma versão aprovada, por uma regra como a cada 4 semanas na segunda-feira.
schedule-add = Adicionar agenda
schedule-rule = Regra
schedule-rule-first = a cada 4 semanas na segunda-feira às 02:00 em America/Sao_Paulo
schedule-rule-text = a cada 4 semanas na segunda-feira às 02:00 em America/Sao_Paulo · a cada 2 dias às 06:30 · a cada mês no dia 1 às 02:00 · ou cron: 0 2 * * 1 em America/Sao_Paulo
schedule-next = Próximas
schedule-next-ten = As próximas dez vezes
schedule-last =
    { $n ->
        [0] Últimas vezes
        [one] Venceu uma vez até agora
       *[other] Venceu { $n } vezes até agora
    }
schedule-never = Ainda não venceu.
schedule-missed =
    { $n ->
        [one] vale por uma que se perdeu
       *[other] vale por { $n } que se perderam
    }
schedule-instead = Usar esta
schedule-remove-text = Nada mais é pedido por ela. As execuções que pediu continuam.
schedule-export = Cloud Scheduler
schedule-export-text = Cria um job do Cloud Scheduler que inicia o mesmo trabalho na nuvem, sem esta mesa. Ele usa os arquivos que estão prontos no bucket; ninguém os compara então com a aprovação.
sandbox = Sandbox
sandbox-on = Ligado
sandbox-off = Desligado
sandbox-text = Um Google Cloud nesta máquina: buckets, clusters e lotes, com jobs que rodam de verdade. Nada sai da máquina, nada custa.
sandbox-rehearse = Ensaie antes uma migração nele.
sandbox-where = Endereço
sandbox-folder = Seu estado
sandbox-speed = Velocidade dos clusters
sandbox-speed-text = Quanto mais rápido vêm e vão que os reais.
sandbox-times = { $n } × o real
sandbox-no-buckets = nenhum ainda
sandbox-not-ours = Outro programa desta mesa o serve; pare-o lá.
sandbox-buckets = Criar buckets
sandbox-buckets-text = Nomes, separados por espaços.
sandbox-make-buckets = Criar
sandbox-start = Ligar o sandbox
faults = Falhas
faults-text = O que dá errado em uma nuvem real, sob demanda: veja como uma execução termina antes que aconteça lá.
faults-none = Nenhuma falha espera.
faults-clear = Esquecer todas
fault = Falha
fault-times = Quantas vezes
fault-after = Depois de tantas
fault-path = Só onde o caminho tem
fault-add = Adicionar
fault-too-many = 429, pedidos demais
fault-broken = 500, erro interno
fault-unavailable = 503, indisponível
fault-expired-token = 401, o token expirou
fault-denied = 403, sem permissão
fault-quota = Sem cota para um cluster
fault-slow = Três segundos mais lento
fault-dropped-before = Conexão perdida antes do efeito
fault-dropped-after = Conexão perdida depois do efeito
fault-cluster-stuck = Um cluster nunca fica de pé
fault-cluster-error = Um cluster falha
fault-cluster-survives = Um cluster sobrevive à exclusão
fault-job-error = Um job falha
fault-job-without-output = Um job “dá certo” sem saída
fault-kind-status = Status
fault-kind-latency = Lento
fault-kind-drop-before = Perdida antes
fault-kind-drop-after = Perdida depois
fault-kind-hold-before = Retida antes
fault-kind-hold-after = Retida depois
fault-kind-quota = Sem cota
fault-kind-cluster-stuck = Cluster preso
fault-kind-cluster-error = Cluster com erro
fault-kind-cluster-survives = Cluster sobrevive
fault-kind-job-error = Job com erro
fault-kind-job-without-output = Sem saída
run-kind-retrain = Retreino

## People
people-lead = Membros, o que podem fazer e as chaves com que assinam.
members = Membros
member-add = Adicionar membro
member-here = chave nesta mesa
member-display = Nome nas telas
member-name-text = Letras minúsculas, dígitos, ponto, hífen e sublinhado; no máximo 64.
member-key = Chave pública
member-key-text = 64 dígitos hexadecimais, gerados na mesa do próprio membro.
member-key-here = Gerar a chave nesta mesa
member-key-here-text = Para uma mesa usada por várias pessoas.
roles = Papéis
roles-change = Mudar papéis
roles-change-of = Mudar os papéis de { $name }
role-may = Pode
keys = Chaves
key = Chave
key-from = Desde o lançamento
key-until = Até o lançamento
key-revoke = Revogar
key-revoke-of = Revogar a chave { $key }
key-revoke-text = O que a chave { $key } assinou continua válido; ela não assina mais nada.
key-revoked = Revogada
key-enrolled-by = Registrada por
key-waits = espera um segundo administrador
key-enrol = Registrar chave
key-enrol-of = Registrar uma chave de { $name }
key-enrol-text = O que esta chave assinar valerá como assinado por { $name }. Compare a impressão digital por voz antes de registrá-la.
key-confirm = Confirmar
key-confirm-of = Confirmar a chave { $key }
key-fingerprint = Impressão digital
own-key = Minha chave nesta mesa
own-key-text = Você assina com uma chave que nunca sai desta mesa. Gere-a aqui; um administrador registra a metade pública, e a partir daí suas decisões valem.
own-key-whose = Seu nome de membro
own-key-make = Gerar a chave
own-key-enrolled = Esta chave pode assinar.
own-key-send = Ela ainda não assina nada. Envie a chave pública a um administrador e compare a impressão digital por voz.
own-key-copy = Copiar a chave pública
own-key-terminal = Num terminal, o administrador digita:
invite = Convidar
invite-text = Envie isto à pessoa. Diz onde o espaço de trabalho está e qual é, para que o primeiro contato seja com este espaço e nenhum outro. Não é segredo: não abre nada que a pasta ou o bucket não abra.
invite-link = Convite
invite-copy = Copiar o convite
invite-step-open = Na própria mesa, a pessoa escolhe “Abrir um espaço” e cola o convite.
invite-step-key = Em Pessoas ela gera a chave e envia a você a metade pública.
invite-step-enrol = Você a adiciona como membro com essa chave, ou registra a chave se ela já é membro.
inbox-keyless = Não há chave nesta mesa: você pode ler tudo e não decidir nada. Gere sua chave e peça a um administrador que a registre.

## Ledger
ledger-lead = Cada decisão, assinada e encadeada. Nada aqui pode ser mudado, só acrescentado.
ledger-member = Só do membro
ledger-all = Mostrar todos os lançamentos
ledger-verify = Verificar o histórico
ledger-verifying = Lendo e conferindo cada lançamento e arquivo
ledger-whole =
    { $n ->
        [one] { $n } lançamento
       *[other] { $n } lançamentos
    } e { $blobs } arquivos conferidos: o histórico está íntegro
ledger-broken =
    { $n ->
        [one] { $n } problema
       *[other] { $n } problemas
    } no histórico
ledger-chain = Cadeia
ledger-subject = Tudo sobre este assunto
entries = Lançamentos
entries-none = Nenhum lançamento
entry-signed = Assinatura válida
entry-void = Nulo
entry-void-text = Esta posição não tem lançamento válido e não conta.
fact-body = O fato, inteiro

## Notices
notices-none = Nenhum aviso
notices-none-text = Você é avisado quando uma tarefa precisa de você, uma migração termina ou uma execução falha.
notices-none-unread = Você leu tudo.
notices-unread = Não lidos
notices-mark-all = Marcar todos como lidos
notice-read = Lido
notice-mark = Marcar “{ $title }” como lido

## Settings
settings-lead = Configurações desta mesa. Nenhuma, salvo as conexões, entra no livro-razão.
appearance = Aparência
theme = Cores
theme-light = Cores claras
theme-dark = Cores escuras
theme-system = Cores do sistema
theme-light-short = Claras
theme-dark-short = Escuras
theme-system-short = Do sistema
language = Idioma
language-system = Do sistema
desktop-notices = Avisos na área de trabalho
desktop-notices-text = Um clique abre aquilo de que trata.
folders = Pastas
buckets = Buckets em pasta
buckets-text = O bucket b é a pasta b dentro desta.
desk-folder = Pasta da mesa
desk-folder-text = Cache, arquivo da mesa e chaves quando não há chaveiro.
workspace = Espaço de trabalho
workspace-url = Onde fica
workspace-url-example = Uma pasta, ou um bucket: gs://, s3:// ou az://nome/prefixo
workspace-where = Onde deve ficar
workspace-id = Identidade
workspace-head = Último lançamento
workspace-name = Como é chamado
workspace-member = Seu nome nele
keys-in = As chaves ficam em
program-version = Versão do programa

## Welcome and story
welcome-lead = A mesa de governança de modelos: uma segunda pessoa contra-assina, e o que roda é o que foi aprovado.
welcome-open = Abrir um espaço
welcome-recent = Abertos aqui antes
welcome-create = Fundar um espaço
welcome-create-go = Fundar
welcome-demo = Ver a demonstração
welcome-demo-text = Um espaço próprio, com um modelo de churn, seus revisores e um processo que espera o validador. Não toca em mais nada.
welcome-demo-go = Preparar e abrir
story-lead = Um modelo, do pacote à contra-assinatura, migração, treino e pontuação. Assista, ou faça os passos à mão.
story-of = { $done } de { $of }
story-step = Próximo passo
story-play = Contar a história
story-in-sandbox = Executar no sandbox
story-in-sandbox-text = Um Google Cloud nesta máquina: o bucket, os clusters, jobs que rodam de verdade. Senão, uma pasta e o Spark desta máquina.
story-is-in-sandbox = No sandbox
story-none = Este não é o espaço de demonstração
story-none-text = Feche este espaço e escolha a demonstração.

## Words that come from Rust, by family
evidence-kind-contents = Conteúdo
evidence-kind-code = Código
evidence-kind-variables = Variáveis
evidence-kind-statistics = Estatísticas de ajuste
evidence-kind-curves = ROC e lift
evidence-kind-findings = Achados
evidence-kind-independence = Independência
story-step-workspace = Um espaço é fundado; cada membro tem sua própria chave
story-step-packages = Ana importa dois pacotes concorrentes e nomeia o campeão
story-step-definition = O processo de migração é importado, verificado e vinculado
story-step-start = O processo começa no projeto; o validador tem a tarefa
story-step-separation = Ana não pode aprovar o próprio modelo
story-step-approval = Vera lê as evidências e assina
story-step-bucket = Ivo informa o bucket
story-step-migration = Os arquivos aprovados estão nesse bucket, relidos e iguais; o marcador de pronto veio por último
story-step-notification = Dana, a engenheira, é avisada de que a migração terminou
story-step-training = O marcador de pronto dispara o treino no Spark; as saídas são verificadas
story-step-scoring = Um conjunto de dados chega e é pontuado com a versão aprovada
story-step-monitor = Sam acompanha o campeão; quatro trimestres de resultados chegam ao bucket
story-step-decay = O processo cria o relatório: o Gini caiu quase à metade, o escore parece estável; Sam é avisado
story-step-retrain = Ana não pode julgar o próprio modelo; Sam decide retreinar, e o Spark o treina de novo
story-step-sandbox = Um Google Cloud nesta máquina, com um bucket e um destino
story-step-swept = Nada fica nessa nuvem
story-step-proof = Todo o histórico é verificado, e um cache refeito diz o mesmo
step-done = Feito
step-next = Próximo
step-playing = Em andamento
step-failed = Falhou
step-later = Depois
role-administrator = Administrador
role-data-scientist = Cientista de dados
role-validator = Validador
role-model-steward = Curador de modelos
role-data-engineer = Engenheiro de dados
role-it = TI
role-dev-ops = DevOps
role-manager = Gestor
role-auditor = Auditor
role-agent = Agente
function-classification = Classificação
function-prediction = Predição
function-cluster = Agrupamento
function-forecasting = Previsão
function-text-analytics = Análise de texto
function-transformation = Transformação
function-analytical = Analítica
level-interval = Intervalar
level-nominal = Nominal
level-binary = Binário
level-ordinal = Ordinal
direction-input = Entrada
direction-output = Saída
direction-target = Alvo
partition-train = Treino
partition-test = Teste
partition-validate = Validação
file-role-score = Pontuação
file-role-train = Treino
file-role-inputvariables = Entradas
file-role-outputvariables = Saídas
file-role-scoreresource = Recurso
file-role-python-pickle = Pickle
file-role-model = Modelo
file-role-properties = Propriedades
finding-secret = Credencial
finding-pickle = Pickle
finding-pipeline = Pipeline
property-name = Nome
property-description = Descrição
property-function = Função
property-algorithm = Algoritmo
property-tool = Ferramenta
property-toolversion = Versão da ferramenta
property-modeler = Modelador
property-targetvariable = Variável alvo
property-targetevent = Evento do alvo
property-targetlevel = Nível do alvo
property-eventprobvar = Probabilidade do evento
property-intendeduse = Uso pretendido
property-statisticsfrom = Origem das estatísticas
property-traintable = Dados de treino
property-scorecodetype = Tipo do código de pontuação
property-traincodetype = Tipo do código de treino
property-target-level = Nível do alvo
property-target-variable = Variável alvo
property-target-event = Evento do alvo
property-event-probability-variable = Probabilidade do evento
action-find-project = Procurar o projeto
action-build = Montar o pacote
action-migrate = Migrar
action-train = Treinar
action-score = Pontuar
action-report = Relatar o desempenho
action-publish = Publicar
action-champion = Tornar a versão campeã
action-keep = Voltar para a versão anterior ao retreino
action-choose = Passar para a versão que uma resposta indica
action-notify = Notificar
instance-running = Em curso
instance-completed = Concluído
instance-terminated = Encerrado
instance-cancelled = Cancelado
instance-failed = Falhou
value-string = Texto
value-boolean = Sim ou não
value-long = Inteiro
value-double = Número
value-list = Lista
value-map = Registro
value-null = Nada
value-date = Data
value-any = Qualquer coisa
effect-http = Chamada
effect-mail = E-mail
effect-notify = Aviso
effect-set = Guardado
effect-assign = Oferecido
effect-job = Trabalho
effect-script = Script
effect-signal = Sinal
effect-message = Mensagem
effect-delegate = Delegado
bpmn-tag-process = Processo
bpmn-tag-sequenceflow = Fluxo
bpmn-tag-usertask = Tarefa
bpmn-tag-servicetask = Tarefa de serviço
bpmn-tag-scripttask = Tarefa de script
bpmn-tag-receivetask = Tarefa de recebimento
bpmn-tag-sendtask = Tarefa de envio
bpmn-tag-manualtask = Tarefa manual
bpmn-tag-businessruletask = Tarefa de regra
bpmn-tag-task = Tarefa
bpmn-tag-callactivity = Chamada de processo
bpmn-tag-subprocess = Subprocesso
bpmn-tag-startevent = Início
bpmn-tag-endevent = Fim
bpmn-tag-boundaryevent = Evento na tarefa
bpmn-tag-intermediatecatchevent = Evento esperado
bpmn-tag-intermediatethrowevent = Evento lançado
bpmn-tag-exclusivegateway = Um de vários caminhos
bpmn-tag-parallelgateway = Todos os caminhos
bpmn-tag-inclusivegateway = Alguns caminhos
bpmn-tag-eventbasedgateway = O que vier antes
bpmn-tag-textannotation = Observação
aspect-tag = tipo
aspect-name = nome
aspect-documentation = documentação
aspect-source = de
aspect-target = para
aspect-attached = preso a
aspect-assignee = entregue a
aspect-groups = grupos
aspect-users = pessoas
aspect-excluded = excluídos
aspect-due = prazo
aspect-condition = condição
aspect-default = caminho padrão
aspect-interrupting = encerra a tarefa
aspect-timer = temporizador
aspect-delegate = chama
aspect-message = mensagem
aspect-signal = sinal
aspect-prompt = pergunta
aspect-field = campo
aspect-capture = guarda
aspect-data = variável
run-state-requested = Pedida
run-kind-migrate = Migração
run-kind-train = Treino
run-kind-score = Pontuação
run-state-preparing = Preparando
run-state-provisioning = Provisionando
run-state-submitted = Enviada
run-state-running = Em execução
run-state-verifying = Verificando
run-state-succeeded = Bem-sucedida
run-state-failed = Falhou
run-state-cancelled = Cancelada
cleanup-not-needed = Não necessária
cleanup-required = Necessária
cleanup-in-progress = Em andamento
cleanup-proven = Comprovada
channel-desktop = Área de trabalho
channel-mail = E-mail
delivery-delivered = entregue
level-of-info = Para informação
level-of-success = Sucesso
level-of-warning = Aviso
level-of-failure = Falha
keys-in-keychain = o chaveiro
keys-in-file = um arquivo da pasta da mesa

## Busca
found-project = Projetos
found-model = Modelos
found-version = Versões com este resumo
found-definition = Definições
found-instance = Processos
found-task = Tarefas
found-run = Execuções
found-member = Pessoas
found-variable = Variáveis
found-file = Arquivos
found-entry = Entradas

## Caixa de entrada, para depois
tasks-view-snoozed = Depois
tasks-none-snoozed = Nada foi adiado
tasks-filter = Filtrar as tarefas pelo nome
tasks-project = Somente de um projeto
tasks-project-all = Todos os projetos
snooze-of = Adiar { $name }
snooze-tomorrow = Até amanhã
snooze-days = Por três dias
snooze-week = Por uma semana
snooze-back = De volta à caixa de entrada
snoozed-until = adiada até { $when }
keys-snooze = Adiar a tarefa até amanhã
keys-comment = Comentar a tarefa
keys-answer = Responder à tarefa

## Ficha do modelo
tab-card = Ficha do modelo
card-of = Ficha do modelo { $name }
card-lead = { $name } de { $project }: o que saber antes de confiar nele.
card-print = Imprimir
card-purpose = Para que serve
card-owner = Quem responde por ele
card-modeler = Modelador
card-registered-by = Registrado por
card-data = De que foi feito
card-unsaid = O pacote não diz
card-training-table = Dados de treino
card-inputs =
    { $n ->
        [one] Entrada
       *[other] { $n } entradas
    }
card-outputs = Saídas
card-limits = Limites e avisos
card-limits-none = A leitura do pacote não encontrou nada a alertar.
card-lineage = Do pacote ao uso
card-step-package = Pacote
card-step-registered = Registrado
card-step-signed = Contra-assinado
card-step-migrated = Migrado
card-step-place = Posição no projeto
card-no-place = nenhuma
card-not-migrated = Ainda não migrado.
card-not-reached = (ainda não alcançado)
# Mail from this desk (settings)
mail = E-mail
mail-text = Os avisos também saem por e-mail, uma vez cada, para os membros que têm endereço. Sem servidor, nada sai.
mail-host = Servidor de e-mail
mail-port = Porta
mail-security = Conexão
mail-security-tls = TLS
mail-security-starttls = STARTTLS
mail-security-plain = Nenhuma (só nesta máquina)
mail-user = Conta
mail-from = Remetente
mail-whom = Quem recebe e-mail deste posto
mail-whom-here = Membros cuja chave está aqui
mail-whom-everybody = Todos (em um único posto)
mail-password = Senha
mail-password-text = Fica no chaveiro desta máquina e em nenhum outro lugar.
mail-password-kept = Há uma senha no chaveiro
mail-password-keep = Guardar no chaveiro
doors = Conexões com outros sistemas
doors-text = As chamadas dos processos não vão a nenhum outro lugar. Todos no espaço de trabalho as veem; um administrador as permite e retira.
doors-none = Nenhuma conexão permitida ainda
door-name = Nome da conexão
door-base = Endereço
door-methods = Métodos
door-reach = Alcance
door-reach-public = endereços públicos
door-reach-private = também esta máquina e redes privadas
door-reach-anywhere = qualquer lugar
door-header = Cabeçalho da credencial
door-allow = Permitir
door-withdraw = Retirar
door-withdraw-text = As chamadas ligadas a { $name } param com um incidente. Diga por quê.
door-credential = Credencial de { $name }
door-credential-keep = Guardar no chaveiro
door-credential-here = guardada aqui
door-credential-missing = não está nesta mesa
mail-test = Enviar uma mensagem de teste
mail-test-to = Endereço para a mensagem de teste
mail-test-sent = Enviada para { $to }. O servidor respondeu: { $answer }

# Monitoramento
nav-monitoring = Monitoramento
spark = { $name } de { $first } a { $last }
percent = { $share } %
missing = Ausentes
stop = Parar
final = definitivo
provisional = provisório
monitoring-portfolio = Modelos por saúde
monitoring-by-health = Quantos modelos de cada saúde
monitoring-monitors = Monitores
monitoring-alerts = Alertas
monitoring-reports = Relatórios
tab-monitoring = Monitoramento
portfolio-empty = Nenhum modelo para observar
portfolio-empty-text = Torne uma versão a campeã de seu projeto, e ela aparece aqui com seu desempenho.
monitors-empty = Nada é observado
monitors-empty-text = Um monitor lê os dados escorados conforme chegam e diz se o modelo ainda faz o que foi aprovado.
alerts-empty = Nenhum alerta
alerts-empty-text = Nenhuma regra de monitor espera resposta.
reports-empty = Nenhum relatório
reports-empty-text = Defina um monitor, e seus relatórios são listados aqui.
alerts-open = Abertos
alerts-settled = Resolvidos
alerts-all = Todos
alert-waits = Espera decisão
alert-settled = Resolvido
alert-settle = Resolver
alert-settle-this = Resolver { $rule } em { $period }
alert-settle-text = O alerta não pede decisão sobre o modelo: diga por quê. O motivo é registrado com seu nome.
alert-level-warning = Aviso
alert-level-alert = Alerta
answer-retrain = Retreinar
answer-wait = Aguardar
health-alert = Alerta
health-watch = Observar
health-retraining = Retreinando
health-unknown = Ainda não se sabe
health-healthy = Saudável
health-unwatched = Sem monitor
health-retired = Aposentado
recommended-keep = Manter
recommended-watch = Observar
recommended-investigate = Investigar
recommended-retrain = Retreinar
recommended-unknown = Nada com que julgar
recommended-long-keep = Manter o modelo
recommended-long-watch = Observar: olhar de novo no próximo período
recommended-long-investigate = Investigar os dados antes de tudo
recommended-long-retrain = Retreinar o modelo
recommended-long-unknown = Ainda não há com que julgar
col-health = Saúde
col-monitor = Monitor
col-course = Evolução
col-score-psi = PSI do escore
col-alerts = Alertas
col-recommended = Recomendação
col-period = Período
col-periods = Períodos
col-next = Próximo relatório
col-owner = Responsável
col-raised = Disparado
col-recorded = Registrado
col-metric = Métrica
col-group = Grupo
col-event-rate = Taxa de eventos
col-selected = Chamados de evento
col-tpr = Taxa de verdadeiros positivos
col-fpr = Taxa de falsos positivos
col-input = Entrada
col-labelled = Resultados conhecidos
col-p1 = Entradas acima de 0,1
col-p25 = Entradas a partir de 0,25
col-file = Arquivo
col-column = Coluna
col-part = Provável papel
col-levels = Níveis
monitor-define = Definir um monitor
monitor-compute = Calcular um relatório agora
monitor-computing = Andamento do cálculo
monitor-pieces = { $done } de { $of } partes
monitor-known = Estes mesmos dados já têm relatório: nada foi calculado duas vezes.
monitor-decide = Decidir
monitor-change = Alterar
monitor-change-title = Alterar { $name }
monitor-retire = Aposentar
monitor-retire-text = O monitor para: nenhum relatório mais é devido, e seu histórico fica. Isto não se desfaz; pode-se definir um novo monitor.
monitor-retired = Este monitor está aposentado
monitor-obstacle = O último relatório devido não pôde ser calculado aqui
monitor-lead = { $owner } responde por ele, em { $project }. Observa
monitor-on-data = quando chegam dados novos
monitor-no-report = Ainda sem relatório
monitor-no-report-text = Calcule o primeiro agora, ou deixe o agente fazê-lo quando for devido.
monitor-open-report = Abrir o relatório
monitor-open-alerts = Alertas abertos
monitor-no-alerts = Nada espera resposta.
monitor-decisions = Decisões
monitor-no-decisions = Ninguém decidiu ainda.
monitor-terms = O que observa (termos { $number })
decision-run = o retreinamento
decision-compare = comparar com a { $number }, que resultou dele
decision-report = sobre este relatório
retrain-title = Retreinar { $model }?
decide-answer = Sua decisão
decide-record = Registrar a decisão
question-open = Responda a esta pergunta.
question-performs = O modelo ainda tem desempenho suficiente para seu uso?
question-data = Os dados do último período estão íntegros?
question-context = O negócio ou a população mudou de vez?
question-impact = Esperar mais um período causaria dano?
questionnaire-yes = Sim
questionnaire-no = Não
questionnaire-unsure = Não sei
terms-data = Dados
terms-target = Resultado
terms-event = Evento
terms-score = Escore
terms-weight = Peso
terms-inputs = Entradas
terms-inputs-all = todas as outras colunas
terms-groups = Equidade por
terms-time = Períodos por tempo
terms-baseline = Comparado com
terms-cadence = Um relatório é devido
terms-cutoff = Corte
terms-delimiter = Delimitador
terms-thresholds = Limites
terms-unlabelled = Resultados que podem faltar
terms-rules = Regras de alerta
terms-runs-on = Calculado em
define-runs-here = esta mesa
terms-owner = Responsável
baseline-first-period = o primeiro período
baseline-training = os dados de treino da versão
baseline-file = um arquivo
cadence-p1d = todo dia
cadence-p7d = toda semana
cadence-p1m = todo mês
cadence-p3m = todo trimestre
period-day = dias
period-week = semanas
period-month = meses
period-quarter = trimestres
part-target = resultado
part-score = escore
part-input = entrada
part-identifier = identificador
column-number = número
column-text = texto
define-lead = Nada é registrado antes do último botão.
define-what = Qual modelo, quais dados
define-model = Versão
define-bucket = Bucket
define-bucket-text = Vazio para uma pasta desta máquina
define-through = Lido por meio de
define-through-text = O destino cujo endereço e cuja conta alcançam o bucket
define-through-none = esta mesa
define-pattern = Arquivos
define-pattern-text = * vale por quaisquer caracteres
define-folder = Pasta de dados escorados
define-prefix = Prefixo no bucket
define-look = Olhar os dados
define-files = { $n } arquivos, último por fim
define-columns = { $n } colunas
define-missing = Faltam nos dados entradas da versão
define-mapping = O que as colunas significam
define-inputs-text = Nenhuma escolhida: toda coluna sem outro papel
define-groups-text = Colunas cujos grupos são comparados
define-when = Períodos, referência e responsável
define-by-file = um arquivo é um período
define-period = Duração de um período
define-baseline-file = Arquivo da referência
define-threshold = Gini que não se deve perder
define-threshold-text = Vazio: 80 % do da referência
define-threshold-ase = Erro quadrático que não se deve passar
define-threshold-ase-text = Vazio: 125 % do primeiro período
define-unlabelled-text = Vazio: 5 %. Faltando mais, o período é provisório e nenhuma regra julga seu desempenho.
define-delimiter-text = Vazio: adivinhado; ou a palavra tab
define-rules-text = Expressões sobre os números de um período: p1, p25, gini, ks, giniDecay, lift5Decay, score_psi, psi.NOME …
define-name = Nome
define-nameless = Dê um nome ao monitor.
define-change = Registrar os novos termos
rule-level = Nível da regra { $n }
rule-when = Expressão da regra { $n }
rule-remove = Remover a regra { $n }
rule-add = Adicionar regra
rule-dry-run = Experimentar no último relatório
rule-dry-run-later = Podem ser experimentadas no histórico quando houver um relatório.
rule-would = Teriam disparado
rule-quiet = nada
rule-unjudged = Algumas regras não puderam ser julgadas em toda parte
report = Relatório
report-title = { $model }: { $periods }
report-lead = Comparado com { $baseline }; registrado por { $by },
report-period = Período
report-period-provisional = { $label } (provisório)
report-compare = Comparar versões
report-compared = Comparado com outras versões
report-compared-note = Do período de mesmo nome onde houver, senão do último cujos resultados estão completos. Em negrito: melhor que este relatório.
report-to-version = Abrir a versão
report-tab-overview = Visão geral
report-tab-performance = Desempenho
report-tab-drift = Entradas
report-tab-decay = Decaimento e previsão
report-tab-data = Dados
report-numbers = Números do período
report-figure-trend = Evolução, limite e previsão
report-figure-heatmap = PSI das entradas por período
report-figure-psi = PSI das entradas
report-figure-roc = ROC
report-figure-lift = Lift acumulado
report-figure-gain = Eventos encontrados
report-figure-ks = KS
report-figure-calibration = Calibração
report-figure-confusion = No corte
report-of-period = { $what }, { $period }
report-fired = Regras que dispararam em { $period }
report-nothing-fired = Nenhuma regra disparou.
report-metrics = Métricas por período
report-baseline-of = Referência ({ $label })
psi-stable = estável: até 0,1
psi-moved = moveu-se: acima de 0,1
psi-far = distante: 0,25 ou mais
report-no-baseline = a referência não tem
report-against = { $baseline } na referência
report-worse = { $share } % pior que { $baseline }
report-better = { $share } % melhor que { $baseline }
report-no-performance = Nenhum período tem resultados e escores de um alvo sim ou não.
report-fairness = Equidade por { $column }
report-parities = Paridades por { $column }
col-parity = Paridade
col-difference = Maior diferença
col-difference-means = A maior diferença entre dois grupos; 0 é paridade.
col-ratio = Menor razão
col-ratio-means = A menor razão entre dois grupos; 1 é paridade.
report-no-inputs = Nenhuma entrada é observada.
report-worst = Entradas em { $period }, piores primeiro
report-missing = { $before } % → { $now } %
report-score-distribution = Escore
report-psi-of = PSI de { $name }
report-loss = Perda em relação à referência
report-no-loss = Não há referência com resultados para comparar.
report-course-of = Curso de { $metric }
report-warnings = O que saber sobre os dados
report-provenance = De onde veio
report-terms = { $monitor }, termos { $number }
report-blob = Digest do relatório
loss-gini = Perda de Gini
loss-ks = Perda de KS
loss-lift10 = Perda de lift em 10 %
loss-p = p
loss-significant = Significativa
loss-mix = Por mudança de perfil
loss-relation = Por mudança de relação
loss-gini-means = Gini da referência menos o do período, sobre o da referência.
loss-ase = Aumento do erro quadrático
loss-ase-means = Erro quadrático médio do período menos o da referência, sobre o da referência.
loss-p-means = Chance de uma perda deste tamanho, se nada tivesse mudado: teste de DeLong para o Gini, de duas médias para o erro quadrático de números previstos. Não há com pesos.
loss-significant-means = p menor que 0,05 e ao menos 5 % perdidos: com muitas linhas tudo é significativo, e nem tudo importa.
loss-ks-means = KS da referência menos o do período, sobre o da referência.
loss-lift10-means = Lift acumulado em 10 % da referência menos o do período, sobre o da referência.
loss-mix-means = Pontos de Gini que a referência perderia com o perfil de casos do período, reponderando suas linhas.
loss-relation-means = Pontos de Gini que restam: os mesmos casos terminam de outro modo que antes.
loss-note = Perdas relativas a { $against }. Significativa: p menor que 0,05 e ao menos 5 % do Gini. As duas últimas colunas dividem a perda em pontos de Gini: o que se explica reponderando a referência para os casos do período, e o que resta.
course-threshold = Limite
course-slope = Inclinação por período (Theil–Sen)
course-mann-kendall = p de tendência (Mann–Kendall)
course-too-few = menos de oito períodos: nada diz
course-crossing = Cruza o limite
course-crossing-in = no período { $at } (a partir de 1); 80 % entre { $from } e { $to }
course-never = não em seu curso atual
course-no-alarm = sem alarme
export = Exportar
export-html = Página para ler e imprimir (HTML)
export-csv = Tabelas (CSV)
export-parquet = Tabelas (Parquet)
export-html-text = Um arquivo com tudo: números, figuras, definições, digests. Abre em qualquer navegador e imprime em A4.
export-tables-text = Duas tabelas: uma linha por período, e uma por período e entrada.
export-folder = Gravar em
export-write = Gravar
export-written = Gravado
figure-copy = Copiar { $title }
figure-copy-picture = como imagem
figure-copy-numbers = os números como CSV
figure-copy-link = um link para esta página
figure-copied = Copiado
