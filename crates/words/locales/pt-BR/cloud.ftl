# A nuvem por trás da sala de execuções: o que dizem seus fatos, as recusas de suas regras, seus avisos e falhas.

told-cleanup-not-needed = nada da execução precisa ser removido
told-cleanup-required = algo da execução talvez tenha de ser removido
told-cleanup-in-progress = está removendo o que a execução criou
told-cleanup-proven = provou que nada do que a execução criou existe mais
told-reconciled = encontrou no bucket o que foi aprovado
told-differs = encontrou no bucket { $objects ->
        [one] um objeto que não é
       *[other] { $objects } objetos que não são
    } o que foi aprovado
told-target-added = nomeou o destino { $target } ({ $kind })
told-target-removed = removeu o destino { $target }
told-sweep-asked = está apagando o que uma execução deixou: { $resource }
told-sweep-proven = provou que { $resource } não existe mais
deed-manage-targets = administrar destinos e varrer o que as execuções deixaram
run-kind-retrain = retreino
refusal-bad-target = O destino `{ $target }` não pode existir assim: { $why }.
    .hint = Corrija o que foi apontado e acrescente o destino de novo.
target-needs-project = falta o projeto na nuvem
target-needs-region = falta a região
target-local-endpoint = o Spark desta máquina não tem endereço de serviço
target-needs-cluster = falta o nome do cluster
target-needs-limit = seus clusters precisam do limite `{ $limit }`, de no máximo 14 dias
target-needs-runtime = seus lotes precisam de uma versão de execução (`runtime_version`)
target-shape-unreadable = sua forma não é um objeto
target-endpoint-elsewhere = seu endereço `{ $endpoint }` não é `https://`, nem esta máquina, nem `sandbox`
target-endpoint-credentials = seu endereço contém mais que um endereço, e credenciais nunca ficam num espaço de trabalho
target-services-many = ele dá um endereço próprio a mais de { $max } serviços
target-in-use = a execução `{ $run }` ainda não foi encerrada; cancele-a ou espere
target-no-bucket = uma migração vai para um bucket, não para o Spark desta máquina
run-place-differs = a execução vai para `{ $wanted }`, e seu destino `{ $target }` está em `{ $own }`
live-run-owns = A execução viva `{ $run }` é dona de `{ $resource }`
sweep-not-asked = A remoção de `{ $resource }` foi provada, ou nunca foi pedida,
run-not-ended = A execução está { $state }, e nada se prova removido antes que ela termine
no-such-retraining = A execução `{ $run }` não é um retreino que deu certo, ou foi contada
found-that = O mesmo foi encontrado em `{ $bucket }`
noun-target = destino
noun-target-name = nome de destino
noun-kind-of-target = tipo de destino
noun-leftover = resto
noun-upload = envio
noun-retraining-of-this-model = retreino deste modelo
noun-version-of-the-run = versão da execução
noun-place-of-the-run = lugar que ainda contém o que foi migrado pela execução
notice-cloud-run-unknown = Execução em um estado que ninguém aqui conhece: { $kind } de { $label }
notice-cloud-run-late = Execução atrasada: { $kind } de { $label }
notice-cloud-run-leaking = Execução vazando: { $kind } de { $label }
notice-leak = Vazamento: { $name }
notice-not-approved = O que roda não é o que foi aprovado: { $label }
notice-rehearsal = Ensaio: { $title }
to-retrain = O retreino

# A configuration on premise, mapped to a cluster: what was there, what it became, and why.
map-table = tabela de nós
map-table-has = { $nodes ->
        [one] um nó
       *[other] { $nodes } nós
    }
