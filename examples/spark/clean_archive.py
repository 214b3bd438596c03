"""Corrects an archive with kanwu on Apache Spark.

Every partition runs one `kanwu stream`: paths go in and corrected texts come out as JSON lines, in
order. A record kanwu cannot read is a row with an error; a kanwu that dies fails its partition,
which Spark runs again.

    clean_archive.py ARCHIVE OUT --kanwu KANWU [--index FILE] [--partitions N]

OUT gets `rows`, a Parquet table with a row for each file, and `tree`, the corrected files.
"""

import argparse
import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path

import pandas as pd
from pyspark import TaskContext
from pyspark.sql import SparkSession

ROWS = "path string, text string, applied long, suggestions string, error string"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kanwu", default="kanwu", help="the program")
    parser.add_argument("--index", help="what `kanwu index` has counted of the archive")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--option", action="append", default=[], help="handed on to kanwu stream")
    parser.add_argument("--lose", type=int, help="kill the kanwu of this partition once, as a test")
    args = parser.parse_args()

    # In local mode a task may fail three times before the job does.
    spark = SparkSession.builder.master("local[2,4]").appName("kanwu").getOrCreate()
    archive = args.archive.resolve()
    paths = sorted(str(p.relative_to(archive)) for p in archive.rglob("*.txt"))
    command = [args.kanwu, "stream", "--quiet", "--jobs", "1", *args.option]
    if args.index:
        command += ["--index", str(Path(args.index).resolve())]

    table = spark.createDataFrame([(path,) for path in paths], "path string")
    table = table.repartition(args.partitions)
    rows = table.mapInPandas(cleaner(command, archive, args.lose), ROWS)
    rows.write.mode("overwrite").parquet(str(args.out / "rows"))

    rows = spark.read.parquet(str(args.out / "rows"))
    rows.foreachPartition(writer((args.out / "tree").resolve()))
    failed = rows.where("error is not null").count()
    print(f"{rows.count()} files, {failed} failed")
    spark.stop()


def cleaner(command, archive, lose):
    """What a partition does: frames of paths in, frames of corrected texts out."""

    def clean(frames):
        kanwu = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        task = TaskContext.get()
        if task.partitionId() == lose and task.attemptNumber() == 0:
            kanwu.kill()
        # Answers are read while questions are written: neither side waits for ever. kanwu reads no
        # further than its window, so a large partition is never held in memory.
        thread = threading.Thread(target=ask, args=(kanwu.stdin, frames, archive), daemon=True)
        thread.start()
        batch = []
        for line in kanwu.stdout:
            batch.append(row(json.loads(line)))
            if len(batch) == 64:
                yield frame(batch)
                batch = []
        thread.join()
        if kanwu.wait() != 0:
            raise RuntimeError(f"kanwu ended with {kanwu.returncode}")
        yield frame(batch)

    return clean


def ask(stdin, frames, archive):
    try:
        with stdin:
            for paths in frames:
                for path in paths["path"]:
                    question = {"id": path, "path": str(archive / path)}
                    stdin.write(json.dumps(question).encode() + b"\n")
    except BrokenPipeError:
        pass  # kanwu is gone; its exit status fails the partition


def row(answer):
    if "error" in answer:
        return (answer["id"], None, None, None, answer["error"]["message"])
    suggestions = json.dumps(answer["suggestions"], ensure_ascii=False)
    return (answer["id"], answer["text"], answer["applied"], suggestions, None)


def frame(rows):
    columns = [column.split()[0] for column in ROWS.split(", ")]
    return pd.DataFrame(rows, columns=columns).astype({"applied": "Int64"})


def writer(tree):
    """Writes the texts of a partition; a file is there whole or not at all."""

    def write(rows):
        for row in rows:
            if row.text is None:
                continue
            target = tree / row.path
            target.parent.mkdir(parents=True, exist_ok=True)
            draft, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(draft, "wb") as file:
                file.write(row.text.encode())
            os.chmod(name, 0o644)
            os.replace(name, target)

    return write


if __name__ == "__main__":
    main()
