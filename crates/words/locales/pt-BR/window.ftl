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
reason-short = Escreva pelo menos { $n } caracteres.
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
palette-tasks = Tarefas
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
definition-name-text = Vazio: o nome que está no arquivo.
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
versions-only = Esta é a única versão
start-title = Iniciar um processo
start = Iniciar
start-none = Ainda nenhuma definição pode ser iniciada. Importe uma e vincule suas chamadas e pessoas.
start-about = Sobre a versão
start-about-champion = Vazio: o campeão, { $name }.
start-about-none = Vazio: o campeão do projeto.
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
incident-retry = Tentar de novo
incident-skip = Pular
incident-skip-text = O processo segue como se { $name } tivesse sido feito. Diga por que isso está certo.
with-incident = Com incidente
ended = Terminados
waits-for-nothing = Não espera por nada
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
targets = Para onde as execuções podem ir
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
settings-lead = Configurações desta mesa. Nenhuma entra no livro-razão.
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
workspace-url-example = Uma pasta, ou gs://bucket/prefixo
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