map-table-is = { $nodes } × { $cores } núcleos, { $gb } GB
map-why-alike = todos os nós são iguais
map-why-unlike = os nós diferem; o cluster recebe ao todo os mesmos núcleos e a mesma memória, em máquinas iguais
map-workers = workers
map-single = nenhum: um único nó
map-why-single = foi pedido: driver e executores dividem uma máquina, para dados pequenos e ensaios
map-master = master
map-why-master = o driver e os serviços do próprio YARN; um só master, pois o cluster vive tanto quanto a execução
map-life = vida do cluster
map-life-before = sempre ligado
map-life-after = ocioso { $idle } min, no máximo { $age } h
map-why-life = o cluster de uma execução se apaga mesmo que não reste ninguém para fazê-lo
map-why-image = a imagem com o Spark { $spark }
map-why-other-image = nenhuma imagem traz o Spark { $wanted }; esta tem o { $spark }
map-finding-spark-version = O Spark { $wanted } passa a { $spark }: ensaie o pacote nele antes da primeira execução.
map-node-vcpus = { $cores } vCPUs por nó
map-node-memory = { $gb } GB por nó
map-why-yarn = conta o que o YARN pode usar de um nó, não o que o nó tem
map-node = nó
map-node-is = { $cores } núcleos, { $gb } GB
map-why-node = a menor n2 com { $cores } vCPUs e a memória de `{ $shape }`
map-nodes = nós
map-why-nodes = { $total } núcleos ao todo, { $vcpus } em cada worker, no mínimo dois workers
map-left-master = o cluster é o master
map-left-mode = o Dataproc decide
map-left-jars = a imagem traz os jars do Spark
map-left-kerberos = não há Kerberos; a identidade é a conta de serviço
map-left-events = o Dataproc guarda os logs de eventos no bucket de preparo
map-left-history = o Dataproc tem seu próprio servidor de histórico
map-left-path = um caminho das máquinas antigas
map-left-address = um endereço das máquinas antigas
map-left-class-path = um caminho das máquinas antigas; traga os jars por `gs://`
map-left-credential = parece uma credencial e não sai desta máquina
map-finding-credential = `{ $name }` em `spark-defaults.conf` parece uma credencial; ficou de fora.
map-left-hdfs = aponta para o HDFS antigo; os dados de uma execução ficam no bucket dela
map-finding-hdfs = `{ $name }` aponta para `{ $value }`; informe o lugar no bucket.
map-why-kept = como estava
map-why-fewer-cores = um worker tem { $vcpus } vCPUs
map-why-less-memory = um worker tem { $gb } GB, e o YARN fica com a sua parte
map-why-no-size = como estava; não é um tamanho que este mapeamento entenda
map-left-pyspark = fica a cargo do destino, que roda um PySpark próprio
map-left-py4j = ficou de fora: o PySpark traz o seu
map-packages = PIP_PACKAGES e sua ação de inicialização
map-why-packages = vem do arquivo do próprio pacote, não fica guardado em código
# Rules of schedules.
rule-unreadable = `{ $rule }` não é uma regra.
    .hint = Escreva `a cada 4 semanas na segunda-feira às 02:00 em America/Sao_Paulo`, `a cada 2 dias às 06:30`, `a cada mês no dia 1 às 02:00`, `a cada 6 horas`, ou cron: `0 2 * * 1 em America/Sao_Paulo`.
rule-too-long = A regra tem mais de 200 bytes.
    .hint = Escreva-a mais curta.
rule-no-zone = O fuso horário de `{ $rule }` não é um nome.
    .hint = Nomeie um como `America/Sao_Paulo`, ou `UTC`.
rule-never-due = `{ $rule }` nunca vence.
    .hint = Veja os dias e meses.
rule-too-often = Dois horários de `{ $rule }` distam menos de cinco minutos.
    .hint = Cada um é uma execução e uma entrada no livro; escolha uma regra mais lenta.
# What the runs room fails with.
upload-count = { $count } arquivos são para enviar.
    .hint = Nomeie de 1 a { $most } arquivos.
upload-sets-off = `{ $member }` não pode pedir execuções, e dados em um bucket disparam execuções.
    .hint = Um administrador pode conceder um papel que possa.
upload-twice = Dois dos arquivos se chamam `{ $name }`.
    .hint = Renomeie um deles.
upload-under-way = Um envio `{ $name }` está em andamento.
    .hint = Espere até que termine, ou interrompa-o.
upload-stopped = O envio para `{ $bucket }` foi interrompido; o que já tinha chegado está lá.
    .hint = Envie os mesmos arquivos de novo para continuar.
upload-folder-unreadable = A pasta `{ $path }` não pode ser lida.
    .hint = Veja o dono e as permissões dela.
upload-too-deep = `{ $path }` está a mais de { $most } pastas de profundidade.
    .hint = Envie uma pasta mais abaixo.
nothing-scores-there = Nenhuma versão aprovada está pronta em `{ $bucket }`; não há com o que pontuar.
    .hint = Migre uma para lá primeiro; ou envie os arquivos sem pontuá-los.
no-place-to-score = A configuração do pacote não diz onde ficam os dados a pontuar neste bucket.
    .hint = É `data.datatoscore_path`; envie os arquivos sem pontuá-los, ou migre uma versão que o diga.
sandbox-not-running = O sandbox desta mesa não está rodando.
    .hint = Inicie-o nas configurações, ou com `countersign sandbox`; o que espera por ele continua então.
no-bucket = Não há bucket `{ $name }`.
    .hint = Crie-o primeiro: um bucket de pasta é uma pasta com esse nome em `{ $folder }`; a um bucket na nuvem chega um destino de lá.
