"""Scores customers with the pipeline that train.py fitted.

Every path comes from the configuration:

    spark-submit score.py --configfile demo-config.yml

It writes one row a customer, with the names that outputVar.json promises. Anything that goes wrong ends it with an error.
"""

import argparse

import yaml
from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def read_table(spark, path):
    if path.rstrip("/").endswith(".parquet"):
        return spark.read.parquet(path)
    return spark.read.csv(path, header=True, inferSchema=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configfile", required=True, help="the YAML configuration")
    with open(parser.parse_args().configfile, encoding="utf-8") as file:
        configuration = yaml.safe_load(file)
    session, data, output = configuration["sparksession"], configuration["data"], configuration["output"]

    builder = SparkSession.builder.appName(session["appName"])
    if session.get("master"):
        builder = builder.master(session["master"])
    spark = builder.getOrCreate()
    customers = read_table(spark, data["datatoscore_path"])
    if output.get("showschema_score"):
        customers.printSchema()

    model = PipelineModel.load(output["pipeline_path"])
    probability = vector_to_array("probability")
    scored = (
        model.transform(customers)
        .withColumn("P_CHURN0", probability[0])
        .withColumn("P_CHURN1", probability[1])
        .withColumn("EM_EVENTPROBABILITY", probability[1])
        .withColumn("EM_CLASSIFICATION", F.col("prediction").cast("int").cast("string"))
        .select(*output["columnschema_score"])
    )
    scored.write.mode("overwrite").parquet(output["datascored_path"])
    written = spark.read.parquet(output["datascored_path"]).count()
    if written != customers.count():
        raise RuntimeError(f"{written} rows were written for {customers.count()} customers")
    print(f"scored {written} customers into {output['datascored_path']}", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
