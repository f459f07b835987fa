"""The benchmark's peer: the same data, scikit-learn and SciPy. `python peers.py DIR [performance|compute]` prints one JSON line.

Performance: AUC, Brier, log loss, average precision of both files. Drift: PSI (deciles of the baseline), KS, Jensen-Shannon,
Wasserstein of every numeric column; PSI of every text column.
"""
import json
import resource
import sys
import time

import numpy as np
import pyarrow.parquet as pq
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn import metrics

folder, task = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "compute"
start = time.time()
base, now = (pq.ParquetFile(f"{folder}/{n}.parquet") for n in ("baseline", "period"))


def column(file, name):
    return file.read(columns=[name]).column(0).to_numpy(zero_copy_only=False)


def psi(p, q):
    p, q = np.maximum(p / p.sum(), 1e-4), np.maximum(q / q.sum(), 1e-4)
    return float(np.sum((q - p) * np.log(q / p)))


gini = None
for file in (base, now):
    y, s = column(file, "y"), column(file, "score")
    gini = 2 * metrics.roc_auc_score(y, s) - 1
    metrics.brier_score_loss(y, s), metrics.log_loss(y, s), metrics.average_precision_score(y, s)
out = {}
if task == "compute":
    for name in base.schema_arrow.names:
        if name == "y":
            continue
        a, b = column(base, name), column(now, name)
        if a.dtype == object:
            levels = sorted(set(a) | set(b))
            out[name] = psi(*(np.array([np.count_nonzero(v == l) for l in levels], float) for v in (a, b)))
            continue
        a, b = a[~np.isnan(a)], b[~np.isnan(b)]
        edges = np.unique(np.quantile(a, np.arange(1, 10) / 10, method="inverted_cdf"))
        p, q = (np.bincount(np.searchsorted(edges, v), minlength=len(edges) + 1).astype(float) for v in (a, b))
        out[name] = [psi(p, q), stats.ks_2samp(a, b, method="asymp").statistic, jensenshannon(p, q, base=2), stats.wasserstein_distance(a, b)]
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"task": task, "cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": time.time() - start, "peak_mb": usage.ru_maxrss / 1024, "gini": gini}))
