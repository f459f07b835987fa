# What figures say: their axes, marks, the points a pointer stops at, and the sentence that describes each to who cannot see it.
# Numbers come written already, with the reader's decimal mark.

chart-undefined = undefined
chart-more = and { $n } more
chart-provisional = provisional
chart-events = events
chart-others = others
chart-depth = share of rows, highest scores first
chart-cutoff = cutoff

chart-trend-interval = { $period }: { $value }, 95 % between { $low } and { $high }
chart-ahead = { $period }: { $value } expected, 80 % between { $low } and { $high }
chart-forecast = Forecast
chart-threshold = threshold { $value }
chart-trend-empty = { $metric } has no value in any period.
chart-trend-description = { $metric } went from { $first } in { $from } to { $last } in { $to }.
chart-trend-below = It is below the threshold of { $threshold }.
chart-trend-above = It is above the threshold of { $threshold }.
chart-trend-ahead = { $value } is expected in { $period }.
chart-trend-others = With { $names }.
chart-sparkline = From { $first } to { $last }.

chart-roc-x = false positive rate
chart-roc-y = true positive rate
chart-roc-hit = false positives { $false }, true positives { $true }
chart-roc-area = { $name } with an area of { $area }
chart-roc-count = ROC curves: { $n }.
chart-roc-description = ROC: { $curves }.

chart-lift-hit = { $lift } at a depth of { $depth }
chart-lift-at = { $name } { $lift } at { $depth }
chart-lift-description = { $measure } by depth: { $curves }.
chart-gain-y = share of all events found
chart-gain-hit = { $share } of the events in the first { $depth }
chart-gain-at = { $name } { $share } in the first { $depth }
chart-gain-description = Share of the events found by depth: { $curves }.

chart-ks-y = share at or above the cutoff
chart-ks-label = KS { $ks } at { $cutoff }
chart-ks-hit = { $share } score { $cutoff } or more
chart-ks-plain = Share of events and of others at or above each cutoff.
chart-ks-description = Events and others are furthest apart at a cutoff of { $cutoff }: KS is { $ks }.

chart-calibration = Calibration
chart-perfect = perfect
chart-predicted = mean score
chart-observed = share of events
chart-calibration-hit = score { $predicted }, events { $observed }, { $n } rows
chart-calibration-description = Share of events against mean score in { $n } bins; the widest gap is { $gap }.
chart-predicted-number = mean prediction
chart-actual = mean outcome
chart-predicted-hit = predicted { $predicted }, actual { $actual }, { $n } rows
chart-predicted-description = Mean outcome against mean prediction in { $n } bins; the widest gap is { $gap }.

chart-psi-hit = PSI { $psi }
chart-psi-mark = mark: without missing values
chart-psi-both = PSI { $psi }, { $without } without missing values
chart-psi-description = PSI of { $n } variables: { $alert } at 0.25 or more, { $warn } at 0.1 or more.
chart-heatmap-description = PSI of { $n } variables over { $periods } periods; in the last, { $alert } at 0.25 or more.
chart-distribution-hit = { $reference } in { $baseline }, { $current } in { $period }
chart-distribution-empty = There are no bins.
chart-distribution-description = “{ $bin }” moved most: from { $reference } to { $current }.

chart-tp = Events called events
chart-fn = Events missed
chart-fp = Others called events
chart-tn = Others called others
chart-called-event = called event
chart-called-other = called other
chart-confusion-description = Of { $n } rows, { $share } are called right.

chart-limit = limit
chart-late = { $late } late
chart-phase-hit = median { $median }, 90 % within { $p90 } { $unit }; limit { $limit }; { $late } of { $n } late
chart-phases-description = Durations of { $n } phases; the median of { $slow } is beyond its limit.
chart-workload-late = late
chart-workload-soon = due soon
chart-workload-open = open
chart-workload-hit = { $total }: { $late } late, { $soon } due soon, { $open } more open
chart-workload-description = { $open } open tasks of { $n } people; { $late } are late.

# Tables behind the figures.
figure-curve = Curve
figure-depth = Depth %
figure-lift = Cumulative lift