bucket-runs-nothing = Um bucket não executa nada.
    .hint = Nomeie um destino que rode Spark; liste os destinos para ver quais há.
target-shape-broken = A forma do destino `{ $target }` não pode ser lida: { $why }.
    .hint = Remova o destino e acrescente-o de novo.
sandbox-runs-already = O sandbox desta mesa já está rodando.
    .hint = Pare-o primeiro, ou use-o como está.
sandbox-no-speed = `{ $speed }` não é uma velocidade.
    .hint = Informe um número acima de 0; 1 é tão rápido quanto a nuvem.
sandbox-served-elsewhere = Outro programa serve o sandbox desta mesa.
    .hint = Encerre esse programa: `countersign sandbox` termina com Ctrl-C.
no-bucket-name = `{ $name }` não é nome de bucket.
    .hint = Ele tem de 3 a 222 letras minúsculas, algarismos, `-`, `_` e `.`.
fault-needs = Uma falha `{ $kind }` precisa de { $what }.
    .hint = Informe, depois tente de novo.
no-such-fault = `{ $name }` não é uma falha que o sandbox conheça.
    .hint = Use uma de status, latency, { $known }.
shape-not-taken = A forma de `{ $target }` não seria aceita: { $why }.
    .hint = Corrija o que ela aponta, depois acrescente o destino de novo.
no-such-service = Nenhum serviço `{ $service }` é chamado daqui.
    .hint = Indique um destes: `{ $known }`.
service-no-place = O serviço `{ $service }` não tem endereço.
    .hint = Informe-o assim: `storage=https://storage.example.com`.
holds-credential = `{ $name }` parece uma credencial ({ $place }), e o que é escrito no livro-razão fica lá para todos.
    .hint = Deixe-a de fora: dê ao que é executado uma conta de serviço que possa ler o que precisa, ou deixe o script lê-la do seu ambiente.
migration-no-job = Uma migração não é um job.
    .hint = Use o comando `migrate`.
upload-name-unreadable = O nome `{ $file }` não é UTF-8.
    .hint = Renomeie o arquivo.
prices-none = Nenhuma tabela de preços foi indicada.
    .hint = Indique uma tabela, ou peça a que vem com esta versão.
prices-too-large = Uma tabela de preços tem no máximo { $most } bytes.
    .hint = Deixe de fora regiões que não são usadas.
run-no-limit = { $seconds } s não é limite para uma execução.
    .hint = Informe de 60 segundos a 14 dias.

