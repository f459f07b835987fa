"""Generates the data and the goldens of this folder with NumPy, SciPy and scikit-learn.

    pip install numpy scipy scikit-learn pyarrow
    python generate.py

Every number comes from a library call where there is one, and from its textbook formula otherwise; nothing is taken from
our own code. The data are small, ugly on purpose (ties, missing values, a heavy tail, a rare level), and seeded.
"""
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import special, stats
from scipy.optimize import minimize
from scipy.spatial.distance import jensenshannon
from sklearn import metrics

HERE = Path(__file__).parent
VERSIONS = {"numpy": np.__version__, "scipy": __import__("scipy").__version__, "scikit-learn": __import__("sklearn").__version__}


def draw(seed, n, shift):
    r = np.random.default_rng(seed)
    x = r.normal(shift, 1, n)
    count = r.poisson(2 + shift, n).astype(float)
    heavy = np.round(np.exp(r.normal(8, 1.5, n)), 2)
    level = r.choice(["red", "green", "blue", "a, quoted"], n, p=[0.5, 0.3, 0.19, 0.01])
    if shift > 0.5:
        level = np.where(r.random(n) < 0.05, "new", level)
    logit = -1 + 1.2 * x + 0.2 * count - 0.8 * shift
    y = (r.random(n) < special.expit(logit)).astype(float)
    score = np.round(special.expit(-0.9 + 0.8 * x + 0.15 * count), 3)
    weight = np.round(r.gamma(2, 1, n), 2)
    weight[r.random(n) < 0.05] = 0
    x = np.where(r.random(n) < 0.03 + 0.1 * shift, np.nan, np.round(x, 6))
    ytrue = y.copy()
    y = np.where(r.random(n) < 0.02, np.nan, y)
    s = np.where(r.random(n) < 0.01, np.nan, score)
    group = r.choice(["north", "south", "west"], n)
    amount = np.round(100 + 20 * np.nan_to_num(x) + r.normal(0, 5, n), 4)
    guess = np.round(100 + 18 * np.nan_to_num(x), 4)
    return dict(x=x, count=count, heavy=heavy, level=level, group=group, y=y, score=s, weight=weight, amount=amount, guess=guess), ytrue


def ugly():
    """Two months in one file, in no order: half the scores tied, values far from 1, a text target, a date a row."""
    r = np.random.default_rng(21)
    n = 700
    late = r.random(n) < 0.55
    x = r.normal(0.4 * late, 1)
    score = np.where(r.random(n) < 0.5, 0.125, np.round(special.expit(x - 1), 3))
    y = (r.random(n) < special.expit(1.3 * x - 1)).astype(float)
    at = [f"2026-{2 if l else 1:02d}-{d:02d}" for l, d in zip(late, r.integers(1, 29, n))]
    return dict(
        wide=np.round(x * 1e9), tiny=np.round(x, 4) * 1e-12, tied=r.integers(0, 3, n) + 0.0 * late,
        shape=np.where(late & (r.random(n) < 0.1), "novo · ç", r.choice(["a; b", "c|d", "é"], n)),
        flag=np.where(r.random(n) < 0.3 + 0.2 * late, "true", "false"),
        score=np.where(r.random(n) < 0.02, np.nan, score), y=np.where(r.random(n) < 0.03, np.nan, y), at=np.array(at),
    )


def write_ugly(d):
    """As SAS writes it, with a byte order mark and semicolons; and as Spark does, nullable and in small row groups."""
    def cell(name, v):
        if name == "y":
            return '"."' if np.isnan(v) else '"bad "' if v else '"good"'
        if isinstance(v, str):
            return '"' + v + '"'
        return "." if np.isnan(v) else '"' + repr(float(v)).rjust(14) + '"'

    lines = [";".join('"' + name + '"' for name in d)]
    lines += [";".join(cell(name, d[name][i]) for name in d) for i in range(len(d["y"]))]
    (HERE / "ugly.csv").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    arrays = {
        "wide": pa.array(d["wide"].astype("int64")), "tiny": pa.array(d["tiny"]), "tied": pa.array(d["tied"]).cast(pa.uint8()),
        "shape": pa.array(d["shape"].tolist()).dictionary_encode(), "flag": pa.array(d["flag"] == "true"),
        "score": pa.array(d["score"], from_pandas=True), "y": pa.array([None if np.isnan(v) else bool(v) for v in d["y"]]),
        "at": pa.array(d["at"].astype("datetime64[D]")).cast(pa.timestamp("us", "UTC")),
    }
    pq.write_table(pa.table(arrays), HERE / "ugly.parquet", compression="zstd", row_group_size=64)


