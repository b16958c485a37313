#!/usr/bin/env python3
"""Measures the latency of running workers as a client of its own: publishes references at a constant rate, and waits for their rows.

The latency of an image is the time from capturedAt, which is the moment of publishing, until this client learns of the commit of its row
from a replication connection, which sends a commit after it is on disk. The commit time that PostgreSQL records lies before the write to
the disk, so its percentiles are smaller; they are printed as well. The server must have wal_level = logical, and the user must own the
tables and have the right to replicate. Needs Debian's packages python3-pika and python3-psycopg2. Compare with the latency rows of
`partsbench run`: it measures a worker after at least 15 seconds of load, because code that is still being compiled takes longer.

  eval "$(deploy/services.sh env)"
  /usr/bin/python3 tests/peers/latency.py --images ~/.cache/partsworker-bench/images --rate 300 --seconds 15
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import select
import struct
import sys
import time
import uuid
from datetime import datetime, timezone

try:
    import pika
    import psycopg2
    from psycopg2.extras import LogicalReplicationConnection
except ModuleNotFoundError as error:
    raise SystemExit(f"{error.name} is missing: apt install python3-{error.name}, and run with /usr/bin/python3")

# PostgreSQL counts microseconds from here.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=timezone.utc).timestamp()
TIME_LIMIT = 60


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


def publish(connection, images, rate, count, line):
    """Returns the share of a core that publishing used."""
    channel = connection.channel()
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    started, cpu = time.perf_counter(), time.process_time()
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
    return share


def conninfo(npgsql):
    """The connection string of the worker in the words of libpq."""
    words = {"host": "host", "port": "port", "username": "user", "password": "password", "database": "dbname"}
    pairs = (pair.split("=", 1) for pair in npgsql.split(";") if "=" in pair)
    return " ".join(f"{words[key.strip().lower()]}='{value}'" for key, value in pairs if key.strip().lower() in words)


def moment(data):
    return struct.unpack(">q", data)[0] / 1e6 + POSTGRES_EPOCH


def read_commits(cursor, count, deadline):
    """Capture time, recorded commit time and time of arrival of each row, from the messages of PostgreSQL's pgoutput."""
    found, rows, recorded = [], [], 0
    while len(found) < count and time.monotonic() < deadline:
        message = cursor.read_message()
        if message is None:
            select.select([cursor], [], [], 1)
            continue
        kind, data = message.payload[:1], message.payload
        if kind == b"B":
            recorded = moment(data[9:17])
        elif kind == b"I":
            # The only column of the publication is captured_at, in binary: the last 8 bytes.
            rows.append(moment(data[-8:]))
        elif kind == b"C":
            now = time.time()
            found += [(captured, recorded, now) for captured in rows]
            rows = []
    return found


def listen(postgres, name, count, seconds, pipe):
    """Runs in a process of its own, so that publishing does not delay it. Sends True, then the commits and its share of a core."""
    connection = psycopg2.connect(postgres, connection_factory=LogicalReplicationConnection)
    cursor = connection.cursor()
    cursor.execute(f"CREATE_REPLICATION_SLOT {name} TEMPORARY LOGICAL pgoutput")
    options = {"proto_version": "1", "publication_names": name, "binary": "true"}
    cursor.start_replication(slot_name=name, options=options)
    pipe.send(True)
    started, cpu = time.monotonic(), time.process_time()
    found = read_commits(cursor, count, started + seconds)
    pipe.send((found, (time.process_time() - cpu) / (time.monotonic() - started)))


def percentiles(milliseconds):
    ordered = sorted(milliseconds)
    return ", ".join(f"p{p} {ordered[min(len(ordered) - 1, len(ordered) * p // 100)]:.1f} ms" for p in (50, 95, 99))


def check(given, images, database):
    if not 0 < given.rate < 1e6:
        refuse(f"--rate {given.rate:g}: must be more than 0")
    if not given.seconds > 0:
        refuse(f"--seconds {given.seconds:g}: must be more than 0")
    if not given.warm >= 0:
        refuse(f"--warm {given.warm:g}: must be 0 or more")
    if not images:
        refuse(f"--images {given.images}: the folder does not exist or contains no .jpg or .jpeg file")
    database.execute("SHOW wal_level")
    if database.fetchone() != ("logical",):
        refuse("PostgreSQL does not have wal_level = logical: ALTER SYSTEM SET wal_level = logical, and restart it")


def measure(given, images, rabbit, postgres, database):
    line = f"outside-{uuid.uuid4().hex[:8]}"
    name, count = line.replace("-", "_"), int(given.rate * (given.warm + given.seconds))
    database.execute(f"""
        CREATE PUBLICATION {name} FOR TABLE images (captured_at) WHERE (line = '{line}')
        WITH (publish = 'insert', publish_via_partition_root)""")
    pipe, end = multiprocessing.Pipe()
    seconds = given.warm + given.seconds + TIME_LIMIT
    listener = multiprocessing.Process(target=listen, args=(postgres, name, count, seconds, end), daemon=True)
    try:
        listener.start()
        end.close()
        pipe.recv()
        share = publish(connect(rabbit), images, given.rate, count, line)
        found, listening = pipe.recv()
    except EOFError:
        refuse("the replication connection ended; its reason is above")
    finally:
        listener.join(5)
        database.execute(f"DROP PUBLICATION {name}")
    if len(found) < count:
        raise SystemExit(f"latency: {len(found)} of {count} images were stored within {seconds:g} s; are workers running?")
    warm = min(captured for captured, _, _ in found) + given.warm
    found = [row for row in found if row[0] >= warm]
    print(
        f"{len(found)} images at {given.rate:g}/s: {percentiles([(known - captured) * 1000 for captured, _, known in found])}; "
        f"to the recorded commit time: {percentiles([(recorded - captured) * 1000 for captured, recorded, _ in found])}; "
        f"publishing used {share:.0%} of a core, listening {listening:.0%}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--images", type=pathlib.Path, required=True, help="folder of JPEG files that the workers may read")
    options.add_argument("--rate", type=float, required=True, help="images per second")
    options.add_argument("--seconds", type=float, default=15, help="length of the measurement")
    options.add_argument("--warm", type=float, default=15, help="seconds of the same load before it, which do not count; default: 15")
    options.add_argument("--postgres", help="connection string or URL of libpq; default: ConnectionStrings__Postgres of the environment")
    given = options.parse_args()
    rabbit = setting("ConnectionStrings__RabbitMq")
    postgres = given.postgres or conninfo(setting("ConnectionStrings__Postgres"))
    images = sorted(file for file in given.images.resolve().glob("*") if file.suffix.lower() in (".jpg", ".jpeg"))
    try:
        connection = psycopg2.connect(postgres)
        connection.autocommit = True
        with connection.cursor() as database:
            check(given, images, database)
            measure(given, images, rabbit, postgres, database)
    except psycopg2.Error as error:
        refuse(f"PostgreSQL: {' '.join(str(error).split())}")


main()
