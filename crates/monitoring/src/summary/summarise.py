"""Counts where the data are what a performance report needs, and no more: how often each value of a column occurs in each
period, and how often each combination of outcome, score, weight and groups does. Counts add up, so whatever engine ran
this, the same report comes of them.

    spark-submit summarise.py --request request.json

Written are `columns` (period, column, text or number, count), `joint` (period, c0 …, count) and `summary`, one line of JSON
that says what they are. No row is written, and nothing is decided here: what a text means is decided by whoever reads it.
"""
import argparse
import csv
import json

from pyspark.sql import SparkSession, functions as F, types as T

DELIMITERS = ",;\t|"
# The mark of a line that says in no language why nothing was counted.
REFUSED = "countersign-refused "
NUMBERS = (T.ByteType, T.ShortType, T.IntegerType, T.LongType, T.FloatType, T.DoubleType, T.DecimalType)
BLANKS = r" \t\r\n\u000C"
SECONDS_PER_DAY = 86400.0


def refuse(text, name, **values):
    """Gives up: for programs by the name of a message and its values, for people who read the log in English."""
    print(REFUSED + json.dumps({"id": name, "values": values}), flush=True)
    raise SystemExit(text)


def sniffed(line):
    """The delimiter that splits the header into most fields, quotes respected; a comma where there is only one."""
    counts, quoted = dict.fromkeys(DELIMITERS, 0), False
    for character in line:
        quoted ^= character == '"'
        if character in counts and not quoted:
            counts[character] += 1
    return max(DELIMITERS, key=lambda d: (counts[d], -DELIMITERS.index(d))) if any(counts.values()) else ","


def present(column):
    """A text without the blanks around it; null where it stands for a missing value."""
    text = F.expr(f"trim(BOTH '{BLANKS}' FROM `{column}`)")
    return F.when((text == "") | (text == "."), None).otherwise(text)


def has_line_breaks(spark, path):
    """Whether a quoted cell goes over lines: a file without any is read in parallel."""
    odd = lambda line: line.count('"') % 2 == 1  # noqa: E731
    return not spark.sparkContext.textFile(path).filter(odd).isEmpty()


def of_csv(spark, path, delimiter):
    header = spark.sparkContext.textFile(path, 1).first().lstrip("\ufeff")
    delimiter = delimiter or sniffed(header)
    names = [name.strip() or f"column_{i + 1}" for i, name in enumerate(next(csv.reader([header], delimiter=delimiter)))]
    if len(set(names)) != len(names):
        refuse(f"`{path}`: two columns are called the same", "job-refused-twins", path=path)
    places = [f"c{i}" for i in range(len(names))]
    frame = spark.read.csv(
        path, schema=T.StructType([T.StructField(place, T.StringType()) for place in places]), sep=delimiter, header=True,
        quote='"', escape='"', mode="FAILFAST", enforceSchema=True, multiLine=has_line_breaks(spark, path),
    )
    fields = [{"name": name, "kind": "cell", "temporal": False} for name in names]
    return frame.select([present(place).alias(place) for place in places]), fields


def of_parquet(spark, path):
    frame = spark.read.option("recursiveFileLookup", True).parquet(path)
    columns, fields = [], []
    for field in frame.schema.fields:
        place, kind, name = f"c{len(columns)}", field.dataType, field.name.replace("`", "``")
        temporal = isinstance(kind, (T.DateType, T.TimestampType)) or kind.typeName() == "timestamp_ntz"
        if isinstance(kind, T.DateType):
            value = F.expr(f"cast(unix_date(`{name}`) as double)")
        elif temporal:
            value = F.expr(f"unix_micros(cast(`{name}` as timestamp)) / cast({SECONDS_PER_DAY * 1e6} as double)")
        elif isinstance(kind, NUMBERS):
            value = F.expr(f"cast(`{name}` as double)")
        elif isinstance(kind, (T.StringType, T.BooleanType)):
            value = F.expr(f"cast(`{name}` as string)")
        else:
            continue
        is_text = isinstance(kind, (T.StringType, T.BooleanType))
        columns.append(value.alias(place))
        fields.append({"name": field.name, "kind": "text" if is_text else "number", "temporal": temporal})
    frame = frame.select(columns)
    texts = {f"c{i}" for i, field in enumerate(fields) if field["kind"] == "text"}
    return frame.select([present(c).alias(c) if c in texts else F.col(c) for c in frame.columns]), fields


def opened(spark, source):
    if source["format"] == "parquet":
        return of_parquet(spark, source["path"])
    return of_csv(spark, source["path"], source.get("delimiter"))