def ugly_golden(d):
    names, month = ["wide", "tiny", "tied", "shape", "flag"], np.array([v[:7] for v in d["at"]])
    part = {label: {k: v[month == label] for k, v in d.items()} for label in ("2026-01", "2026-02")}
    first = part["2026-01"]
    return {label: {"performance": performance(p["y"], p["score"]), "variables": drift(first, p, names),
                    "score": numeric(first["score"], p["score"])} for label, p in part.items()}


def as_text(v):
    if isinstance(v, str):
        return '"' + v + '"' if "," in v else v
    if np.isnan(v):
        return "."
    return repr(float(v)) if v != int(v) else str(int(v))


def write(name, d):
    names = list(d)
    with open(HERE / f"{name}.csv", "w") as f:
        f.write(",".join(names) + "\n")
        for i in range(len(d["x"])):
            f.write(",".join(as_text(d[k][i]) for k in names) + "\n")
    arrays = {k: pa.array(v.tolist()) if v.dtype.kind in "US" else pa.array(v, from_pandas=True) for k, v in d.items()}
    arrays["level"] = arrays["level"].dictionary_encode()
    arrays["count"] = arrays["count"].cast(pa.int32())
    arrays["heavy"] = arrays["heavy"].cast(pa.decimal128(18, 2))
    folder = HERE / f"{name}_parts"
    folder.mkdir(exist_ok=True)
    table = pa.table(arrays)
    half = len(table) // 3
    pq.write_table(table.slice(0, half), folder / "part-00000.parquet", compression="snappy")
    pq.write_table(table.slice(half), folder / "part-00001.parquet", compression="zstd")
    (folder / "_SUCCESS").write_text("")


def performance(y, s, w=None):
    ok = ~np.isnan(y) & ~np.isnan(s)
    if w is not None:
        ok &= w > 0
    y, s = y[ok], s[ok]
    u = np.ones(len(y)) if w is None else w[ok]
    auc = metrics.roc_auc_score(y, s, sample_weight=u)
    fpr, tpr, thr = metrics.roc_curve(y, s, sample_weight=u, drop_intermediate=False)
    p = np.clip(s, 1e-10, 1 - 1e-10)
    ase = np.average((s - y) ** 2, weights=u)
    rate = np.average(y, weights=u)
    call = (s >= 0.5).astype(float)
    tn, fp, fn, tp = metrics.confusion_matrix(y, call, sample_weight=u).ravel()
    kw = dict(sample_weight=u)

    def loss(b):
        eta = b[0] + b[1] * special.logit(p)
        return -np.sum(u * (y * eta - np.logaddexp(0, eta)))

    def slope(b):
        q = special.expit(b[0] + b[1] * special.logit(p))
        return np.array([np.sum(u * (q - y)), np.sum(u * (q - y) * special.logit(p))])

    def bend(b):
        q = special.expit(b[0] + b[1] * special.logit(p))
        v, l = u * q * (1 - q), special.logit(p)
        return np.array([[v.sum(), (v * l).sum()], [(v * l).sum(), (v * l * l).sum()]])

    fit = minimize(loss, [0, 1], jac=slope, hess=bend, method="trust-exact", tol=1e-12)
    out = {
        "n_obs": int(ok.sum()), "n_events": int(y.sum()), "sum_weights": u.sum(), "event_rate": rate,
        "mean_score": np.average(s, weights=u),
        "exact": {"c": auc, "gini": 2 * auc - 1, "ks": np.max(tpr - fpr), "two_sample_ks_abs": np.max(np.abs(tpr - fpr))},
        "ase": ase, "rase": np.sqrt(ase), "mcll": metrics.log_loss(y, p, sample_weight=u),
        "brier_skill": 1 - ase / (rate * (1 - rate)),
        "average_precision": metrics.average_precision_score(y, s, sample_weight=u),
        "cutoff_0_5": {
            "tp": tp, "fp": fp, "fn": fn, "tn": tn, "acc": metrics.accuracy_score(y, call, **kw),
            "mce": 1 - metrics.accuracy_score(y, call, **kw), "precision": metrics.precision_score(y, call, **kw),
            "recall": metrics.recall_score(y, call, **kw), "f1": metrics.f1_score(y, call, **kw),
            "f0_5": metrics.fbeta_score(y, call, beta=0.5, **kw),
            "balanced_accuracy": metrics.balanced_accuracy_score(y, call, **kw), "mcc": metrics.matthews_corrcoef(y, call, **kw),
        },
        "recalibration": {"intercept": fit.x[0], "slope": fit.x[1]},
    }
    if w is None:
        order = np.argsort(thr)
        kendall = stats.kendalltau(y, s)
        pairs = (y[:, None] == 1) & (y[None, :] == 0)
        nc = int((pairs & (s[:, None] > s[None, :])).sum())
        nd = int((pairs & (s[:, None] < s[None, :])).sum())
        ties = int((pairs & (s[:, None] == s[None, :])).sum())
        n = len(y)
        out["exact"] |= {"nc": nc, "nd": nd, "ties": ties, "gamma": (nc - nd) / (nc + nd), "tau": (nc - nd) / (n * (n - 1) / 2)}
        v10 = np.array([((t > s[y == 0]) + 0.5 * (t == s[y == 0])).mean() for t in s[y == 1]])
        v01 = np.array([((s[y == 1] > t) + 0.5 * (s[y == 1] == t)).mean() for t in s[y == 0]])
        var = v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)
        se, z = np.sqrt(var), stats.norm.ppf(0.975)
        half = z * se / (auc * (1 - auc))
        out["delong"] = {
            "auc": auc, "variance": var, "se": se, "ci95_wald": [auc - z * se, auc + z * se],
            "ci95_logit": list(special.expit([special.logit(auc) - half, special.logit(auc) + half])), "gini_se": 2 * se,
        }
        edges = np.unique(np.quantile(s, np.arange(1, 10) / 10, method="inverted_cdf"))
        which = np.searchsorted(edges, s, side="left")
        o, e, m = (np.bincount(which, v) for v in (y, s, np.ones(n)))
        chi2 = np.sum((o - e) ** 2 / (e * (1 - e / m)))
        out["hosmer_lemeshow"] = {"chi2": chi2, "dof": len(m) - 2, "p": stats.chi2.sf(chi2, len(m) - 2)}
        wide = np.searchsorted(np.linspace(0, 1, 11)[1:-1], s, side="left")
        ece = lambda b: float(np.sum(np.abs(np.bincount(b, s, 10) - np.bincount(b, y, 10))) / n)
        out["calibration"] = {"ece_equal_width": ece(wide), "ece_equal_mass": ece(which)}
        del kendall, order
    return out