# Como as execuções andam. O que se escreve de uma execução é inglês, e é reconhecido e dito de novo na língua de quem lê.
said-and-then = { $said } { $then }
went-stopped-before = interrompida antes de começar
went-stopped-asked = interrompida a pedido
went-stopped-because = interrompida a pedido; { $why }
went-stopped-elsewhere = foi interrompida no motor, e ninguém pediu isso aqui
went-uploading = enviando para { $bucket }
went-reading-back = lendo de volta cada objeto
went-preparing = criando o ambiente e comparando os arquivos com o que foi aprovado
went-reading-outputs = lendo as saídas declaradas
went-no-outputs = a configuração do pacote não declara saídas, então nada pode ser verificado; dê nome a elas em `output`
went-output-wrong = a saída `{ $output }` { $problem } (`{ $path }`)
went-verified = saídas verificadas: { $outputs }
went-lost = { $what } não existe; outra pessoa pode tê-lo apagado
went-silent = o motor não respondeu por { $seconds } s: { $why }
went-there-already = { $place } já contém exatamente esta versão; nada foi enviado
went-there-cleared = { $place } já contém exatamente esta versão; nada foi enviado, e { $count } objetos que não fazem parte dela foram removidos
went-migrated = { $objects } objetos verificados em { $place } ({ $sent } enviados, { $kept } já certos, { $removed } removidos), pronta na geração { $generation }
run-failed-preparation = não pôde ser iniciada: { $message }
run-failed-exit = o script terminou com o código { $code }
run-failed-signal = o sinal { $signal } encerrou o script
run-failed-deadline = passou do seu limite de { $limit } s e foi interrompida
run-failed-engine = o motor diz: { $message }
run-failed-lost = desapareceu: { $message }
output-missing = falta
output-many = tem mais de { $most } arquivos
output-incomplete = está incompleta: a pasta `_temporary` do Spark ainda está lá
output-empty = está vazia
output-stale = é antiga: foi escrita em { $written }, antes de a execução começar em { $since }
output-folder = é uma pasta e devia ser um arquivo
output-rows = tem { $rows } linhas e devia ter pelo menos { $least }
output-columns = não tem a coluna { $missing }; tem { $there }
output-large = é maior que os { $most } bytes que são lidos até o fim; escreva Parquet
output-part = não pode ser lida: `{ $part }` { $why }
cleanup-required-of = o que o motor cria sob a chave da execução
cleanup-asking = pedindo a remoção
cleanup-nothing-there = o motor responde que não há nada dela lá
cleanup-deleting = a exclusão está em andamento
cleanup-stopping = o job está sendo interrompido
differs-missing = falta
differs-changed = contém algo diferente do que foi aprovado
differs-rewritten = foi escrito de novo desde então, com o mesmo conteúdo
differs-foreign = não faz parte da versão
differs-not-ready = não há `{ $marker }` legível
differs-other-version = `{ $marker }` lista a versão `{ $version }`
differs-further = e mais { $more } objetos diferem
differs-at = `{ $path }`: { $how }
differs-more = { $before }; e mais { $more }
notice-late-body = Está em execução há { $ran } min e é interrompida após { $limit } min.
notice-unknown-body = O motor diz `{ $word }`, que esta versão não conhece. A execução continua sendo observada e é interrompida após { $limit } min.
notice-leaking-body = O que ela criou não está comprovadamente removido após { $minutes } min: { $why }
notice-leak-body = `{ $resource }` está { $state } e nenhuma execução viva o possui. Varra-o para deixar de pagar por ele.
notice-leak-cost-body = `{ $resource }` está { $state } e nenhuma execução viva o possui, { $amount } { $currency } até agora. Varra-o para deixar de pagar por ele.
notice-differs-body = Em `{ $bucket }`: { $named }.
target-spark-here = Apache Spark nesta máquina, num ambiente virtual que é criado quando for preciso pela primeira vez
target-folders = Pastas-bucket desta mesa
target-local-is = Apache Spark nesta máquina
target-cluster-is = Um cluster Dataproc para cada execução, { $project } em { $region }
target-existing-is = O cluster Dataproc `{ $cluster }`, { $project } em { $region }
target-workflow-is = Um fluxo Dataproc para cada execução, { $project } em { $region }
target-serverless-is = Um lote Dataproc Serverless para cada execução, { $project } em { $region }
target-java = Java { $version } em { $home }
target-no-folder = ainda não há pasta `{ $folder }`; crie-a, e nela uma pasta para cada bucket

