"""The benchmark's peers on the same files: `python peers.py DIR TASK` prints one line of JSON about itself last.

Tasks, each of the period against the baseline:
sklearn-performance     AUC, Brier, log loss, average precision of both files
sklearn-compute         the same, and PSI (deciles of the baseline), KS, Jensen-Shannon and Wasserstein of every numeric
                        column, PSI of every text column
nannyml-performance     its performance calculator with ROC AUC, average precision and F1
nannyml-drift           its univariate drift with Jensen-Shannon, KS and Wasserstein; chi-square for texts
evidently-performance   its classification preset
evidently-drift         its default drift preset
"""
import json
import os
import resource
import sys
import time

folder, task = sys.argv[1], sys.argv[2]
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("NML_DISABLE_USAGE_LOGGING", "1")
start = time.time()

import numpy as np
import pyarrow.parquet as pq


def frames():
    return (pq.read_table(f"{folder}/{name}.parquet").to_pandas() for name in ("baseline", "period"))


def column(file, name):
    return file.read(columns=[name]).column(0).to_numpy(zero_copy_only=False)


def psi(p, q):
    p, q = np.maximum(p / p.sum(), 1e-4), np.maximum(q / q.sum(), 1e-4)
    return float(np.sum((q - p) * np.log(q / p)))


def sklearn(compute):
    from scipy import stats
    from scipy.spatial.distance import jensenshannon
    from sklearn import metrics

    base, now = (pq.ParquetFile(f"{folder}/{name}.parquet") for name in ("baseline", "period"))
    gini = None
    for file in (base, now):
        y, s = column(file, "y"), column(file, "score")
        gini = 2 * metrics.roc_auc_score(y, s) - 1
        metrics.brier_score_loss(y, s), metrics.log_loss(y, s), metrics.average_precision_score(y, s)
    if compute:
        for name in base.schema_arrow.names:
            if name == "y":
                continue
            a, b = column(base, name), column(now, name)
            if a.dtype == object:
                levels = sorted(set(a) | set(b))
                psi(*(np.array([np.count_nonzero(v == l) for l in levels], float) for v in (a, b)))
                continue
            a, b = a[~np.isnan(a)], b[~np.isnan(b)]
            edges = np.unique(np.quantile(a, np.arange(1, 10) / 10, method="inverted_cdf"))
            p, q = (np.bincount(np.searchsorted(edges, v), minlength=len(edges) + 1).astype(float) for v in (a, b))
            psi(p, q), stats.ks_2samp(a, b, method="asymp"), jensenshannon(p, q, base=2), stats.wasserstein_distance(a, b)
    return gini


def nannyml(performance):
    import nannyml as nml

    base, now = frames()
    if performance:
        for frame in (base, now):
            frame["predicted"] = (frame["score"] >= 0.5).astype(int)
        calculator = nml.PerformanceCalculator(
            y_true="y", y_pred="predicted", y_pred_proba="score", problem_type="classification_binary",
            metrics=["roc_auc", "average_precision", "f1"], chunk_number=1,
        )
        calculator.fit(base)
        frame = calculator.calculate(now).to_df()
        return 2 * float(frame.loc[frame[("chunk", "period")] == "analysis", ("roc_auc", "value")].iloc[0]) - 1
    calculator = nml.UnivariateDriftCalculator(
        column_names=[name for name in base.columns if name != "y"], chunk_number=1,
        continuous_methods=["jensen_shannon", "kolmogorov_smirnov", "wasserstein"], categorical_methods=["chi2", "jensen_shannon"],
    )
    calculator.fit(base)
    calculator.calculate(now).to_df()
    return None


def evidently(performance):
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.presets import ClassificationPreset, DataDriftPreset

    base, now = frames()
    names = [name for name in base.columns if name not in ("y", "score", "region", "segment")]
    definition = DataDefinition(
        classification=[BinaryClassification(target="y", prediction_probas="score", pos_label=1)],
        numerical_columns=[] if performance else names, categorical_columns=[] if performance else ["region", "segment"],
    )
    if performance:
        base, now = base[["y", "score"]], now[["y", "score"]]
    base, now = (Dataset.from_pandas(frame, data_definition=definition) for frame in (base, now))
    preset = ClassificationPreset() if performance else DataDriftPreset()
    Report([preset]).run(now, base).dict()
    return None


package, kind = task.split("-")
gini = {"sklearn": sklearn, "nannyml": nannyml, "evidently": evidently}[package](
    kind == "compute" if package == "sklearn" else kind == "performance"
)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"task": task, "cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": time.time() - start, "peak_mb": usage.ru_maxrss / 1024, "gini": gini}))
