#!/usr/bin/env python3
"""Measures the latency of running workers as a client of its own: publishes references at a constant rate, and reads the times from SQL.

The latency of an image is the time from capturedAt, which is the moment of publishing, to the commit of its row; the server must have
track_commit_timestamp = on. Needs Debian's packages python3-pika and postgresql-client. Compare with the latency rows of `partsbench run`:
it measures a worker after at least 15 seconds of load, because code that is still being compiled takes longer.

  eval "$(deploy/services.sh env)"
  /usr/bin/python3 tests/peers/latency.py --images ~/.cache/partsworker-bench/images --rate 300 --seconds 15
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time
import uuid
from datetime import datetime, timezone

try:
    import pika
except ModuleNotFoundError:
    raise SystemExit("pika is missing: apt install python3-pika, and run with /usr/bin/python3")


def refuse(line):
    print(f"latency: {line}", file=sys.stderr)
    sys.exit(2)


def setting(name):
    return os.environ.get(name) or refuse(f'{name} is not set: eval "$(deploy/services.sh env)"')


def connect(rabbit):
    try:
        return pika.BlockingConnection(pika.URLParameters(rabbit))
    except (pika.exceptions.AMQPError, OSError, ValueError) as error:
        refuse(f"RabbitMQ cannot be reached with ConnectionStrings__RabbitMq: {error!r}")


def publish(connection, images, rate, seconds, line):
    channel = connection.channel()
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    started, cpu, count = time.perf_counter(), time.process_time(), int(rate * seconds)
    for number in range(count):
        early = number / rate - (time.perf_counter() - started)
        if early > 0.001:
            connection.sleep(early)
        body = {
            "imageId": str(uuid.uuid4()),
            "uri": images[number % len(images)].as_uri(),
            "line": line,
            "camera": "cam-1",
            "capturedAt": datetime.now(timezone.utc).isoformat(timespec="microseconds"),
        }
        channel.basic_publish("parts", f"image.live.{line}.cam-1", json.dumps(body), properties)
    share = (time.process_time() - cpu) / (time.perf_counter() - started)
    connection.close()
    return count, share


def conninfo(npgsql):
    """The connection string of the worker in the words of psql."""
    words = {"host": "host", "port": "port", "username": "user", "password": "password", "database": "dbname"}
    pairs = (pair.split("=", 1) for pair in npgsql.split(";") if "=" in pair)
    return " ".join(f"{words[key.strip().lower()]}='{value}'" for key, value in pairs if key.strip().lower() in words)


def ask(postgres, sql):
    try:
        done = subprocess.run(["psql", postgres, "-qtAX", "-F", " ", "-c", sql], capture_output=True, text=True)
    except FileNotFoundError:
        refuse("psql is missing: apt install postgresql-client")
    return done.stdout.split() if done.returncode == 0 else refuse(f"psql: {' '.join(done.stderr.split())}")


def check(given, images, postgres):
    if not 0 < given.rate < 1e6:
        refuse(f"--rate {given.rate:g}: must be more than 0")
    if not given.seconds > 0:
        refuse(f"--seconds {given.seconds:g}: must be more than 0")
    if not given.warm >= 0:
        refuse(f"--warm {given.warm:g}: must be 0 or more")
    if not images:
        refuse(f"--images {given.images}: the folder does not exist or contains no .jpg or .jpeg file")
    if ask(postgres, "SHOW track_commit_timestamp") != ["on"]:
        refuse("PostgreSQL has track_commit_timestamp = off: ALTER SYSTEM SET track_commit_timestamp = on, and restart it")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--images", type=pathlib.Path, required=True, help="folder of JPEG files that the workers may read")
    options.add_argument("--rate", type=float, required=True, help="images per second")
    options.add_argument("--seconds", type=float, default=15, help="length of the measurement")
    options.add_argument("--warm", type=float, default=15, help="seconds of the same load before it, which do not count; default: 15")
    options.add_argument("--postgres", help="connection string or URL for psql; default: ConnectionStrings__Postgres of the environment")
    given = options.parse_args()
    rabbit = setting("ConnectionStrings__RabbitMq")
    postgres = given.postgres or conninfo(setting("ConnectionStrings__Postgres"))
    images = sorted(file for file in given.images.resolve().glob("*") if file.suffix.lower() in (".jpg", ".jpeg"))
    check(given, images, postgres)
    line = f"outside-{uuid.uuid4().hex[:8]}"
    count, share = publish(connect(rabbit), images, given.rate, given.warm + given.seconds, line)
    deadline = time.monotonic() + 60
    while int(ask(postgres, f"SELECT count(*) FROM images WHERE line = '{line}'")[0]) < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"latency: not all of {count} images were stored within a minute")
        time.sleep(0.5)
    figures = ask(postgres, f"""
        WITH rows AS (
            SELECT captured_at, extract(epoch FROM pg_xact_commit_timestamp(xmin) - captured_at) * 1000 AS ms,
                   min(captured_at) OVER () + interval '{given.warm} s' AS warm
            FROM images WHERE line = '{line}')
        SELECT count(*), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::numeric, 1),
               round((percentile_cont(0.95) WITHIN GROUP (ORDER BY ms))::numeric, 1),
               round((percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::numeric, 1)
        FROM rows WHERE captured_at >= warm""")
    count, p50, p95, p99 = figures
    print(f"{count} images at {given.rate:g}/s: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms; this client used {share:.0%} of a core")


main()
