"""Trains the churn model that the configuration describes, judges it on test data, and saves it.

Every path comes from the configuration, so the same file runs on a laptop and on Dataproc:

    spark-submit train.py --configfile demo-config.yml

It writes the scored test data, the metrics and the fitted pipeline. Anything that goes wrong ends it with an error.
"""

import argparse

import yaml
from pyspark.ml import Pipeline
from pyspark.ml.classification import GBTClassifier, LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def read_configuration(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def start_session(configuration):
    builder = SparkSession.builder.appName(configuration["appName"])
    if configuration.get("master"):
        builder = builder.master(configuration["master"])
    return builder.getOrCreate()


def read_table(spark, path):
    if path.rstrip("/").endswith(".parquet"):
        return spark.read.parquet(path)
    return spark.read.csv(path, header=True, inferSchema=True)


def make_classifier(model, features):
    columns = {"featuresCol": features, "labelCol": model["labelCol"]}
    if model["method"] == "gbt":
        return GBTClassifier(
            maxDepth=model["maxDepth"], maxBins=model["maxBins"], maxIter=model["maxIter"], seed=model["seed"], **columns
        )
    if model["method"] == "logistic":
        return LogisticRegression(maxIter=model["maxIter"], **columns)
    raise ValueError(f"pipeline.model.method is {model['method']!r}; it must be 'gbt' or 'logistic'")


def make_pipeline(pipeline):
    variables, names = pipeline["variables"], pipeline["metadata"]
    indexer = StringIndexer(inputCols=variables["categoricals"], outputCols=names["index_names"], handleInvalid="keep")
    encoder = OneHotEncoder(inputCols=names["index_names"], outputCols=names["encoded_names"])
    numbers = VectorAssembler(inputCols=variables["numericals"], outputCol=names["vect_name"])
    features = VectorAssembler(inputCols=names["encoded_names"] + [names["vect_name"]], outputCol=names["feats_name"])
    return Pipeline(stages=[indexer, encoder, numbers, features, make_classifier(pipeline["model"], names["feats_name"])])


def share(part, whole):
    return part / whole if whole else 0.0


def measure(scored, label):
    """Metrics of predictions at the cutoff one half, and the area under the ROC curve."""
    counted = scored.groupBy(F.col(label).cast("int").alias("actual"), F.col("prediction").cast("int").alias("said")).count()
    counts = {(row["actual"], row["said"]): row["count"] for row in counted.collect()}
    tp, tn = counts.get((1, 1), 0), counts.get((0, 0), 0)
    fp, fn = counts.get((0, 1), 0), counts.get((1, 0), 0)
    precision, recall = share(tp, tp + fp), share(tp, tp + fn)
    return {
        "Accuracy": share(tp + tn, tp + tn + fp + fn),
        "Sensitivity": recall,
        "Specificity": share(tn, tn + fp),
        "Precision": precision,
        "Recall": recall,
        "F1": share(2 * precision * recall, precision + recall),
        "AUC": float(BinaryClassificationEvaluator(labelCol=label).evaluate(scored)),
        "TP": tp, "TN": tn, "FP": fp, "FN": fn,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configfile", required=True, help="the YAML configuration")
    configuration = read_configuration(parser.parse_args().configfile)
    data, pipeline, output = configuration["data"], configuration["pipeline"], configuration["output"]
    label = pipeline["model"]["labelCol"]

    spark = start_session(configuration["sparksession"])
    train = read_table(spark, data["train_datapath"]).cache()
    test = read_table(spark, data["test_datapath"])
    if output.get("showschema_train"):
        train.printSchema()
    print(f"training with {train.count()} customers from {data['train_datapath']}", flush=True)

    model = make_pipeline(pipeline).fit(train)
    scored = model.transform(test).cache()
    metrics = measure(scored, label)
    for name, value in metrics.items():
        print(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}", flush=True)

    kept = scored.withColumn("P_CHURN1", vector_to_array("probability")[1]).select(*output["columnschema_train"])
    kept.write.mode("overwrite").parquet(output["test_scored_path"])
    spark.createDataFrame([metrics]).coalesce(1).write.mode("overwrite").json(output["metrics_scored_path"])
    model.write().overwrite().save(output["pipeline_path"])
    print(f"saved the fitted pipeline to {output['pipeline_path']}", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