def day(place, field):
    """The day of a time: stored as one, or written as people and SAS write them."""
    if field["temporal"]:
        return F.expr(f"date_add(date'1970-01-01', cast(floor({place}) as int))")
    if field["kind"] == "number":
        text = F.expr(f"cast(cast({place} as bigint) as string)")
    else:
        text = F.regexp_replace(F.col(place), r"^(\d{4})/(\d{2})/(\d{2})", "$1-$2-$3")
    zoned = text.rlike(r"^\d{4}-\d{2}-\d{2}[T ].*(Z|[+-]\d{2}:?\d{2})$")
    return F.coalesce(
        F.when(zoned, F.to_date(F.to_timestamp(text))),
        F.when(text.rlike(r"^\d{4}-\d{2}-\d{2}"), F.to_date(F.substring(text, 1, 10), "yyyy-MM-dd")),
        F.when(text.rlike(r"^\d{4}-\d{2}$"), F.to_date(F.concat(text, F.lit("-01")), "yyyy-MM-dd")),
        F.when(text.rlike(r"^\d{8}$"), F.to_date(text, "yyyyMMdd")),
        F.when(text.rlike(r"^\d{6}$"), F.to_date(F.concat(text, F.lit("01")), "yyyyMMdd")),
        F.when(text.rlike(r"^\d{4}$"), F.to_date(F.concat(text, F.lit("0101")), "yyyyMMdd")),
        F.when(text.rlike(r"^\d{2}[A-Za-z]{3}\d{4}"), F.to_date(F.initcap(F.substring(text, 1, 9)), "ddMMMyyyy")),
    )


def split(frame, fields, time, path):
    """The rows with the first day of their period; rows without a time belong to none."""
    at = next((i for i, field in enumerate(fields) if field["name"] == time["column"]), None)
    if at is None:
        column = time["column"]
        refuse(f"`{path}` has no column `{column}` (time)", "job-refused-no-time", path=path, column=column)
    place = f"c{at}"
    frame = frame.withColumn("day", day(place, fields[at]))
    bad = frame.where(F.col(place).isNotNull() & F.col("day").isNull()).select(place).first()
    if bad is not None:
        column, text = time["column"], str(bad[0])
        refuse(f"`{path}`, column `{column}`: `{text}` is not a date; write dates as 2026-01-31",
               "job-refused-no-date", path=path, column=column, text=text)
    untimed = frame.where(F.col("day").isNull()).count()
    start = F.date_format(F.date_trunc(time["period"], F.col("day")), "yyyy-MM-dd")
    return frame.where(F.col("day").isNotNull()).withColumn("period", start).drop("day"), untimed


def counted(spark, request, numbers, at, source):
    """Counts one file or folder; answers its rows without a time, and what it wrote."""
    time, together, output, untimed = request.get("time"), request["together"], request["output"], 0
    frame, fields = opened(spark, source)
    if time and not source["baseline"]:
        frame, untimed = split(frame, fields, time, source["path"])
    else:
        frame = frame.withColumn("period", F.lit(str(at)))
    frame = frame.withColumn("source", F.lit(at)).persist()
    joint = [i for i, field in enumerate(fields) if field["name"] in together]
    taken, wanted = set(together) | ({time["column"]} if time else set()), request["inputs"]
    alone = [i for i, field in enumerate(fields)
             if field["name"] not in taken and (wanted is None or field["name"] in wanted)]
    for i in alone:
        numbers.setdefault(fields[i]["name"], len(numbers))
    nothing = F.lit(None)
    if alone:
        entries = [
            F.struct(
                F.lit(numbers[fields[i]["name"]]).alias("column"),
                (nothing if fields[i]["kind"] == "number" else F.col(f"c{i}")).cast("string").alias("text"),
                (F.col(f"c{i}") if fields[i]["kind"] == "number" else nothing).cast("double").alias("number"),
            )
            for i in alone
        ]
        counts = (frame.select("source", "period", F.explode(F.array(*entries)).alias("e"))
                  .groupBy("source", "period", "e.column", "e.text", "e.number").count())
        (counts.repartition("source", "period", "column").sortWithinPartitions("source", "period", "column", "number", "text")
         .write.mode("append").partitionBy("source", "period", "column").parquet(f"{output}/columns"))
    counts = frame.groupBy("source", "period", *[f"c{i}" for i in joint]).count()
    (counts.repartition("source", "period").write.mode("append").partitionBy("source", "period").parquet(f"{output}/joint/{at}"))
    periods = [row[0] for row in frame.select("period").distinct().orderBy("period").collect()]
    frame.unpersist()
    kept = set(joint) | set(alone)
    return untimed, {
        "name": source["name"], "label": source["label"], "baseline": source["baseline"], "periods": periods,
        "fields": [dict(field, place=f"c{i}" if i in joint else None, column=None if i in joint else numbers[field["name"]])
                   for i, field in enumerate(fields) if i in kept],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--request", required=True)
    with open(parser.parse_args().request, encoding="utf-8") as file:
        request = json.load(file)
    settings = {
        "spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "false",
        "spark.sql.csv.parser.columnPruning.enabled": "false", "spark.sql.caseSensitive": "true",
    }
    builder = SparkSession.builder.appName("performance report")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    sources, untimed = [], 0
    numbers = {name: i for i, name in enumerate(request["inputs"] or [])}
    for at, source in enumerate(request["sources"]):
        try:
            without, described = counted(spark, request, numbers, at, source)
        except Exception as error:
            # The row itself is nobody's business here.
            if "MALFORMED_CSV_RECORD" in str(error):
                path = source["path"]
                refuse(f"`{path}` is damaged: a row has not as many fields as the header", "job-refused-ragged", path=path)
            raise
        untimed += without
        sources.append(described)
    summary = json.dumps({"form": 1, "sources": sources, "untimed": untimed})
    spark.sparkContext.parallelize([summary], 1).saveAsTextFile(request["output"] + "/summary")
    print(f"counted {len(sources)} sources")


if __name__ == "__main__":
    main()