def divergences(a, b):
    n, m, k = a.sum(), b.sum(), len(a)
    p, q = a / n, b / m
    f, g = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
    pj, qj = (a + 0.5) / (n + 0.5 * k), (b + 0.5) / (m + 0.5 * k)
    return {
        "ref_counts": a.tolist(), "cur_counts": b.tolist(), "psi": np.sum((g - f) * np.log(g / f)),
        "psi_jeffreys": np.sum((qj - pj) * np.log(qj / pj)), "psi_null_mean": (k - 1) * (1 / n + 1 / m),
        "psi_null_q95": stats.chi2.ppf(0.95, k - 1) * (1 / n + 1 / m), "js_distance_base2": jensenshannon(p, q, base=2),
        "hellinger": np.sqrt(max(0, 1 - np.sum(np.sqrt(p * q)))),
    }


def missing(a, b, na, nb):
    pool = (a + b) / (na + nb)
    se = np.sqrt(pool * (1 - pool) * (1 / na + 1 / nb))
    return {"missing_ref": a / na, "missing_cur": b / nb, "missing_z": (b / nb - a / na) / se if se > 0 else 0.0}


def numeric(ref, cur):
    a, b = ref[~np.isnan(ref)], cur[~np.isnan(cur)]
    edges = np.unique(np.quantile(a, np.arange(1, 10) / 10, method="inverted_cdf"))
    count = lambda v: np.bincount(np.searchsorted(edges, v, side="left"), minlength=len(edges) + 1).astype(float)
    p, q = count(a), count(b)
    without = divergences(p, q)["psi"]
    ma, mb = len(ref) - len(a), len(cur) - len(b)
    if ma or mb:
        p, q = np.append(p, ma), np.append(q, mb)
    ks = stats.ks_2samp(a, b, method="asymp")
    w = stats.wasserstein_distance(a, b)
    return {
        "kind": "numeric", "edges": edges.tolist(), "missing_bin": bool(ma or mb), **divergences(p, q), "psi_excluding_missing": without,
        "ks_statistic": ks.statistic, "ks_p_asymptotic": ks.pvalue, "wasserstein": w, "wasserstein_over_ref_sd": w / a.std(),
        **missing(ma, mb, len(ref), len(cur)), "mean_ref": a.mean(), "mean_cur": b.mean(), "sd_ref_ddof0": a.std(),
    }


def categorical(ref, cur):
    levels = sorted(set(ref) | set(cur))
    p, q = (np.array([(v == l).sum() for l in levels], float) for v in (ref, cur))
    chi2, pvalue, dof, _ = stats.chi2_contingency(np.array([p, q]), correction=False)
    gap = np.abs(p / p.sum() - q / q.sum())
    return {
        "kind": "categorical", "levels": levels, **divergences(p, q), "chi2": chi2, "dof": dof, "p": pvalue,
        "cramers_v": stats.contingency.association(np.array([p, q]).astype(int), method="cramer"),
        "l_infinity": gap.max(), "total_variation": gap.sum() / 2,
    }


