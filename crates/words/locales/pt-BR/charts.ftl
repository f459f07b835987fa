# O que as figuras dizem: eixos, marcas, os pontos em que o ponteiro para, e a frase que descreve cada uma a quem não a vê.
# Os números já vêm escritos, com a vírgula do leitor.

chart-undefined = indefinido
chart-more = e mais { $n }
chart-provisional = provisório
chart-events = eventos
chart-others = demais
chart-depth = parcela das linhas, maiores escores primeiro
chart-cutoff = corte

chart-trend-interval = { $period }: { $value }, 95 % entre { $low } e { $high }
chart-ahead = { $period }: { $value } esperado, 80 % entre { $low } e { $high }
chart-forecast = Previsão
chart-threshold = limite { $value }
chart-trend-empty = { $metric } não tem valor em nenhum período.
chart-trend-description = { $metric } foi de { $first } em { $from } a { $last } em { $to }.
chart-trend-below = Está abaixo do limite de { $threshold }.
chart-trend-above = Está acima do limite de { $threshold }.
chart-trend-ahead = Espera-se { $value } em { $period }.
chart-trend-others = Com { $names }.
chart-sparkline = De { $first } a { $last }.

chart-roc-x = taxa de falsos positivos
chart-roc-y = taxa de verdadeiros positivos
chart-roc-hit = falsos positivos { $false }, verdadeiros positivos { $true }
chart-roc-area = { $name } com área de { $area }
chart-roc-count = Curvas ROC: { $n }.
chart-roc-description = ROC: { $curves }.

chart-lift-hit = { $lift } à profundidade de { $depth }
chart-lift-at = { $name } { $lift } em { $depth }
chart-lift-description = { $measure } por profundidade: { $curves }.
chart-gain-y = parcela de todos os eventos encontrados
chart-gain-hit = { $share } dos eventos nos primeiros { $depth }
chart-gain-at = { $name } { $share } nos primeiros { $depth }
chart-gain-description = Parcela dos eventos encontrados por profundidade: { $curves }.

chart-ks-y = parcela no corte ou acima
chart-ks-label = KS { $ks } em { $cutoff }
chart-ks-hit = { $share } têm escore { $cutoff } ou mais
chart-ks-plain = Parcela dos eventos e dos demais em cada corte ou acima dele.
chart-ks-description = Eventos e demais mais se afastam no corte { $cutoff }: o KS é { $ks }.

chart-calibration = Calibração
chart-perfect = perfeita
chart-predicted = escore médio
chart-observed = parcela de eventos
chart-calibration-hit = escore { $predicted }, eventos { $observed }, { $n } linhas
chart-calibration-description = Parcela de eventos contra escore médio em { $n } faixas; a maior distância é { $gap }.
chart-predicted-number = previsão média
chart-actual = resultado médio
chart-predicted-hit = previsto { $predicted }, realizado { $actual }, { $n } linhas
chart-predicted-description = Resultado médio contra previsão média em { $n } faixas; a maior distância é { $gap }.

chart-psi-hit = PSI { $psi }
chart-psi-mark = traço: sem valores ausentes
chart-psi-both = PSI { $psi }, { $without } sem valores ausentes
chart-psi-description = PSI de { $n } variáveis: { $alert } com 0,25 ou mais, { $warn } com 0,1 ou mais.
chart-heatmap-description = PSI de { $n } variáveis em { $periods } períodos; no último, { $alert } com 0,25 ou mais.
chart-distribution-hit = { $reference } em { $baseline }, { $current } em { $period }
chart-distribution-empty = Não há faixas.
chart-distribution-description = “{ $bin }” foi a que mais mudou: de { $reference } a { $current }.

chart-tp = Eventos chamados de eventos
chart-fn = Eventos perdidos
chart-fp = Demais chamados de eventos
chart-tn = Demais chamados de demais
chart-called-event = evento previsto
chart-called-other = não evento previsto
chart-confusion-description = De { $n } linhas, { $share } foram classificadas corretamente.

chart-limit = limite
chart-late = { $late } em atraso
chart-phase-hit = mediana { $median }, 90 % em até { $p90 } { $unit }; limite { $limit }; { $late } de { $n } em atraso
chart-phases-description = Durações de { $n } fases; a mediana de { $slow } passa do limite.
chart-workload-late = atrasadas
chart-workload-soon = vencem em breve
chart-workload-open = abertas
chart-workload-hit = { $total }: { $late } atrasadas, { $soon } vencem em breve, mais { $open } abertas
chart-workload-description = { $open } tarefas abertas de { $n } pessoas; { $late } atrasadas.

# Tabelas por trás das figuras.
figure-curve = Curva
figure-depth = Profundidade %
figure-lift = Lift acumulado