# O que a verificação prévia encontra: o fim de uma frase, sem ponto final.
finding-at-line = `{ $file }`, linha { $line }: { $what }
finding-in-file = `{ $file }`: { $what }
finding-and = { $before }; { $next }
finding-detail = { $detail }
finding-old-java = o Java { $version } é antigo demais para o Spark; instale um mais novo
finding-requirements = os requisitos do pacote não podem ser instalados: { $detail }
finding-file = um arquivo da execução não pode ser lido: { $detail }
finding-not-approved = `{ $file }` não é o que foi aprovado; migre de novo a versão aprovada
finding-output = a saída `{ $output }` não tem lugar: { $detail }
finding-output-place = a saída `{ $output }` está em `{ $at }` e tem de estar em um bucket
finding-property = o Spark ignora a propriedade `{ $name }`: ela não começa com `spark.`
finding-runtime-version = é preciso uma versão do ambiente de execução (`2.3`): a padrão muda durante a vida de uma execução
finding-packages-batch = o pacote nomeia requisitos e um lote não instala nenhum: ponha-os em uma imagem de contêiner
finding-packages-cluster = o pacote nomeia requisitos e este cluster é como é; veja se ele tem { $packages }
finding-age-before-deadline = a execução pode levar { $deadline } s e o cluster dela se apaga depois de { $age } s
finding-cluster-state = o cluster `{ $cluster }` está { $state } e não aceita trabalho; inicie-o com `gcloud dataproc clusters start { $cluster } --region={ $region }`
finding-cluster = { $detail }; `gcloud dataproc clusters list --region={ $region }` mostra o que há
finding-idle-limit = o limite de ociosidade é de { $limit } s; o Dataproc aceita de { $least } s a 14 dias
finding-age-limit = o limite de idade é de { $limit } s; o Dataproc aceita de 600 s a 14 dias
finding-masters = um cluster tem 1 ou 3 mestres, não { $count }
finding-workers = um cluster não tem trabalhadores (nó único) ou tem pelo menos dois, não um
finding-image = é preciso uma versão da imagem (`2.3-debian12`): a padrão muda durante a vida de uma execução
finding-provision-deadline = o cluster precisa de um prazo para ficar pronto (900 s, por exemplo)
finding-pip-packages = `{ $package }` não é um requisito simples; `PIP_PACKAGES` é dividido nos espaços
finding-region = o bucket `{ $bucket }` fica em `{ $location }` e o destino em `{ $region }`: cada byte viajaria entre os dois, e seria pago; crie um bucket em `{ $region }` ou indique outro destino
finding-dataproc-api = a API do Dataproc está desligada no projeto de nuvem `{ $project }`; ligue-a com `gcloud services enable dataproc.googleapis.com --project={ $project }`
finding-dataproc-role = o Dataproc não deixa você entrar no projeto de nuvem `{ $project }` ({ $detail }); o menor papel que deixa é `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`
finding-dataproc-project = o Dataproc não conhece o projeto de nuvem `{ $project }` nesta região ({ $detail }); `gcloud projects list` mostra os seus
finding-storage-api = a API do Cloud Storage está desligada no projeto de nuvem `{ $project }`; ligue-a com `gcloud services enable storage.googleapis.com --project={ $project }`
finding-bucket-missing = não há bucket `{ $bucket }`; crie-o com `gcloud storage buckets create gs://{ $bucket } --project={ $project } --location={ $region }`
finding-permissions = no projeto de nuvem `{ $project }` faltam a você `{ $permissions }`; o menor papel que as tem é `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`
finding-permissions-unseen = não dá para ver se você pode fazer no projeto de nuvem `{ $project }` o que isto exige ({ $detail }); com a API ligada dá: `gcloud services enable cloudresourcemanager.googleapis.com --project={ $project }`
finding-act-as = você não pode executar nada como a conta de serviço `{ $account }`; o menor papel que pode é `{ $role }`: `gcloud iam service-accounts add-iam-policy-binding { $account } --project={ $project } --member=user:YOU --role={ $role }`
finding-no-account = não há conta de serviço `{ $account }`; `gcloud iam service-accounts list --project={ $project }` mostra as que há, ou deixe vazio para usar a do próprio projeto
finding-act-as-unseen = não dá para ver se você pode executar algo como a conta de serviço `{ $account }` ({ $detail }); com a API ligada dá: `gcloud services enable iam.googleapis.com --project={ $project }`
finding-quota-small = a cota `{ $metric }` do projeto de nuvem `{ $project }` em `{ $region }` é { $limit }, e isto usa { $needed }: nunca começaria; peça uma maior em https://console.cloud.google.com/iam-admin/quotas?project={ $project } ou indique uma forma menor
finding-quota-used = da cota `{ $metric }` do projeto de nuvem `{ $project }` em `{ $region }`, { $used } de { $limit } estão em uso, e isto usa { $needed }: não começará antes que algo termine ali
finding-quota-unseen = não se vê se as cotas do projeto de nuvem `{ $project }` bastam ({ $detail }); o menor papel que as mostra é `{ $role }`: `gcloud projects add-iam-policy-binding { $project } --member=user:YOU --role={ $role }`, com a API ligada: `gcloud services enable compute.googleapis.com --project={ $project }`
finding-told-elsewhere = o que se escreve em `{ $prefix }` do bucket `{ $bucket }` também é avisado a { $topics }: quem escuta ali pode começar uma execução própria ao lado da que esta mesa começa; `gcloud storage buckets notifications list gs://{ $bucket }` mostra isso, e `gcloud storage buckets notifications delete` acaba com isso
finding-bucket = não se pode escrever no bucket: { $detail }
finding-stale-object = `{ $object }` está onde a versão vai ficar e não faz parte dela; se uma versão anterior o deixou, a migração o remove; senão, remova-o, ou permita a remoção com a migração (`--remove-foreign`)
finding-wrong-bucket = `{ $path }` não aponta para o bucket `{ $bucket }`; corrija o caminho ou indique o outro bucket
finding-computed-path = `{ $path }` é montado durante a execução; não se pode verificar se aponta para `{ $bucket }`
finding-other-encoding = não é texto UTF-8; é migrado como está, e o que pode ser lido dele foi examinado: salve-o como UTF-8 para que nada passe despercebido
finding-import = `{ $module }` é importado e nenhum arquivo de requisitos do pacote nomeia `{ $package }`; acrescente-o
finding-private-key = uma chave privada está escrita aqui; tire-a e deixe o script lê-la do ambiente
finding-credential = `{ $name }` recebe um valor literal que parece uma credencial; tire-o e deixe o script lê-lo do ambiente
finding-no-outputs = a configuração do pacote não declara saídas, então nada poderia ser verificado; nomeie-as em `output`