def drift(ref, cur, names):
    out = {k: categorical(ref[k], cur[k]) if ref[k].dtype.kind in "US" else numeric(ref[k], cur[k]) for k in names}
    q = stats.false_discovery_control([v.get("ks_p_asymptotic", v.get("p")) for v in out.values()])
    for v, q in zip(out.values(), q):
        v["bh_q"] = q
    return out


def regression(y, s):
    return {
        "ase": metrics.mean_squared_error(y, s), "rase": np.sqrt(metrics.mean_squared_error(y, s)),
        "mae": metrics.mean_absolute_error(y, s), "r2": metrics.r2_score(y, s), "bias": (s - y).mean(),
    }


def plain(v):
    if isinstance(v, dict):
        return {k: plain(w) for k, w in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(w) for w in v]
    return v.item() if isinstance(v, np.generic) else v


def kolmogorov():
    """Points of every region of the finite-n Kolmogorov law."""
    rows = []
    for n in [1, 2, 5, 10, 30, 100, 140, 141, 500, 5000, 40000, 250000, 500000]:
        for z in [0.3, 0.45, 0.6, 0.8, 0.9, 1.0, 1.3, 1.47, 1.6, 1.9, 2.3, 3.0, 4.5, 7.0, 12.0]:
            d = z / np.sqrt(n)
            if d < 1:
                rows.append([n, d, float(stats.kstwo.sf(d, n))])
        for t in [0.4, 0.8, 1.0, n - 0.5]:
            if 0 < t / n < 1:
                rows.append([n, t / n, float(stats.kstwo.sf(t / n, n))])
    return rows


def distributions():
    grid = []
    for dof in [1, 2, 5, 9, 10, 40, 400]:
        for x in [0.01, 0.5, 1, 3, 10, 50, 400]:
            grid.append(["chi2_sf", dof, x, float(stats.chi2.sf(x, dof))])
        grid.append(["chi2_quantile", dof, 0.95, float(stats.chi2.ppf(0.95, dof))])
        for x in [0.0, 0.1, 1, 2.5, 10, 60]:
            grid.append(["student_two_sided", dof, x, float(2 * stats.t.sf(x, dof))])
        for p in [0.6, 0.9, 0.975, 0.9999]:
            grid.append(["student_quantile", dof, p, float(stats.t.ppf(p, dof))])
    for p in [1e-12, 1e-3, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999999]:
        grid.append(["normal_quantile", 0, p, float(stats.norm.ppf(p))])
    for z in [0.0, 0.5, 1.96, 5, 20, -3]:
        grid.append(["normal_two_sided", 0, z, float(2 * stats.norm.sf(abs(z)))])
    return grid


def main():
    base, _ = draw(11, 1237, 0.0)
    near, _ = draw(12, 1000, 0.05)
    far, _ = draw(13, 1500, 0.8)
    names = ["x", "count", "heavy", "level", "group"]
    golden = {"made_with": VERSIONS, "kolmogorov": kolmogorov(), "distributions": distributions(), "periods": {}}
    for label, d in [("base", base), ("near", near), ("far", far)]:
        write(label, d)
        u = {k: d[k] for k in d}
        groups = {}
        for g in np.unique(d["group"]):
            at = (d["group"] == g) & ~np.isnan(d["y"]) & ~np.isnan(d["score"])
            y, s = d["y"][at], d["score"][at]
            tn, fp, fn, tp = metrics.confusion_matrix(y, s >= 0.5).ravel()
            groups[str(g)] = {"n_obs": int(at.sum()), "selection_rate": (tp + fp) / at.sum(), "tpr": tp / (tp + fn), "fpr": fp / (fp + tn),
                              "auc": metrics.roc_auc_score(y, s), "precision": tp / (tp + fp), "acc": (tp + tn) / at.sum()}
        spread = lambda k: max(v[k] for v in groups.values()) - min(v[k] for v in groups.values())
        golden["periods"][label] = {
            "performance": performance(d["y"], d["score"]), "weighted": performance(d["y"], d["score"], d["weight"]),
            "regression": regression(d["amount"], d["guess"]),
            "variables": drift(base, u, names), "score": numeric(base["score"], d["score"]),
            "fairness": {"groups": groups, "differences": {
                "demographic_parity": spread("selection_rate"), "predictive_parity": spread("precision"), "equal_accuracy": spread("acc"),
                "equal_opportunity": spread("tpr"), "equalized_odds": max(spread("tpr"), spread("fpr"))}},
        }
    write_ugly(ugly())
    golden["ugly"] = ugly_golden(ugly())
    (HERE / "golden.json").write_text(json.dumps(plain(golden), indent=1) + "\n")


if __name__ == "__main__":
    main()
