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
noun-retraining-of-this-model = retreino deste modelo
noun-version-of-the-run = versão da execução
noun-place-of-the-run = lugar que ainda contém o que foi migrado pela execução
notice-cloud-run-late = Execução atrasada: { $kind } de { $label }
notice-cloud-run-leaking = Execução vazando: { $kind } de { $label }
notice-leak = Vazamento: { $name }
notice-not-approved = O que roda não é o que foi aprovado: { $label }
notice-rehearsal = Ensaio: { $title }
to-retrain = O retreino
